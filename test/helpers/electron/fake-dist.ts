import { createPackage } from '@electron/asar'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The mark in Electron's program after which its fuses are written, one byte each: `1` on, `0` off. */
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'

/** A folder that looks like an unpacked Electron for Linux: a program that is none, every fuse at the opposite of what we want, and the default app. */
export async function makeFakeDist(folder: string): Promise<void> {
  const app = join(folder, 'app')
  await mkdir(join(folder, 'dist', 'resources'), { recursive: true })
  await mkdir(join(folder, 'dist', 'locales'))
  await mkdir(app)
  await writeFile(join(app, 'package.json'), '{}')
  await createPackage(app, join(folder, 'dist', 'resources', 'default_app.asar'))
  // RunAsNode, cookies, NODE_OPTIONS, inspect, integrity, only asar, snapshot, file privileges, wasm handlers.
  const fuses = '101100111'
  const wire = Buffer.concat([Buffer.from(SENTINEL), Buffer.from([1, fuses.length]), Buffer.from(fuses)])
  const program = join(folder, 'dist', 'electron')
  await writeFile(program, Buffer.concat([Buffer.from('no program'), wire, Buffer.from('the end')]))
  await chmod(program, 0o755)
  for (const name of ['LICENSE', 'LICENSES.chromium.html', 'version']) await writeFile(join(folder, 'dist', name), name)
}
