/** Makes dist/ringdown.js: `npm run build`. */
import { build } from 'esbuild';
import { mkdir, writeFile } from 'node:fs/promises';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';

const here = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url));

/** @returns {Promise<Uint8Array>} the bundle that the sources give */
export async function bundle() {
  const { outputFiles } = await build({
    absWorkingDir: here('.'),
    entryPoints: ['bundle.js'],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    minify: true,
    write: false,
    banner: { js: '/*! Ringdown, Apache-2.0 */' },
  });
  return outputFiles[0].contents;
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  await mkdir(here('dist'), { recursive: true });
  await writeFile(here('dist/ringdown.js'), await bundle());
}
