// `npm run check`: everything that can be said about the code without training anything. `--no-tests` leaves the unit tests out.
import { ensureInstalled } from './lib/ensure.mjs'
import { requireNode24, root } from './lib/node24.mjs'
import { capture } from './lib/run.mjs'

ensureInstalled()

const tool = (path, ...args) => [`node_modules/${path}`, ...args]
// What an unchanged file was told is kept in node_modules/.cache: the second check is quick. A rule that follows types into another
// file can miss a change there until the file itself changes; .ci/run starts from a clean clone and misses nothing.
const cache = (name) => `node_modules/.cache/attune/${name}`
const types = (world) =>
  tool('typescript/bin/tsc', '-p', `tsconfig.${world}.json`, '--incremental', '--tsBuildInfoFile', cache(`tsc-${world}.json`))

// The longest first, so that the two lanes end together.
const steps = [
  ['lint', tool('eslint/bin/eslint.js', '--cache', '--cache-strategy', 'content', '--cache-location', cache('eslint'), '.')],
  ['types: node', types('node')],
  ['types: renderer', types('renderer')],
  ['types: svelte', tool('svelte-check/bin/svelte-check', '--tsconfig', 'tsconfig.renderer.json', '--fail-on-warnings')],
  ['imports', tool('dependency-cruiser/bin/dependency-cruiser.mjs', '--config', '.dependency-cruiser.mjs', 'src')],
  [
    'format',
    tool('prettier/bin/prettier.cjs', '--check', '--cache', '--cache-location', cache('prettier'), '--log-level', 'warn', '.')
  ],
  ['dead code', tool('knip/bin/knip.js', '--no-progress')],
  ['tests: unit', tool('vitest/vitest.mjs', 'run', '--project', 'unit', '--reporter=dot')]
].filter(([name]) => name !== 'tests: unit' || !process.argv.includes('--no-tests'))

const LANES = 2
const node = requireNode24()
const started = performance.now()
const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`.padStart(7)
const queue = [...steps]
const failures = []

async function lane() {
  for (let step = queue.shift(); step !== undefined; step = queue.shift()) {
    const [name, args] = step
    const began = performance.now()
    const { code, output } = await capture(node, args, { cwd: root })
    process.stdout.write(`${code === 0 ? 'ok    ' : 'FAILED'} ${name.padEnd(16)} ${seconds(began)}\n`)
    if (code !== 0) failures.push({ name, output })
  }
}

await Promise.all(Array.from({ length: LANES }, lane))
for (const { name, output } of failures) process.stdout.write(`\n── ${name} ──\n${output.trimEnd()}\n`)
process.stdout.write(
  `\n${failures.length === 0 ? 'All checks passed' : `${failures.length} of ${steps.length} checks failed`} in ${seconds(started).trim()}\n`
)
process.exitCode = failures.length === 0 ? 0 : 1
