/** Makes what lies in dist: `npm run build`. */
import { build } from 'esbuild';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';

const here = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url));

/** Parts that few pages need, and what each is called beside ringdown.js: the browser loads it when it is asked for. */
const LATER = { 'navigator.js': 'ringdown-menus.js', 'pre-call.js': 'ringdown-test.js' };

/** What these share with ringdown.js, which gives it to them. */
const SHARED = {
  'advice.js': ['adviceOn'],
  'e-model.js': ['CONTENT_MOS', 'ENDS_MILLIS', 'UNHAPPY_MOS', 'mosOf'],
  'errors.js': ['RingdownError', 'entryOf'],
  'leg.js': ['Leg'],
  'microphone.js': ['openMicrophone', 'release'],
};

/**
 * Properties that modules of ours share and nobody else sees: no page, no browser and no gateway, so that they may be shorter in the
 * bundle. The tests of the SDK are run against the bundle too.
 */
const OURS = `
  signalingRestored signalingLost networkChanged prepareOffer offerAnotherPath renewPath takeMicrophone replaceMicrophone
  microphoneLost rememberable withdraw hush doubt probe greeted pingDue beginAgain inward onSample onIce onAttempt onHeard
  onState onAnswered onListening onPressed nextWakeup silenceMillis timeoutMillis gapMillis giveUp gaveUp byRtp byMessage
  outcome wanted waiters givenUp refusal overAt reached cutShort begun silentTrack takePlayer putBack playBriefly quiet
  frequenciesHertz modulationHertz maySignIn inUse doubtful shownAgain timedOut renewable owned awaits authorized
  telephoneEvent waits still broken prefer welcomed dead reportedAt remoteLost remoteJitterMillis looked rerouted playbackBlocked replaced onQuality ownLevel remember possible
`;

/** @param {{from: Record<string, unknown>, to: (name: string) => string, kind?: string}} rule @returns {import('esbuild').Plugin} */
const elsewhere = ({ from, to, kind }) => ({
  name: 'elsewhere',
  setup: ({ onResolve }) => onResolve({ filter: /^\.\/[\w-]+\.js$/ }, ({ path, kind: found, importer }) =>
    /[\\/]sdk[\\/]/.test(importer) && Object.hasOwn(from, basename(path)) && (!kind || kind === found)
      ? { path: to(basename(path)), external: true } : undefined),
});

/**
 * @param {import('esbuild').BuildOptions} options
 * @param {Record<string, string | false>} [mangleCache] of the files that this one has to fit
 */
async function one(options, mangleCache) {
  const { outputFiles = [], mangleCache: names } = await build({
    absWorkingDir: here('.'),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    minify: true,
    mangleProps: new RegExp(`^(?:${OURS.trim().split(/\s+/).join('|')})$`),
    mangleCache,
    write: false,
    banner: { js: '/*! Ringdown, Apache-2.0 */' },
    ...options,
  });
  return { contents: outputFiles[0].contents, names };
}

/** @returns {Promise<Record<string, Uint8Array>>} the files of dist, as the sources give them */
export async function bundle() {
  const shared = Object.entries(SHARED).map(([module, names]) => `export { ${names.join(', ')} } from './sdk/${module}';`);
  const later = elsewhere({ from: LATER, to: (name) => `./${LATER[/** @type {keyof typeof LATER} */ (name)]}`, kind: 'dynamic-import' });
  const entry = { contents: ["export * from './bundle.js';", ...shared].join('\n'), resolveDir: here('.') };
  const main = await one({ stdin: entry, plugins: [later] }, {});
  /** @type {Record<string, Uint8Array>} */
  const files = { 'ringdown.js': main.contents };
  let { names } = main;
  for (const [module, name] of Object.entries(LATER)) {
    const part = await one({ entryPoints: [`sdk/${module}`], plugins: [elsewhere({ from: SHARED, to: () => './ringdown.js' })] }, names);
    files[name] = part.contents;
    names = part.names;
  }
  return files;
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  await mkdir(here('dist'), { recursive: true });
  for (const [name, contents] of Object.entries(await bundle())) {
    await writeFile(here(`dist/${name}`), contents);
  }
}
