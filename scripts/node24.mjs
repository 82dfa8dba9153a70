// Runs a script with Node 24, whichever Node started this: `node scripts/node24.mjs FILE [arguments]`.
import { requireNode24 } from './lib/node24.mjs'
import { run } from './lib/run.mjs'

process.exitCode = await run(requireNode24(), process.argv.slice(2))
