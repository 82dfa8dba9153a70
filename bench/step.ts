import { mkdtemp, rm } from 'node:fs/promises'
import { spawnSync } from 'node:child_process'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { SMALL_YOUNG } from '../src/main/runs/heap-flags.ts'
import { alpha, cases, labels, learningRate, maxGradNorm, rank, rows, time, type Case, type Ran } from './cases.ts'
import { Side, type Peak } from './child.ts'

const here = import.meta.dirname
const { values: options } = parseArgs({
  options: {
    /** Cases whose name contains this text, e.g. `lora-768`; several divided by commas. */
    only: { type: 'string', default: 'dropout-0.1' },
    rounds: { type: 'string', default: '7' },
    steps: { type: 'string', default: '3' },
    /** PyTorch's attention: `sdpa`, which transformers takes by default, or `eager`. */
    attention: { type: 'string', default: 'sdpa' },
    /** Makes this many of the six layers' values again (ours), and PyTorch all of them: `gradient_checkpointing_enable`. */
    checkpointing: { type: 'string' },
    /** Whether PyTorch checkpoints too, where we do. */
    plain: { type: 'boolean', default: false },
    /** Measures a third side in turn: PyTorch's model through `torch.compile` (inductor; needs a C++ compiler). */
    compile: { type: 'boolean', default: false },
    models: { type: 'string' },
    json: { type: 'boolean', default: false }
  }
})

const python = process.env['ATTUNE_PYTHON'] ?? ''
if (python === '') throw new Error('Set ATTUNE_PYTHON to a Python that has torch, transformers and peft (bench/README.md).')

/** The sides of a comparison, in the order in which the first round asks them. */
const names = options.compile ? (['ours', 'eager', 'compiled'] as const) : (['ours', 'eager'] as const)
type Name = (typeof names)[number]
const titles: Readonly<Record<Name, string>> = { ours: 'Attune', eager: 'PyTorch', compiled: 'compiled' }

interface Round {
  readonly ran: Readonly<Partial<Record<Name, Ran>>>
  /** Matrix products, operations a second: the mean of one timing before and one after. */
  readonly rate: number
}

interface Measured {
  readonly name: Name
  readonly runs: readonly Ran[]
  readonly flop: number
  readonly peak: Peak
  readonly about: string
}

interface Result {
  readonly case: Case
  readonly rates: readonly number[]
  readonly sides: readonly Measured[]
}

/** Steps until torch.compile compiles nothing any more. */
const compiledWarmUp = 6

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN

async function compare(item: Case, folder: string, meter: Side): Promise<Result> {
  const recomputed = Number(options.checkpointing ?? 0)
  const checkpointing = recomputed > 0 && !options.plain
  const settings = { rows, time, labels, rank, alpha, learningRate, maxGradNorm, attention: options.attention }
  const job = { ...item, folder, ...settings, recomputed, checkpointing }
  const start = (name: Name): Promise<Side> =>
    name === 'ours'
      ? Side.start(process.execPath, [...SMALL_YOUNG, join(here, 'attune-step.ts'), JSON.stringify(job)])
      : Side.start(python, [join(here, 'reference_step.py'), 'serve', JSON.stringify({ ...job, compile: name === 'compiled' })])
  const sides: { readonly name: Name; readonly side: Side }[] = []
  const rounds: Round[] = []
  try {
    for (const name of names) sides.push({ name, side: await start(name) })
    const steps = Number(options.steps)
    // The first steps are not like the others: memory is taken up, and what is compiled is compiled, some of it again at the second step.
    for (const { name, side } of sides)
      await side.ask<Ran>({ run: name === 'compiled' ? Math.max(compiledWarmUp, steps) : steps })
    const rate = async (): Promise<number> => (await meter.ask<{ readonly rate: number }>({ seconds: 0.3 })).rate
    for (let round = 0; round < Number(options.rounds); round++) {
      const before = await rate()
      // Who goes first changes from round to round.
      const first = round % sides.length
      const ran: Partial<Record<Name, Ran>> = {}
      for (const { name, side } of [...sides.slice(first), ...sides.slice(0, first)])
        ran[name] = await side.ask<Ran>({ run: steps })
      rounds.push({ ran, rate: (before + (await rate())) / 2 })
    }
    const measured = sides.map(({ name, side }): Measured => {
      const runs = rounds.flatMap(({ ran }) => ran[name] ?? [])
      const flop = name === 'compiled' ? (sides.find((each) => each.name === 'eager')?.side.ready.flop ?? 0) : side.ready.flop
      return { name, runs, flop, peak: side.peak(), about: side.ready.about }
    })
    return { case: item, rates: rounds.map(({ rate: each }) => each), sides: measured }
  } finally {
    for (const { side } of sides) await side.stop()
  }
}

