import { existsSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';

import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

/** Packages are bundled in, so that the program is whole without node_modules; the optional engines are asked for at run time, and lie beside. */
const ssr = { noExternal: true };

/** Licences stay; what explains the code is in the sources. */
const comments = { legal: true, annotation: false, jsdoc: false };

/** Readable files for the Node that runs them. */
const common = { ssr: true, outDir: 'out', target: 'node24', minify: false, sourcemap: true, emptyOutDir: false };

/** The command line program, and what it starts of a fleet: they share the engine, and only the fleet's own parts know NATS. */
const cli = defineConfig({
  ssr,
  build: {
    ...common,
    emptyOutDir: true,
    rolldownOptions: {
      input: {
        ubad: 'src-main/cli.ts',
        fleet: 'src-main/cli/fleet/program.ts',
        'fleet-partition': 'src-main/fleet-partition.ts',
      },
      output: { format: 'es', entryFileNames: '[name].mjs', chunkFileNames: 'part-[name].mjs', comments },
    },
  },
});

/**
 * A program in one file: what Electron starts from inside of a packed application finds no other part there for sure, and
 * nothing that two of them share can bring a model to the main process.
 *
 * @param {string} entry its path in src-main/, without the ending; the file is named as it is
 * @param {'mjs' | 'cjs'} [ending] a sandboxed preload script can be nothing but CommonJS
 */
const inOneFile = (entry, ending = 'mjs') => {
  const name = basename(entry);
  return defineConfig({
    ssr,
    build: {
      ...common,
      rolldownOptions: {
        input: { [name]: `src-main/${entry}.ts` },
        external: ['electron'],
        output: {
          format: ending === 'mjs' ? 'es' : 'cjs',
          entryFileNames: `[name].${ending}`,
          codeSplitting: false,
          comments,
        },
      },
    },
  });
};

/**
 * A page. Nothing is written into it: its policy allows neither scripts nor styles in the page.
 *
 * @param {string} html in src-renderer/
 * @param {string} folder of out/: one for each, so that the desktop's holds nothing of a fleet
 */
const pageOf = (html, folder) =>
  defineConfig({
    plugins: [svelte()],
    root: 'src-renderer',
    base: './',
    build: {
      outDir: `../out/${folder}`,
      emptyOutDir: true,
      target: 'chrome140',
      sourcemap: false,
      modulePreload: false,
      assetsInlineLimit: 0,
      cssCodeSplit: false,
      rolldownOptions: { input: `src-renderer/${html}`, output: { codeSplitting: false } },
    },
  });
const page = pageOf('index.html', 'window');
const fleetPage = pageOf('fleet.html', 'fleet-window');

/** A plain script, which runs before the page's own modules do. */
const bridgeWeb = defineConfig({
  build: {
    outDir: 'out',
    target: 'es2023',
    minify: false,
    sourcemap: false,
    emptyOutDir: false,
    rolldownOptions: {
      input: { 'bridge-web': 'src-renderer/bridge-web.ts' },
      output: { format: 'iife', entryFileNames: '[name].js', codeSplitting: false },
    },
  },
});

/**
 * An optional package in one file, for who has no node_modules, and the WebAssembly that it reads beside itself. Nothing where the
 * package is not installed.
 *
 * @param {string} name of the file
 * @param {string} entry
 * @param {readonly string[]} binaries
 */
const engine = (name, entry, binaries) =>
  binaries.every((file) => existsSync(file))
    ? [
        defineConfig({
          ssr,
          resolve: { alias: { 'node-fetch': resolve('src-main/math/shipped/no-fetch.ts') } },
          plugins: [
            {
              name: 'binaries-beside',
              generateBundle() {
                for (const file of binaries)
                  this.emitFile({ type: 'asset', fileName: basename(file), source: readFileSync(file) });
              },
            },
          ],
          build: {
            ...common,
            outDir: 'out/engines',
            minify: true,
            sourcemap: false,
            rolldownOptions: {
              input: { [name]: entry },
              output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false, comments },
            },
          },
        }),
      ]
    : [];

const wasm = 'node_modules/@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm';
const engines = [
  ...engine('tensorflow', 'src-main/math/shipped/tensorflow.ts', [`${wasm}.wasm`, `${wasm}-simd.wasm`]),
  ...engine('libsvm-js', 'node_modules/libsvm-js/wasm.js', ['node_modules/libsvm-js/out/wasm/libsvm.wasm']),
];

/** In this order: the first empties out/. */
export const builds = [
  ...[cli, inOneFile('training/training-thread'), inOneFile('worker'), inOneFile('main')],
  ...[inOneFile('preload', 'cjs'), ...engines, bridgeWeb, page, fleetPage],
];

export default cli;
