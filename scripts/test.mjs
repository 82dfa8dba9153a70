// `npm test`: installs what is missing, builds, and runs every tier of tests. Further arguments go to vitest: `npm test -- csv`.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureBuilt } from './lib/build.mjs'
import { ensureInstalled } from './lib/ensure.mjs'
import { requireNode24, root } from './lib/node24.mjs'
import { run } from './lib/run.mjs'
import { closingLine } from './lib/closing-line.mjs'

ensureInstalled()
await ensureBuilt()
// What tests start is what was built (test/helpers/attune.ts).
process.env.ATTUNE_TEST_BUILT = 'yes'

const folder = mkdtempSync(join(tmpdir(), 'attune-test-'))
const results = join(folder, 'results.json')
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${results}`]
let code = 1
let line = '0 passed, 1 failed, 0 skipped'
try {
  code = await run(requireNode24(), ['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...process.argv.slice(2)], {
    cwd: root
  })
  const counts = closingLine(JSON.parse(readFileSync(results, 'utf8')))
  line = counts.line
  // Nothing that failed may end as a success, and a run of no tests proves nothing.
  if (counts.failed > 0 || counts.passed === 0) code ||= 1
} catch (error) {
  process.stderr.write(`The tests did not finish: ${error.message}\n`)
  code ||= 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.stdout.write(`\n${line}\n`)
process.exitCode = code
