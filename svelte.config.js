import { vitePreprocess } from '@sveltejs/vite-plugin-svelte'

export default {
  preprocess: vitePreprocess(),
  // Runes everywhere: no stores, no `export let` (style.md 5).
  compilerOptions: { runes: true }
}
