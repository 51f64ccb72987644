/** Before files of tests that run beside each other: what they all run is built once. */
export { ensureBuilt as default } from './desktop/app/build.ts';
