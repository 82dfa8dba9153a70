// `npm run package`: builds, and packages the application for this system. Words go on to electron-builder: `npm run package -- --dir`.
import { join } from 'node:path'
import { ensureBuilt } from './lib/build.mjs'
import { electronFolder } from './lib/electron-binary.mjs'
import { ensureInstalled } from './lib/ensure.mjs'
import { requireNode24, root } from './lib/node24.mjs'
import { run } from './lib/run.mjs'

ensureInstalled()
await ensureBuilt()
// Without an Electron that is here already, electron-builder fetches the one that package.json names.
const folder = electronFolder()
const local = folder === null ? [] : [`-c.electronDist=${folder}`]
const words = ['--publish', 'never', ...local, ...process.argv.slice(2)]
process.exitCode = await run(requireNode24(), [join(root, 'node_modules/electron-builder/cli.js'), ...words], { cwd: root })
