import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { readArguments, type Invocation } from './cli/arguments.ts'
import { failureOf, reportFailure } from './cli/failure.ts'
import { openOutput, type Output } from './cli/output.ts'

// Before anything can load the runtime's library (docs/decisions/0001).
process.env['ORT_DISABLE_TELEMETRY'] = '1'

/** The trainer's program lies beside this one once both are built, and in the worker's folder where the source itself runs. */
const trainer = import.meta.filename.endsWith('.ts')
  ? join(import.meta.dirname, 'worker', 'trainer.ts')
  : join(import.meta.dirname, 'trainer.js')

/** Runs a command and resolves to its exit code. What a command does not need is not loaded: training begins sooner. */
async function perform(invocation: Invocation, output: Output): Promise<number> {
  if (invocation.kind === 'version') {
    output.print(`${await version()}\n`)
    return 0
  }
  if (invocation.kind === 'help') {
    const { helpOf, overview } = await import('./cli/help.ts')
    output.print(invocation.command === null ? overview() : helpOf(invocation.command))
    return 0
  }
  const { command, argument } = invocation
  switch (command) {
    case 'open': {
      const { openApplication } = await import('./cli/open.ts')
      const wishes = { withBrowser: !invocation.switches.has('no-open'), root: invocation.values.get('root') ?? homedir() }
      return openApplication({ ...places(), version: await version() }, output, wishes)
    }
    case 'inspect': {
      const { showInspection } = await import('./cli/show-inspection.ts')
      return showInspection(argument, output)
    }
    case 'devices': {
      const { showDevices } = await import('./cli/devices.ts')
      return showDevices(output)
    }
    default: {
      const { performTask } = await import('./cli/run-task.ts')
      return performTask(invocation, trainer, output)
    }
  }
}

/** What belongs to this installation, two folders up from both src/main and out/main. */
function places(): { trainer: string; pages: string; resources: string } {
  const root = join(import.meta.dirname, '..', '..')
  return { trainer, pages: join(root, 'out', 'renderer'), resources: join(root, 'resources', 'sample') }
}

/** From package.json, which lies two folders up from both src/main and out/main. */
async function version(): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8'))
  const isKnown = typeof manifest === 'object' && manifest !== null && 'version' in manifest
  return isKnown ? String(manifest.version) : 'unknown'
}

const words = process.argv.slice(2)
const output = openOutput(words.includes('--json'))
try {
  process.exitCode = await perform(readArguments(words), output)
} catch (error) {
  process.exitCode = await reportFailure(failureOf(error), output, null)
}
