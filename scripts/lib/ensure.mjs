import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { childEnvironment } from './run.mjs'
import { findNode24, root } from './node24.mjs'

const STAMP = join(root, 'node_modules', '.attune-installed')

const read = (name) => readFileSync(join(root, name))

const fingerprint = () => createHash('sha256').update(read('package-lock.json')).update(read('package.json')).digest('hex')

/**
 * Installs the packages that the lock names, unless they are there. Runs under any Node from 20 on.
 * A failed install ends the process with what to do.
 */
export function ensureInstalled() {
  const wanted = fingerprint()
  if (isInstalled(wanted)) return
  process.stdout.write('Installing the packages named in package-lock.json (about a minute, once) …\n')
  const started = performance.now()
  const { status, error } = spawnSync('npm', ['ci', '--strict-allow-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: installEnvironment()
  })
  if (status !== 0 || findNode24() === null) {
    const reason = error?.message ?? (status === 0 ? 'it brought no Node 24' : `npm ended with code ${status}`)
    process.stderr.write(
      `\nThe packages could not be installed: ${reason}. npm's own message is above.\n` +
        'This step alone needs a package registry; check the connection (or "npm config get registry") and run the same command again.\n'
    )
    process.exit(1)
  }
  writeFileSync(STAMP, wanted)
  process.stdout.write(`Installed in ${((performance.now() - started) / 1000).toFixed(0)} s.\n`)
}

/** True where our stamp, or npm's own record of what it installed, agrees with the lock. */
function isInstalled(wanted) {
  if (findNode24() === null) return false
  if (existsSync(STAMP)) return readFileSync(STAMP, 'utf8') === wanted
  if (!agreesWithLock()) return false
  writeFileSync(STAMP, wanted)
  return true
}

function agreesWithLock() {
  const record = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(record)) return false
  const present = JSON.parse(readFileSync(record, 'utf8')).packages
  const locked = JSON.parse(read('package-lock.json').toString('utf8')).packages
  return Object.entries(locked).every(
    ([path, { version, optional }]) => path === '' || optional || present[path]?.version === version
  )
}

/**
 * `npm run` puts node_modules/.bin first on PATH, where the Node of the last install lies: npm must not run on a program that it is
 * about to replace. The second switch keeps npm versions that do not know `allowScripts` from fetching the runtime's CUDA files.
 */
function installEnvironment() {
  const env = { ...childEnvironment(), ONNXRUNTIME_NODE_INSTALL: 'skip' }
  const key = Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH'
  const own = join(root, 'node_modules')
  env[key] = (env[key] ?? '')
    .split(delimiter)
    .filter((folder) => !folder.startsWith(own))
    .join(delimiter)
  return env
}
