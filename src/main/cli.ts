import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { performWords } from './cli/perform.ts'

// Before anything can load the runtime's library (docs/decisions/0001).
process.env['ORT_DISABLE_TELEMETRY'] = '1'

/** The trainer's program lies beside this one once both are built, and in the worker's folder where the source itself runs. */
const trainer = import.meta.filename.endsWith('.ts')
  ? join(import.meta.dirname, 'worker', 'trainer.ts')
  : join(import.meta.dirname, 'trainer.js')

/** Two folders up from both src/main and out/main. */
const root = join(import.meta.dirname, '..', '..')

async function version(): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  const isKnown = typeof manifest === 'object' && manifest !== null && 'version' in manifest
  return isKnown ? String(manifest.version) : 'unknown'
}

process.exitCode = await performWords(process.argv.slice(2), {
  version: await version(),
  trainer,
  pages: join(root, 'out', 'renderer'),
  resources: join(root, 'resources', 'sample')
})
