import { dirname } from 'node:path'
import type { LiveEvent } from '../runs/read-event.ts'
import type { DeviceSetting } from '../config/config-types.ts'
import { runTask } from '../runs/supervisor.ts'
import type { FailedEvent, FinishedEvent, TrainerTask } from '../worker/protocol.ts'
import type { Invocation } from './arguments.ts'
import { reportFailure } from './failure.ts'
import { askedQuestions } from './asked-questions.ts'
import { deviceOf } from './device-flag.ts'
import { foldsOf } from './folds.ts'
import { watchInterrupts, type Interrupts } from './interrupts.ts'
import { SecretLines, type SecretInput } from './ask-secret.ts'
import type { Output } from './output.ts'
import { packSecretFor } from './pack-secret.ts'
import { purposeOf } from './purpose.ts'
import { unlockFor } from './unlock.ts'

export type CommandInvocation = Extract<Invocation, { kind: 'command' }>

/** What the trainer is to do for a command. */
async function taskOf({ command, argument, switches, values }: CommandInvocation, version: string): Promise<TrainerTask> {
  const dataFile = values.get('data') ?? ''
  switch (command) {
    case 'train':
      await nameDevices()
      return {
        kind: 'train',
        configFile: argument,
        resume: switches.has('resume'),
        ...foldsIn(values),
        curve: switches.has('curve'),
        ...deviceIn(values),
        purpose: purposeOf(values)
      }
    case 'plan':
      await nameDevices()
      return {
        kind: 'plan',
        configFile: argument,
        probes: !switches.has('no-probe'),
        ...foldsIn(values),
        curve: switches.has('curve'),
        ...deviceIn(values),
        purpose: purposeOf(values)
      }
    case 'profile': {
      await nameDevices()
      const { profileTask } = await import('./profile-task.ts')
      return profileTask(argument, values)
    }
    case 'evaluate':
      return { kind: 'evaluate', runFolder: argument, dataFile }
    case 'predict':
      return {
        kind: 'predict',
        runFolder: argument,
        ...baseOf(values),
        dataFile,
        outFile: values.get('out') ?? '',
        ...askedIn(values)
      }
    case 'export': {
      const { exportTask } = await import('./export-task.ts')
      return exportTask(argument, { values, switches }, version)
    }
    case 'deidentify': {
      const { deidentifyTask } = await import('./deidentify-task.ts')
      return deidentifyTask({ argument, values, switches })
    }
    case 'look': {
      const { lookTask } = await import('./look-task.ts')
      return lookTask(argument, values)
    }
    case 'import': {
      const { importTask } = await import('./import-task.ts')
      return importTask(argument, values, switches)
    }
    case 'verify':
      return { kind: 'verify', folder: argument, dataFile: values.get('data') ?? null }
    case 'review': {
      const { reviewTask } = await import('./review-task.ts')
      return reviewTask(argument, values)
    }
    default:
      throw new Error(`${command} is no task for the trainer`)
  }
}

/** Tells the trainer, which inherits it, where a CUDA pack lies and what is known of this machine. */
async function nameDevices(): Promise<void> {
  const { cudaFolder, machineFile } = await import('../shell/data-folder.ts')
  process.env['ATTUNE_CUDA'] ??= cudaFolder()
  process.env['ATTUNE_MACHINE'] ??= machineFile()
}

const foldsIn = (values: ReadonlyMap<string, string>): { readonly folds?: number } => {
  const folds = foldsOf(values)
  return folds === undefined ? {} : { folds }
}

const deviceIn = (values: ReadonlyMap<string, string>): { readonly device?: DeviceSetting } => {
  const device = deviceOf(values)
  return device === undefined ? {} : { device }
}

const askedIn = (values: ReadonlyMap<string, string>): { readonly questions?: readonly string[] } => {
  const questions = askedQuestions(values)
  return questions === undefined ? {} : { questions }
}

const baseOf = (values: ReadonlyMap<string, string>): { readonly base?: string } => {
  const base = values.get('base')
  return base === undefined ? {} : { base }
}

/** Files and folders that a task reads or writes. */
async function pathsOf(task: TrainerTask): Promise<readonly string[]> {
  if (task.kind === 'export')
    return [task.runFolder, task.keyFolder, ...(task.datasheetFile === null ? [] : [task.datasheetFile])]
  if (task.kind === 'deidentify') return [task.input, dirname(task.out), ...(task.modelFolder === null ? [] : [task.modelFolder])]
  if (task.kind === 'look')
    return [task.data, ...[task.fix?.out, task.rowsFile].flatMap((path) => (typeof path === 'string' ? [dirname(path)] : []))]
  if (task.kind === 'check-personal') return [task.file, ...(task.modelFolder === null ? [] : [task.modelFolder])]
  if (task.kind === 'review') return [task.keyFolder]
  if (task.kind === 'import-adapter') return [task.outFolder]
  if (task.kind === 'verify') return task.dataFile === null ? [] : [task.dataFile]
  if ('dataFile' in task) return [task.runFolder, task.dataFile, ...('outFile' in task ? [task.outFile] : [])]
  if (task.kind === 'profile') return task.isRun ? [task.subject] : pathsIn(task.subject)
  return 'configFile' in task ? pathsIn(task.configFile) : []
}

