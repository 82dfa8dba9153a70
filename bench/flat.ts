/**
 * What a token costs on tables of different sizes: the same model, settings and texts of the same lengths, so that a token of the largest table should cost what
 * one of the smallest does. Training is bounded by steps; what comes before and after it reads every row. Needs the built program (`npm run build`); Linux
 * only, since processor time and memory are read from /proc.
 *
 *     node bench/flat.ts [--rows 1000,10000,100000,1000000] [--methods lora,head] [--steps 40] [--baselines] [--folder FOLDER] [--json]
 */
import { createWriteStream, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { Random } from '../src/main/base/random.ts'
import { runTask } from '../src/main/runs/supervisor.ts'
import type { LiveEvent } from '../src/main/runs/read-event.ts'
import { launchTrainer, type LaunchTrainer } from '../src/main/runs/trainer-process.ts'

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000,10000,100000,1000000' },
    methods: { type: 'string', default: 'lora,head' },
    /** Few enough that the training rows of the smallest table, 1,000, last for them. */
    steps: { type: 'string', default: '40' },
    /** Compares with the keyword model and the untouched model, which the report of a run does. */
    baselines: { type: 'boolean', default: false },
    folder: { type: 'string', default: tmpdir() },
    json: { type: 'boolean', default: false }
  }
})

const root = join(import.meta.dirname, '..')
const entry = join(root, 'out/main/trainer.js')
const sample = join(root, 'resources/sample')
const methods: Readonly<Record<string, string>> = {
  lora: '{ type: lora, r: 8, target_modules: [query, value] }',
  head: '{ type: head }'
}

/** The parts of a run, in their order. `opening`: the process itself, its runtime, memory worked out. */
const parts = ['reading', 'opening', 'frozen layers', 'training', 'evaluating', 'testing'] as const
type Part = (typeof parts)[number]

interface Spent {
  cpu: number
  elapsed: number
}

interface Measured {
  readonly rows: number
  readonly method: string
  /** Tokens of every row, special ones included. */
  readonly tokens: number
  /** Tokens of the steps that `training` stands for. */
  readonly trained: number
  readonly spent: Readonly<Record<Part, Spent>>
  /** Bytes: high-water mark of what was resident. */
  readonly peak: number
}

/** Letters of three to eight words and a number of seven digits, each different, of three classes that a word tells apart. The first rows of every table are the same. */
async function writeTable(path: string, rows: number): Promise<void> {
  const [, ...source] = (await readFile(join(sample, 'data/clinical-letters.csv'), 'utf8')).trimEnd().split('\n')
  const words = [...new Set(source.join(' ').match(/[a-z]{3,9}/g) ?? [])].toSorted()
  const random = new Random(1, 'bench/flat')
  const classes = ['routine', 'soon', 'urgent']
  function* lines(): Generator<string> {
    yield 'text,label\n'
    for (let i = 0; i < rows; i++) {
      const label = classes[random.below(3)] ?? ''
      const text = Array.from({ length: 3 + random.below(6) }, () => words[random.below(words.length)] ?? '')
      yield `${text.join(' ')} ${String(i).padStart(7, '0')} ${label === 'soon' ? 'weeks' : label},${label}\n`
    }
  }
  await pipeline(Readable.from(lines()), createWriteStream(path))
}

/** Processor time of a process and those it has waited for, in seconds; null once it is gone. */
function cpuOf(pid: number): number | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at] ?? 0), 0) / 100
  } catch {
    return null
  }
}

