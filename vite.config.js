import { defineConfig } from 'vite';

/** The command line program as one readable file for the pinned Node; the packages stay in node_modules. */
export default defineConfig({
  build: {
    ssr: 'src-main/cli.ts',
    outDir: 'out',
    target: 'node24',
    minify: false,
    sourcemap: true,
    rolldownOptions: { output: { format: 'es', entryFileNames: 'ubad.mjs', chunkFileNames: '[name].mjs' } },
  },
});
