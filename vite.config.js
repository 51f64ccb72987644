import { defineConfig } from 'vite';

/** Readable files for the Node that runs them; the packages stay in node_modules. */
const common = { outDir: 'out', target: 'node24', minify: false, sourcemap: true, emptyOutDir: false };

/** The command line program, the worker and the threads it trains in. */
const programs = defineConfig({
  build: {
    ...{ ...common, ssr: true, emptyOutDir: true },
    rolldownOptions: {
      input: {
        ubad: 'src-main/cli.ts',
        worker: 'src-main/worker.ts',
        'training-thread': 'src-main/training-thread.ts',
      },
      output: { format: 'es', entryFileNames: '[name].mjs', chunkFileNames: 'part-[name].mjs' },
    },
  },
});

/** Electron's main process: apart from the others, so that no part that they share brings it a model. */
const main = defineConfig({
  build: {
    ...{ ...common, ssr: true },
    rolldownOptions: {
      input: { main: 'src-main/main.ts' },
      external: ['electron'],
      output: { format: 'es', entryFileNames: '[name].mjs', chunkFileNames: 'main-[name].mjs' },
    },
  },
});

/** One CommonJS file: a sandboxed preload script can be nothing else. */
const preload = defineConfig({
  build: {
    ...{ ...common, ssr: true, sourcemap: false },
    rolldownOptions: {
      input: { preload: 'src-main/preload.ts' },
      external: ['electron'],
      output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
    },
  },
});

/** In this order: the first empties out/. */
export const builds = [programs, main, preload];

export default programs;
