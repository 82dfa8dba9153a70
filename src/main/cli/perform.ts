import { stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { readArguments, type Invocation } from './arguments.ts'
import type { SecretInput } from './ask-secret.ts'
import { failureOf, reportFailure } from './failure.ts'
import { watchInterrupts } from './interrupts.ts'
import { openOutput, type Output } from './output.ts'

/** Where this installation has its parts. */
export interface Installation {
  readonly version: string
  /** The trainer's program, the folder of the built page, and that of the bundled samples. */
  readonly trainer: string
  readonly pages: string
  readonly resources: string
  /** Where Ctrl+C and the other wishes to end are heard; the process itself where left out. */
  readonly signals?: NodeJS.EventEmitter
  /** Where a passphrase is typed; standard input where left out. */
  readonly input?: SecretInput
}

/** Does what the words of a command line say. Resolves to the exit code; whatever goes wrong has been told by then. */
export async function performWords(words: readonly string[], installation: Installation): Promise<number> {
  const output = openOutput(words.includes('--json'))
  try {
    return await perform(readArguments(words), installation, output)
  } catch (error) {
    return reportFailure(failureOf(error), output, null)
  }
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false
  )

/** What a command does not need is not loaded: training begins sooner. */
async function perform(invocation: Invocation, installation: Installation, output: Output): Promise<number> {
  if (invocation.kind === 'version') {
    output.print(`${installation.version}\n`)
    return 0
  }
  if (invocation.kind === 'help') {
    const { helpOf, overview } = await import('./help.ts')
    output.print(invocation.command === null ? overview() : helpOf(invocation.command))
    return 0
  }
  const { command, argument } = invocation
  switch (command) {
    case 'open': {
      const { openApplication } = await import('./open.ts')
      return openApplication(installation, output, {
        withBrowser: !invocation.switches.has('no-open'),
        root: invocation.values.get('root') ?? homedir()
      })
    }
    case 'inspect': {
      const { inspect } = await import('./inspect.ts')
      return inspect(invocation, output, installation.input)
    }
    case 'marks': {
      const { convertMarks } = await import('./convert-marks.ts')
      return convertMarks(argument, invocation.values, output)
    }
    case 'show': {
      const { showRun } = await import('./show-run.ts')
      return showRun(invocation, output, installation.input)
    }
    case 'devices': {
      const { showDevices } = await import('./devices.ts')
      return showDevices(invocation, installation.trainer, output)
    }
    case 'import': {
      const { trainer, signals, version, input } = installation
      const interrupts = watchInterrupts(signals)
      if (await isFolder(argument)) {
        const { performTask } = await import('./run-task.ts')
        return performTask(invocation, trainer, output, interrupts, input, version)
      }
      const { importPack } = await import('./import-pack.ts')
      return importPack(invocation, trainer, output, interrupts, input)
    }
    case 'serve': {
      const { serve } = await import('./serve.ts')
      const { switches, values } = invocation
      const { trainer, signals, version, input = process.stdin } = installation
      const wishes = {
        ...{ folder: argument, base: values.get('base'), port: values.get('port') },
        tokenFromInput: switches.has('token-stdin'),
        passphraseFromInput: switches.has('passphrase-stdin')
      }
      return serve(wishes, { trainer, version, input, signals }, output)
    }
    case 'predict': {
      const { trainer, signals, version, input = process.stdin } = installation
      const { watchWishes, watchFolder } = await import('./watch.ts')
      const wishes = watchWishes(argument, invocation.switches, invocation.values)
      if (wishes) return watchFolder(wishes, { trainer, input, signals }, output)
      const { performTask } = await import('./run-task.ts')
      return performTask(invocation, trainer, output, watchInterrupts(signals), input, version)
    }
    default: {
      const { performTask } = await import('./run-task.ts')
      const { trainer, signals, version, input } = installation
      return performTask(invocation, trainer, output, watchInterrupts(signals), input, version)
    }
  }
}
