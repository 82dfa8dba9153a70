#!/usr/bin/env node
// The command `attune`. Any Node from 20 on may start it; the work is done by Node 24, in this process where it is one.
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isNodeNewEnough, requireNode24, root } from './lib/node24.mjs'
import { newest } from './lib/newest.mjs'

// Before the runtime's library can load (docs/decisions/0001).
process.env.ORT_DISABLE_TELEMETRY = '1'

/** The built program, or its source where that is newer or nothing is built. An installed package has no source. */
function program() {
  const built = join(root, 'out', 'main', 'cli.js')
  const source = join(root, 'src', 'main', 'cli.ts')
  if (!existsSync(source)) return built
  if (!existsSync(join(root, 'node_modules'))) requireNode24()
  const isBuilt = existsSync(built) && statSync(built).mtimeMs >= newest([join(root, 'src', 'main')])
  return isBuilt ? built : source
}

const entry = program()
if (isNodeNewEnough()) {
  process.argv[1] = entry
  await import(pathToFileURL(entry).href)
} else {
  const { run } = await import('./lib/run.mjs')
  process.exitCode = await run(requireNode24(), [entry, ...process.argv.slice(2)])
}
