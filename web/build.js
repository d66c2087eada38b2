/** Makes dist/ringdown.js: `npm run build`. */
import { build } from 'esbuild';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';

const here = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url));

/**
 * Properties that modules of ours share and nobody else sees: no page, no browser and no gateway, so that they may be shorter in the
 * bundle. The tests of the SDK are run against the bundle too.
 */
const OURS = `
  signalingRestored signalingLost networkChanged prepareOffer offerAnotherPath renewPath takeMicrophone replaceMicrophone
  microphoneLost rememberable withdraw hush doubt probe greeted pingDue beginAgain inward onSample onIce onAttempt onHeard
  onState onAnswered onListening onPressed nextWakeup silenceMillis timeoutMillis gapMillis giveUp gaveUp byRtp byMessage
  outcome waiters givenUp refusal overAt reached cutShort begun silentTrack takePlayer putBack playBriefly quiet
  frequenciesHertz modulationHertz maySignIn inUse doubtful shownAgain timedOut renewable owned awaits authorized
  telephoneEvent waits still broken prefer welcomed dead
`;

/** Modules that few pages need, whose size all would pay for: in the bundle, what calls them throws `left-out`. */
const LEFT_OUT = ['navigation.js', 'navigator.js', 'pre-call.js'];

/** @type {import('esbuild').Plugin} */
const leaveOut = {
  name: 'leave-out',
  setup: ({ onLoad }) => onLoad({ filter: new RegExp(`/sdk/(${LEFT_OUT.join('|')})$`) }, async ({ path }) => {
    const names = [...(await readFile(path, 'utf8')).matchAll(/^export (?:async )?(?:class|const|function) (\w+)/gm)].map(([, name]) => `leftOut as ${name}`);
    return {
      contents: `import { RingdownError } from './errors.js';
        function leftOut() { throw new RingdownError('left-out'); }
        export { ${names.join(', ')} };`,
    };
  }),
};

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
    mangleProps: new RegExp(`^(?:${OURS.trim().split(/\s+/).join('|')})$`),
    write: false,
    plugins: [leaveOut],
    banner: { js: '/*! Ringdown, Apache-2.0 */' },
  });
  return outputFiles[0].contents;
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  await mkdir(here('dist'), { recursive: true });
  await writeFile(here('dist/ringdown.js'), await bundle());
}
