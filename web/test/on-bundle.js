/** Gives tests the bundle where they ask for the SDK. */
import { register } from 'node:module';

const built = { '../sdk/index.js': '../dist/ringdown.js', '../sdk/navigator.js': '../dist/ringdown-menus.js', '../sdk/pre-call.js': '../dist/ringdown-test.js' };
const hook = `const built = ${JSON.stringify(built)}; export const resolve = (name, context, next) => next(built[name] ?? name, context);`;

if (process.execArgv.includes('--import')) {
  register(`data:text/javascript,${encodeURIComponent(hook)}`);
}
