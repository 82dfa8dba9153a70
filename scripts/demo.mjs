// `npm run demo`: installs what is missing, builds, trains the bundled sample in the terminal and prints its test report.
import { join } from 'node:path'
import { ensureBuilt } from './lib/build.mjs'
import { ensureInstalled } from './lib/ensure.mjs'
import { requireNode24, root } from './lib/node24.mjs'
import { run } from './lib/run.mjs'

ensureInstalled()
await ensureBuilt()
const command = ['train', join('resources', 'sample', 'letters.yaml'), ...process.argv.slice(2)]
process.stdout.write(`\n$ attune ${command.join(' ')}\n\n`)
process.exitCode = await run(requireNode24(), [join(root, 'out', 'main', 'cli.js'), ...command], { cwd: root })
