import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'

/** What one part of a job took, in seconds; `processor`: of all threads of the command and its trainer. */
interface Phase {
  elapsed: number
  processor: number
}

interface TrainerEvent {
  readonly event: string
  readonly phase?: string | number
}

/** Ticks of `/proc/PID/stat` in a second, as Linux tells them to programs. */
const TICKS = 100

/** Processor seconds of a process so far and of those of its children that have ended; 0 once it is gone. */
async function processorSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) / TICKS
}

async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
  return text.trim().split(' ').filter(Boolean).map(Number)
}

/** What had been done when an event came; null where it says nothing of that. */
function doneBy({ event, phase }: TrainerEvent, before: string): string | null {
  if (event === 'progress')
    switch (phase) {
      case 'prefix':
        return 'vectors of frozen layers'
      case 'probing':
        return 'start, reading, plan'
      case 'validating':
        return 'best weights read back'
      case 'baselines':
        return 'validation: answers, calibration'
      case 'testing':
        return 'vectors of the base model'
      default:
        return 'start, reading, plan'
    }
  switch (event) {
    case 'started':
      return before === 'probing' ? 'trial step' : 'start, reading, plan'
    case 'phase':
      return 'sessions of training'
    case 'step':
      return 'steps'
    case 'evaluation':
      return 'validation'
    case 'checkpoint':
      return 'checkpoints'
    case 'finished':
      return 'test: answers, baselines, intervals, report'
    default:
      return null
  }
}

/** Runs a training by the command and adds up what its parts took, by the events that it prints (Linux). */
export async function phasesOf(command: string, words: readonly string[]): Promise<ReadonlyMap<string, Phase>> {
  const started = performance.now()
  const child = spawn(command, words, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ORT_DISABLE_TELEMETRY: '1' }
  })
  const pid = child.pid ?? 0
  const phases = new Map<string, Phase>()
  let last = { elapsed: 0, processor: 0 }
  let before = ''
  const now = async (): Promise<Phase> => {
    const each = await Promise.all([pid, ...(await childrenOf(pid))].map(processorSeconds))
    const processor = each.reduce((sum, seconds) => sum + seconds, 0)
    // A child between its end and its parent's notice of it counts in neither.
    return { elapsed: (performance.now() - started) / 1000, processor: Math.max(processor, last.processor) }
  }
  const add = (name: string, at: Phase): void => {
    const phase = phases.get(name) ?? { elapsed: 0, processor: 0 }
    phases.set(name, {
      elapsed: phase.elapsed + at.elapsed - last.elapsed,
      processor: phase.processor + at.processor - last.processor
    })
    last = at
  }
  const closed = once(child, 'close')
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line) as TrainerEvent // One event a line, as --json prints them.
    const name = doneBy(event, before)
    if (name === null) continue
    add(name, await now())
    before = String(event.phase ?? event.event)
  }
  await closed
  if (child.exitCode !== 0) throw new Error(`${command} ended with ${child.exitCode}`)
  add('end of the processes', { ...last, elapsed: (performance.now() - started) / 1000 })
  return phases
}

/** The phases as lines of a Markdown table, with their sum. */
export function tableOf(phases: ReadonlyMap<string, Phase>): string {
  const sum = [...phases.values()].reduce((a, b) => ({ elapsed: a.elapsed + b.elapsed, processor: a.processor + b.processor }), {
    elapsed: 0,
    processor: 0
  })
  const line = (name: string, { elapsed, processor }: Phase): string =>
    `| ${name} | ${elapsed.toFixed(2)} | ${processor.toFixed(2)} | ${((100 * processor) / sum.processor).toFixed(1)} |`
  return [
    '| part | elapsed, s | processor, s | share of the processor, % |',
    '| --- | --- | --- | --- |',
    ...[...phases].map(([name, phase]) => line(name, phase)),
    line('all', sum)
  ].join('\n')
}
