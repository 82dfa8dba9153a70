import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'

const root = join(import.meta.dirname, '../..')

export interface Bundles {
  /** The program of each name, as a file for Node. */
  readonly programs: Readonly<Record<string, string>>
  readonly remove: () => Promise<void>
}

/**
 * Makes one file of each of these programs of `test/helpers` and what they import, native packages left out. For programs that are started and killed again
 * and again: nobody keeps what Node has compiled for a process that was killed, so that each would go through some hundred files of TypeScript anew.
 */
export async function bundle(...names: readonly string[]): Promise<Bundles> {
  const folder = await mkdtemp(join(tmpdir(), 'attune-bundle-'))
  // Packages that stay outside are found as they are by the source.
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    ssr: { noExternal: ['zod', 'yaml', 'kysely'] },
    build: {
      ssr: true,
      outDir: join(folder, 'programs'),
      rollupOptions: {
        input: Object.fromEntries(names.map((name) => [name, join(import.meta.dirname, `${name}.ts`)])),
        output: { format: 'es', entryFileNames: '[name].mjs', chunkFileNames: 'chunks/[name]-[hash].mjs' }
      }
    }
  })
  return {
    programs: Object.fromEntries(names.map((name) => [name, join(folder, 'programs', `${name}.mjs`)])),
    remove: () => rm(folder, { recursive: true, force: true })
  }
}