/** Files and folders that a run.yaml names, and itself. */
async function pathsIn(configFile: string): Promise<readonly string[]> {
  const { readRunConfig } = await import('../config/run-config.ts')
  // One that cannot be read yet is sealed itself, or the trainer says what is wrong with it.
  const config = await readRunConfig(configFile).catch(() => null)
  if (!config) return [configFile]
  const { file, train, validation, test } = config.data
  return [configFile, config.output, ...[file, train, validation, test].filter((path) => path !== null)]
}

/** The command that goes on with a stopped run; null where nothing is kept. */
function resumeCommand({ command, argument, values, switches }: CommandInvocation): string | null {
  if (command !== 'train') return null
  const named = ['folds', 'device'].flatMap((flag) => (values.has(flag) ? [` --${flag} ${values.get(flag) ?? ''}`] : []))
  const file = /^[\w./\\:-]+$/.test(argument) ? argument : `"${argument}"`
  return `attune train ${file}${named.join('')}${switches.has('curve') ? ' --curve' : ''} --resume`
}

/** Runs a command in a trainer, whose program is `entry`, and shows what it does. Resolves to the exit code. */
export async function performTask(
  invocation: CommandInvocation,
  entry: string,
  output: Output,
  interrupts: Interrupts = watchInterrupts(),
  input: SecretInput = process.stdin,
  version = 'unknown'
): Promise<number> {
  const task = await taskOf(invocation, version)
  const lines = invocation.switches.has('passphrase-stdin') ? new SecretLines(input) : null
  const isOpen = await unlockFor({ paths: await pathsOf(task), lines, input }, output)
  const secret = isOpen ? await packSecretFor(invocation, { lines, input }, output) : undefined
  await lines?.close()
  if (secret === undefined) {
    interrupts.dispose()
    output.tell('Stopped. Nothing was read or changed.')
    return 130
  }
  const resume = resumeCommand(invocation)
  let folder: string | null = 'runFolder' in task ? task.runFolder : null
  const early: LiveEvent[] = []
  let show = (event: LiveEvent): void => void early.push(event)
  // The trainer starts at once; what shows its events is loaded meanwhile.
  const running = runTask(task, {
    entry,
    secret,
    signal: AbortSignal.any([interrupts.stop, output.closed]),
    killSignal: interrupts.kill,
    onEvent: (event) => {
      if (event.event === 'started') folder = event.run
      show(event)
    }
  })
  // Awaited below; until then a rejection has no listener.
  running.catch(() => undefined)
  const view = await openView(output)
  interrupts.stop.addEventListener('abort', () => view.tell(stoppingLine(resume)))
  for (const event of early) view.show(event)
  show = view.show
  const outcome = await running.finally(() => {
    view.dispose()
    interrupts.dispose()
  })
  if (outcome.event === 'failed') return fail(outcome, resume, output, folder)
  await showResult(task, outcome, output)
  return 0
}

async function fail(failure: FailedEvent, resume: string | null, output: Output, folder: string | null): Promise<number> {
  if (failure.exitCode !== 130) return reportFailure(failure, output, folder)
  // Whoever read along is gone: there is nobody to tell.
  if (output.closed.aborted) return 130
  return reportFailure({ ...failure, message: withResume(failure.message, resume) }, output, folder)
}

const stoppingLine = (resume: string | null): string =>
  resume === null
    ? 'Stopping. Press Ctrl+C again to stop at once.'
    : 'Stopping: a checkpoint is being written. Press Ctrl+C again to stop at once.'

function withResume(message: string, resume: string | null): string {
  if (resume === null || message.includes('start the run again')) return message
  return `${message.replace(/ The run stands at (step \d+|its last checkpoint); go on with --resume\./, ' The run stands at $1.')} Go on with: ${resume}`
}

/** Shows what a task does while it runs. */
export interface View {
  readonly show: (event: LiveEvent) => void
  readonly tell: (line: string) => void
  readonly dispose: () => void
}

export async function openView(output: Output): Promise<View> {
  if (output.isJson) return { show: output.event, tell: output.tell, dispose: () => undefined }
  const { Screen } = await import('./screen.ts')
  const screen = new Screen(output.errors, () => performance.now() / 1000)
  return {
    show: (event) => screen.show(event),
    tell: (line) => screen.note(line),
    dispose: () => screen.dispose()
  }
}

async function showResult(task: TrainerTask, finished: FinishedEvent, output: Output): Promise<void> {
  if (output.isJson) {
    output.event(finished)
    return
  }
  const { resultPage } = await import('./results.ts')
  output.print(await resultPage(task, finished, output.page))
}
