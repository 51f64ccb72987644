import { defineConfig } from 'vite';

/** The command line program as readable files for the pinned Node; the packages stay in node_modules. */
export default defineConfig({
  build: {
    ssr: true,
    outDir: 'out',
    target: 'node24',
    minify: false,
    sourcemap: true,
    rolldownOptions: {
      input: { ubad: 'src-main/cli.ts', 'training-thread': 'src-main/training-thread.ts' },
      output: { format: 'es', entryFileNames: '[name].mjs', chunkFileNames: 'part-[name].mjs' },
    },
  },
});
