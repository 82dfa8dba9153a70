import { svelte } from '@sveltejs/vite-plugin-svelte'
import { join, resolve } from 'node:path'
import { build } from 'vite'
import { galleryPages } from './shown.ts'

const page = resolve(import.meta.dirname, '../../renderer/gallery')

/** The page with the failures, as files by their address: built in memory from the components that the application has. */
export async function buildGallery(): Promise<ReadonlyMap<string, string>> {
  const built = await build({
    root: page,
    base: '/gallery/',
    configFile: false,
    logLevel: 'silent',
    plugins: [svelte({ configFile: resolve(import.meta.dirname, '../../../svelte.config.js') })],
    define: { FAILURE_PAGES: JSON.stringify(galleryPages()) },
    build: {
      write: false,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rollupOptions: { input: join(page, 'index.html') }
    }
  })
  const outputs = (Array.isArray(built) ? built : [built]).flatMap((one) => ('output' in one ? one.output : []))
  return new Map(
    outputs.map((file) => [
      `/gallery/${file.fileName}`,
      file.type === 'chunk' ? file.code : typeof file.source === 'string' ? file.source : Buffer.from(file.source).toString()
    ])
  )
}
