import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const root = join(import.meta.dirname, '../..')

const isBuilt = process.env['ATTUNE_TEST_BUILT'] === 'yes'

/**
 * The program: what `npm test` has built, which is what people get and starts in half the time; the source itself where a test is run by hand and
 * nothing need be built.
 */
export const program = join(root, isBuilt ? 'out/main/cli.js' : 'src/main/cli.ts')

/** The program of its trainers, likewise. */
export const trainerProgram = join(root, isBuilt ? 'out/main/trainer.js' : 'src/main/worker/trainer.ts')

/** The command as it is installed: what was built, or the source where that is newer. */
export const installed = join(root, 'scripts/attune.mjs')

export type CliEvent = Readonly<Record<string, unknown>> & { readonly event: string }

export interface CliRun {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly lines: readonly string[]
  readonly stderr: string
  /** The lines of standard output as JSON; throws where one is not. */
  readonly events: () => CliEvent[]
}

export interface RunningCli {
  readonly pid: number
  readonly kill: (signal: NodeJS.Signals) => void
  /** The pid of the trainer that it started; Linux only. */
  readonly trainer: () => Promise<number>
}

export interface CliOptions {
  /** Home folder of the process; nothing may be written there. */
  readonly home: string
  /** The folder it is started in. */
  readonly cwd?: string
  /** What it reads on its standard input; nothing where left out. */
  readonly input?: string
  /** Another program than `npm test` has built. */
  readonly program?: string
  /** Sees each event of `--json` as it comes. */
  readonly onEvent?: (event: CliEvent, cli: RunningCli) => void
  readonly onStderr?: (text: string, cli: RunningCli) => void
}

/** What a command finds around it: no CI, no telemetry switch, a home folder of its own. The cache, elsewhere, only spares it compiling its source. */
export function bareEnvironment(home: string): NodeJS.ProcessEnv {
  const cache = process.env['NODE_COMPILE_CACHE']
  return { PATH: process.env['PATH'] ?? '', HOME: home, LANG: 'C.UTF-8', ...(cache && { NODE_COMPILE_CACHE: cache }) }
}

/** Runs `attune` with a bare environment: no CI, no telemetry switch, a home folder of its own. */
export async function attune(
  words: readonly string[],
  { home, cwd, input, program: started = program, onEvent, onStderr }: CliOptions
): Promise<CliRun> {
  const child = spawn(process.execPath, [started, ...words], {
    stdio: ['pipe', 'pipe', 'pipe'],
    cwd,
    env: bareEnvironment(home)
  })
  // A command that asks nothing may be gone before it has read anything.
  child.stdin.on('error', () => undefined).end(input ?? '')
  const cli: RunningCli = {
    pid: child.pid ?? 0,
    kill: (signal) => void child.kill(signal),
    trainer: async () => {
      const children = (await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8')).trim().split(' ')
      return Number(children[0])
    }
  }
  const lines: string[] = []
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    onStderr?.(text, cli)
  })
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line)
    if (onEvent) onEvent(JSON.parse(line) as CliEvent, cli) // Every line of --json is an event.
  })
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null] // As Node declares it.
  return { code, signal, lines, stderr, events: () => lines.map((line) => JSON.parse(line) as CliEvent) } // As above.
}

/** Whether a process is there and no zombie; Linux only. */
export async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return stat !== '' && !/\) Z /.test(stat)
}

/** Living processes of Linux that were started with this in their environment, `NAME=value` or the beginning of it. */
export async function processesWith(mark: string): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  // One that has gone meanwhile is none.
  const environments = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')))
  const ours = pids.filter((_, i) => environments[i]!.includes(mark))
  const alive = await Promise.all(ours.map(isAlive))
  return ours.filter((_, i) => alive[i])
}
