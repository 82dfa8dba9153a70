import { existsSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { requireNode24, root } from './node24.mjs'
import { newest } from './newest.mjs'
import { capture } from './run.mjs'

const STAMP = join(root, 'out', '.built')
const SOURCES = ['src', 'electron.vite.config.ts', 'svelte.config.js', 'tsconfig.base.json', 'package-lock.json']

/** Builds main, trainer, preload and renderer into `out/`, unless what is there is newer than every source. Exits on a failure. */
export async function ensureBuilt() {
  const sources = newest(SOURCES.map((name) => join(root, name)))
  if (existsSync(STAMP) && statSync(STAMP).mtimeMs > sources) return
  const started = performance.now()
  const { code, output } = await capture(requireNode24(), ['node_modules/electron-vite/bin/electron-vite.js', 'build'], {
    cwd: root
  })
  if (code !== 0) {
    process.stderr.write(`${output}\nThe build failed; its messages are above.\n`)
    process.exit(1)
  }
  writeFileSync(STAMP, '')
  process.stdout.write(`Built in ${((performance.now() - started) / 1000).toFixed(1)} s.\n`)
}
