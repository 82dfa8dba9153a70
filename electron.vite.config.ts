import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'electron-vite'
import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Plugin } from 'vite'

const source = (path: string) => resolve(import.meta.dirname, 'src', path)

/** Lists the pages with their hashes: the shells serve what is listed, as it was built, and nothing else (src/main/shell/pages.ts). */
const listPages: Plugin = {
  name: 'attune-list-pages',
  async writeBundle({ dir = '' }, bundle) {
    const names = Object.keys(bundle)
      .filter((name) => !name.endsWith('.map'))
      .sort()
    const list: Record<string, string> = {}
    for (const name of names)
      list[`/${name}`] = createHash('sha256')
        .update(await readFile(join(dir, name)))
        .digest('hex')
    await writeFile(join(dir, 'pages.json'), `${JSON.stringify(list, null, 2)}\n`)
  }
}

/** What every trainer or the application itself loads at its start, some 480 files of it: bundled, they take less time than finding each of them does. */
const bundled = ['zod', 'yaml', '@bufbuild/protobuf', 'kysely']

// Other dependencies of main stay outside the bundles (electron-vite's default): native modules and the runtime are loaded from node_modules.
export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      sourcemap: true,
      externalizeDeps: { exclude: bundled },
      rollupOptions: {
        input: {
          index: source('main/index.ts'),
          cli: source('main/cli.ts'),
          trainer: source('main/worker/trainer.ts'),
          documents: source('main/data/documents/reader-thread.ts')
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' }
      }
    }
  },
  preload: {
    build: {
      outDir: 'out/preload',
      rollupOptions: {
        input: { index: source('preload/index.ts') },
        // A sandboxed preload is CommonJS.
        output: { format: 'cjs', entryFileNames: '[name].cjs' }
      }
    }
  },
  renderer: {
    root: source('renderer'),
    plugins: [svelte({ configFile: resolve(import.meta.dirname, 'svelte.config.js') }), listPages],
    build: {
      outDir: resolve(import.meta.dirname, 'out/renderer'),
      minify: true,
      // Inlined files would be `data:` addresses, which the page's policy refuses.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rollupOptions: { input: source('renderer/index.html') }
    }
  }
})
