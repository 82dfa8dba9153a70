import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Ready } from './cases.ts'

/** Peak memory of a process, in bytes. */
export interface Peak {
  /** High-water mark of everything resident. */
  readonly resident: number
  /** File pages mapped now (weights that are read in place, libraries): the system may drop them at any time. */
  readonly mapped: number
}

/** A side of the comparison: a process that answers one JSON line with another. */
export class Side {
  readonly ready: Ready
  readonly #process: ChildProcess
  readonly #lines: AsyncIterator<string>

  private constructor(process: ChildProcess, lines: AsyncIterator<string>, ready: Ready) {
    this.#process = process
    this.#lines = lines
    this.ready = ready
  }

  static async start(command: string, args: readonly string[]): Promise<Side> {
    const child = spawn(command, args, {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ORT_DISABLE_TELEMETRY: '1', HF_HUB_OFFLINE: '1', TOKENIZERS_PARALLELISM: 'false' }
    })
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    const ready = await answer<Ready>(lines, command)
    return new Side(child, lines, ready)
  }

  ask<T>(request: object): Promise<T> {
    this.#process.stdin?.write(`${JSON.stringify(request)}\n`)
    return answer<T>(this.#lines, 'a side of the benchmark')
  }

  peak(): Peak {
    const status = readFileSync(`/proc/${this.ready.pid}/status`, 'utf8')
    const kilobytes = (key: string): number => Number(new RegExp(`${key}:\\s+(\\d+)`).exec(status)?.[1] ?? NaN)
    return { resident: kilobytes('VmHWM') * 1024, mapped: kilobytes('RssFile') * 1024 }
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve))
    this.#process.stdin?.end()
    await ended
  }
}

async function answer<T>(lines: AsyncIterator<string>, who: string): Promise<T> {
  for (let next = await lines.next(); next.done !== true; next = await lines.next()) {
    // Libraries print notices of their own; answers are JSON objects of our own making.
    if (next.value.startsWith('{')) return JSON.parse(next.value) as T
  }
  throw new Error(`${who} ended without an answer`)
}
