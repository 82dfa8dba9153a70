import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'electron-vite'
import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { isBuiltin } from 'node:module'
import { isAbsolute, join, resolve } from 'node:path'
import { normalizePath, type Plugin, type Rolldown } from 'vite'

type Modules = Pick<Rolldown.PluginContext, 'getModuleInfo'>

/** What a module imports, directly or through others: modules with itself among them, and packages outside the bundles. */
interface Needs {
  readonly modules: ReadonlySet<string>
  readonly packages: readonly string[]
}

/** As the bundler names it. */
const source = (path: string) => normalizePath(resolve(import.meta.dirname, 'src', path))

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

const tasks = (...names: readonly string[]): readonly string[] => names.map((name) => source(`main/worker/${name}.ts`))

/** What is loaded together: modules that the same ones of these starts need. */
const starts: Readonly<Record<string, readonly string[]>> = {
  command: ['cli.ts', 'cli/run-task.ts', 'cli/screen.ts', 'shell/data-folder.ts'].map((name) => source(`main/${name}`)),
  results: ['cli/results.ts', 'report/stored-report.ts', 'report/terminal.ts'].map((name) => source(`main/${name}`)),
  asking: [source('main/cli/export-task.ts')],
  trainer: [...tasks('trainer', 'perform-training', 'adapter-start'), source('main/config/locate.ts')],
  looking: [
    ...['datasets/report', 'datasets/finding-rows', 'intake/laying'].map((name) => source(`main/data/${name}.ts`)),
    ...tasks('measure-lengths', 'order-texts', 'scrutiny/scrutinise', 'look/look-at-data', 'adapter-look', 'compare-runs'),
    ...tasks('save-answers', 'save-marks')
  ],
  learning: tasks(
    ...['device-choice', 'thread-choice', 'run-runtime', 'purpose-conflict'],
    ...['train-run', 'plan-run', 'probe-run', 'profile-run']
  ),
  answering: tasks(
    ...['answering-model', 'trained-run', 'predict-run', 'use-run', 'use-marks', 'asked-table', 'serve-model', 'keep-models'],
    ...['passages-in-texts', 'attribute-run', 'deidentify-run', 'personal-rows']
  ),
  exporting: tasks('export-run', 'exportable-forms', 'verify-pack', 'evaluate-run', 'exported-model', 'exported-onnx'),
  packing: tasks('review-export', 'unpack-pack'),
  application: [source('main/index.ts'), source('main/cli/open.ts')]
}

/**
 * Which file of the program a module belongs into: that of the starts which need it, whatever else they need, and of the packages that it brings along, so that no
 * package is loaded sooner than its own modules ask for it. Null for what is loaded on its own. A training opens 80 files in place of 183, of no more bytes.
 */
function partOf(): (id: string, context: Modules) => string | null {
  const needed = new Map<string, Needs>()
  const needsOf = (root: string, context: Modules): Needs => {
    const known = needed.get(root)
    if (known) return known
    const modules = new Set([root])
    const packages = new Set<string>()
    for (const id of modules) {
      const found = context.getModuleInfo(id)
      if (!found) throw new Error(`${id} is named in electron.vite.config.ts and is no module of the program.`)
      for (const imported of found.importedIds) {
        if (isAbsolute(imported) || imported.startsWith('\0')) modules.add(imported)
        else if (!isBuiltin(imported)) packages.add(imported.split('/', imported.startsWith('@') ? 2 : 1).join('-'))
      }
    }
    const needs = { modules, packages: [...packages].sort() }
    needed.set(root, needs)
    return needs
  }
  return (id, context) => {
    if (context.getModuleInfo(id)?.isEntry === true) return null
    const parts = Object.keys(starts).filter((name) => starts[name]?.some((root) => needsOf(root, context).modules.has(id)))
    if (parts.length === 0) return null
    return [...parts, ...needsOf(id, context).packages].join('-').replaceAll('@', '')
  }
}

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
        // A part holds what was given to it alone: whatever its modules import is in a part of theirs, which is loaded with it.
        preserveEntrySignatures: 'allow-extension',
        output: {
          format: 'es',
          entryFileNames: '[name].js',
          chunkFileNames: 'chunks/[name]-[hash].js',
          codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: partOf() }] }
        }
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
