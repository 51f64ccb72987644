/** What of TensorFlow.js a package ships in one file beside the program (vite.config.js): both halves on one core. */
export * from '@tensorflow/tfjs';
export { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