const peakOf = (pid: number): number => {
  try {
    return 1024 * Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}

/** The part that begins with an event; null where the one before goes on. */
function partFrom(event: LiveEvent): Part | null {
  if (event.event === 'started') return 'opening'
  if (event.event === 'step') return 'training'
  if (event.event !== 'progress') return null
  if (event.phase === 'probing') return 'opening'
  if (event.phase === 'prefix') return 'frozen layers'
  if (event.phase === 'validating' || event.phase === 'baselines' || event.phase === 'testing') return 'testing'
  return null
}

/** Follows one run in a process of its own. */
class Follower {
  readonly spent = Object.fromEntries(parts.map((part) => [part, { cpu: 0, elapsed: 0 }])) as Record<Part, Spent> // Every part has an entry.
  peak = 0
  trained = 0
  #pid = 0
  #part: Part = 'reading'
  #cpu = 0
  #at = performance.now()
  #steps = 0
  /** What a process took is gone with it. */
  readonly #looking = setInterval(() => this.#mark(), 100)

  readonly launch: LaunchTrainer = (program, listener, flags) => {
    const process = launchTrainer(program, listener, flags)
    // The first is the run itself; a later one rehearses it.
    if (this.#pid === 0) this.#pid = process.pid ?? 0
    return process
  }

  hear(event: LiveEvent): void {
    // Up to the first step its programs are opened and the first vectors computed.
    if (event.event === 'step' && this.#steps++ > 0) this.trained += event.tokens
    this.#mark()
    this.#part = partFrom(event) ?? this.#part
    if (event.event === 'step' && event.step >= event.totalSteps) this.#part = 'evaluating'
  }

  #mark(): void {
    this.peak = Math.max(this.peak, peakOf(this.#pid))
    const [cpu, at] = [cpuOf(this.#pid) ?? this.#cpu, performance.now()]
    const spent = this.spent[this.#part]
    spent.cpu += cpu - this.#cpu
    spent.elapsed += (at - this.#at) / 1000
    this.#cpu = cpu
    this.#at = at
  }

  end(): void {
    clearInterval(this.#looking)
    this.#mark()
  }
}

async function measure(folder: string, rows: number, method: string): Promise<Measured> {
  const config = join(folder, `${method}.yaml`)
  await writeFile(
    config,
    `task: text-classification
model: ${join(sample, 'model')}
data: { file: ./data.csv, text: text, label: label }
method: ${methods[method] ?? method}
training: { max_steps: ${options.steps}, per_device_train_batch_size: 16, eval_strategy: steps, eval_steps: ${options.steps}, early_stopping: null, logging_steps: 10, seed: 1, threads: 2, baselines: ${options.baselines} }
output: ./runs-${method}
`
  )
  const follower = new Follower()
  const outcome = await runTask(
    { kind: 'train', configFile: config, resume: false },
    { entry, onEvent: (event) => follower.hear(event), launch: follower.launch }
  ).finally(() => follower.end())
  if (outcome.event === 'failed') throw new Error(`${method} with ${rows} rows: ${outcome.message}\n${outcome.detail}`)
  const stored = await readFile(join(folder, `runs-${method}`, `${method}-1`, 'report.json'), 'utf8')
  const { data } = JSON.parse(stored) as { readonly data: { readonly totalTokens: number } } // Written by the run.
  return { rows, method, tokens: data.totalTokens, trained: follower.trained, spent: follower.spent, peak: follower.peak }
}

function show({ rows, method, tokens, trained, spent, peak }: Measured): string {
  const each = parts.map((part) => {
    const { cpu, elapsed } = spent[part]
    const of = part === 'training' ? trained : tokens
    return `${part} ${((1e6 * cpu) / Math.max(1, of)).toFixed(2)} (${elapsed.toFixed(1)} s)`
  })
  return `${method.padEnd(5)} ${String(rows).padStart(8)} rows ${String(tokens).padStart(9)} tokens   ${each.join('   ')}   peak ${(peak / 1e6).toFixed(0)} MB\n`
}

/** What each further token cost beyond a smaller table: what every process takes to start is left out. */
function showMore(less: Measured, more: Measured): string {
  const tokens = more.tokens - less.tokens
  const each = parts
    .filter((part) => part !== 'training')
    .map((part) => `${part} ${((1e6 * (more.spent[part].cpu - less.spent[part].cpu)) / tokens).toFixed(2)}`)
  return `${more.method.padEnd(5)} each token more than with ${less.rows} rows: ${each.join('   ')}\n`
}

const folder = await mkdtemp(join(options.folder, 'attune-flat-'))
try {
  if (!options.json) process.stdout.write('Processor time a token in microseconds, and seconds in all.\n')
  const before = new Map<string, Measured>()
  for (const rows of options.rows.split(',').map(Number)) {
    const place = join(folder, String(rows))
    await mkdir(place)
    await writeTable(join(place, 'data.csv'), rows)
    for (const method of options.methods.split(',')) {
      const measured = await measure(place, rows, method)
      process.stdout.write(options.json ? `${JSON.stringify(measured)}\n` : show(measured))
      const less = before.get(method)
      if (less && less.tokens < measured.tokens && !options.json) process.stdout.write(showMore(less, measured))
      before.set(method, measured)
    }
    await rm(place, { recursive: true })
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}
