import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { attune, bareEnvironment, program, type CliEvent, type CliOptions, type CliRun } from './attune.ts'
import type { HostedCommand, HostedResult } from './command-host.ts'

/** A process that performs commands with one home folder. */
class CommandHost {
  readonly #child: ChildProcess
  isBusy = false

  constructor(home: string) {
    this.#child = fork(join(import.meta.dirname, 'command-host.ts'), [program], {
      env: bareEnvironment(home),
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc']
    })
  }

  get isAlive(): boolean {
    return this.#child.connected
  }

  async perform(command: HostedCommand): Promise<HostedResult> {
    this.isBusy = true
    this.#keep(true)
    const done = new AbortController()
    try {
      const { signal } = done
      const ended = `attune ${command.words.join(' ')} ended its process`
      const gone = once(this.#child, 'exit', { signal }).then(() => Promise.reject(new Error(ended)))
      const answered = once(this.#child, 'message', { signal })
      this.#child.send(command)
      const [result] = await Promise.race([answered, gone])
      return result as HostedResult // As command-host.ts sends it.
    } finally {
      done.abort()
      this.isBusy = false
      this.#keep(false)
    }
  }

  /** Whether the tests wait for it: one that does nothing keeps nobody. */
  #keep(isKept: boolean): void {
    for (const each of [this.#child, this.#child.channel]) {
      if (isKept) each?.ref()
      else each?.unref()
    }
  }
}

const hosts = new Map<string, CommandHost>()

/**
 * Runs `attune` as `attune()` does, without a process of its own: for tests of what a command makes, not of how it starts, ends or is interrupted, of which
 * cli.test.ts and others have processes of their own (docs/decisions/0075). The trainer is a process of its own, as ever. A command that is told something, or
 * that begins while another is at work, is started as a process.
 */
export async function hostedAttune(
  words: readonly string[],
  options: Pick<CliOptions, 'home' | 'cwd' | 'input'>
): Promise<CliRun> {
  const { home, cwd = process.cwd(), input } = options
  let host = hosts.get(home)
  if (input !== undefined || host?.isBusy === true) return attune(words, options)
  if (!host?.isAlive) {
    host = new CommandHost(home)
    hosts.set(home, host)
  }
  const { code, stdout, stderr } = await host.perform({ words, cwd })
  const lines = stdout.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return { code, signal: null, lines, stderr, events: () => lines.map((line) => JSON.parse(line) as CliEvent) } // Every line of --json is an event.
}
