/** Gives tests the bundle where they ask for the SDK. */
import { register } from 'node:module';

const hook = `export const resolve = (name, context, next) => next(name === '../sdk/index.js' ? '../dist/ringdown.js' : name, context);`;

if (process.execArgv.includes('--import')) {
  register(`data:text/javascript,${encodeURIComponent(hook)}`);
}