function report({ case: { name }, rates, sides }: Result): void {
  process.stdout.write(`${name}   matrix rate ${(median(rates) / 1e9).toFixed(1)} GFLOP/s\n`)
  for (const { name: side, runs, flop, peak } of sides) {
    const times = runs.flatMap(({ milliseconds }) => milliseconds)
    const cpu = median(runs.map(({ cpuSeconds, milliseconds }) => (cpuSeconds / milliseconds.length) * 1000))
    const shareOf = (operations: number): string => {
      const shares = runs.map(({ milliseconds }, round) => operations / (median(milliseconds) / 1000) / (rates[round] ?? NaN))
      return `${(median(shares) * 100).toFixed(0)} %`
    }
    // What the same step takes in PyTorch, over our time: operations that are left out count as done.
    const eager = side === 'ours' ? sides.find((each) => each.name === 'eager') : undefined
    const share = `${shareOf(flop)} of the matrix rate${eager ? ` (${shareOf(eager.flop)} by PyTorch's operations)` : ''}`
    const memory = `peak ${mb(peak.resident)} MB, ${mb(peak.resident - peak.mapped)} without ${mb(peak.mapped)} mapped`
    process.stdout.write(
      `  ${titles[side].padEnd(8)} ${median(times).toFixed(1)} ms (min ${Math.min(...times).toFixed(1)}, max ${Math.max(...times).toFixed(1)}), ` +
        `${cpu.toFixed(1)} ms of processor time, ${(flop / 1e9).toFixed(1)} GFLOP, ${share}, ${memory}\n`
    )
  }
  const [ours, ...others] = sides
  for (const other of others) if (ours) process.stdout.write(`  ${ratiosOf(ours, other)}\n`)
}

/** Ours over the other's, round by round. */
function ratiosOf(ours: Measured, other: Measured): string {
  const ratios = ours.runs.map((run, i) => median(run.milliseconds) / median(other.runs[i]?.milliseconds ?? []))
  const cpu = ours.runs.map(({ cpuSeconds }, i) => cpuSeconds / (other.runs[i]?.cpuSeconds ?? NaN))
  const own = ({ resident, mapped }: Peak): number => resident - mapped
  const [peak, unmapped] = [ours.peak.resident / other.peak.resident, own(ours.peak) / own(other.peak)]
  const of = other.name === 'eager' ? 'ratio    ' : 'compiled '
  return `${of}time ${spread(ratios)}, processor time ${spread(cpu)}, peak ${peak.toFixed(2)}, without mapped pages ${unmapped.toFixed(2)}`
}

const spread = (values: readonly number[]): string =>
  `${median(values).toFixed(3)} (${Math.min(...values).toFixed(3)}–${Math.max(...values).toFixed(3)})`
const mb = (bytes: number): string => (bytes / 1e6).toFixed(0)

const wanted = options.only.split(',')
const chosen = cases.filter(({ name }) => wanted.some((part) => name.includes(part)))
const folder = options.models ?? (await mkdtemp(join(tmpdir(), 'attune-bench-')))
const meter = await Side.start(python, [join(here, 'reference_step.py'), 'rate'])
try {
  if (options.models === undefined)
    for (const width of new Set(chosen.map((item) => item.width)))
      spawnSync(python, [join(here, 'reference_step.py'), 'write', join(folder, `m${width}`), String(width)], {
        stdio: 'inherit'
      })
  process.stdout.write(`${cpus()[0]?.model.trim() ?? 'processor'}, batch ${rows} × ${time} tokens\n`)
  for (const item of chosen) {
    const result = await compare(item, join(folder, `m${item.width}`), meter)
    if (options.json) process.stdout.write(`${JSON.stringify(result)}\n`)
    else report(result)
  }
} finally {
  await meter.stop()
  if (options.models === undefined) await rm(folder, { recursive: true })
}
