// `npm start`: installs what is missing, builds, and opens the application: in its own window where Electron's binary is installed, else in the
// default browser. `npm start -- --no-open` only prints the address.
import { join } from 'node:path'
import { ensureBuilt } from './lib/build.mjs'
import { findElectron } from './lib/electron-binary.mjs'
import { ensureInstalled } from './lib/ensure.mjs'
import { requireNode24, root } from './lib/node24.mjs'
import { run } from './lib/run.mjs'

ensureInstalled()
await ensureBuilt()
const words = process.argv.slice(2)
// Whoever asks for the address alone wants no window.
const electron = words.length === 0 ? findElectron() : null
const [program, ...rest] =
  electron === null ? [requireNode24(), join(root, 'out', 'main', 'cli.js'), 'open', ...words] : [electron, root]
process.exitCode = await run(program, rest, { cwd: root })
