import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

/** Runes everywhere; styles go to a file, because the page's policy allows no style in it. */
export default { preprocess: vitePreprocess({ script: true }), compilerOptions: { runes: true } };
