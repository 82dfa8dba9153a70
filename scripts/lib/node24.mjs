import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The checkout's folder, or that of the installed package. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '')

export const LEAST_NODE = 24

export const isNodeNewEnough = () => Number(process.versions.node.split('.', 1)[0]) >= LEAST_NODE

/** The Node 24 that the `node` package brings, or `null` before the first install. */
export function findNode24() {
  const path = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  return existsSync(path) ? path : null
}

/** The Node to run our TypeScript with: the package's, else this one if it is new enough; otherwise says so and exits. */
export function requireNode24() {
  const found = findNode24() ?? (isNodeNewEnough() ? process.execPath : null)
  if (found !== null) return found
  process.stderr.write(
    `Attune needs Node ${LEAST_NODE}; this is ${process.versions.node} and node_modules has none. Run "npm start" once: it installs it.\n`
  )
  process.exit(1)
}
