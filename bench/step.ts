import { mkdtemp, rm } from 'node:fs/promises'
import { spawnSync } from 'node:child_process'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
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
    models: { type: 'string' },
    json: { type: 'boolean', default: false }
  }
})

const python = process.env['ATTUNE_PYTHON'] ?? ''
if (python === '') throw new Error('Set ATTUNE_PYTHON to a Python that has torch, transformers and peft (bench/README.md).')

interface Round {
  readonly ours: Ran
  readonly theirs: Ran
  /** Matrix products, operations a second: the mean of one timing before and one after. */
  readonly rate: number
}

interface Result {
  readonly case: Case
  readonly rounds: readonly Round[]
  readonly flop: { readonly ours: number; readonly theirs: number }
  readonly peak: { readonly ours: Peak; readonly theirs: Peak }
  readonly about: readonly string[]
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN

async function compare(item: Case, folder: string, meter: Side): Promise<Result> {
  const recomputed = Number(options.checkpointing ?? 0)
  const checkpointing = recomputed > 0 && !options.plain
  const settings = { rows, time, labels, rank, alpha, learningRate, maxGradNorm, attention: options.attention }
  const job = { ...item, folder, ...settings, recomputed, checkpointing }
  const ours = await Side.start(process.execPath, [join(here, 'attune-step.ts'), JSON.stringify(job)])
  const theirs = await Side.start(python, [join(here, 'reference_step.py'), 'serve', JSON.stringify(job)])
  const steps = Number(options.steps)
  const [ourRun, theirRun] = [ours, theirs].map((side) => (): Promise<Ran> => side.ask<Ran>({ run: steps }))
  const rate = async (): Promise<number> => (await meter.ask<{ readonly rate: number }>({ seconds: 0.3 })).rate
  await ourRun!()
  await theirRun!()
  const rounds: Round[] = []
  for (let round = 0; round < Number(options.rounds); round++) {
    const before = await rate()
    // Who goes first changes from round to round.
    const first = await (round % 2 === 0 ? ourRun! : theirRun!)()
    const second = await (round % 2 === 0 ? theirRun! : ourRun!)()
    const [a, b] = round % 2 === 0 ? [first, second] : [second, first]
    rounds.push({ ours: a, theirs: b, rate: (before + (await rate())) / 2 })
  }
  const peak = { ours: ours.peak(), theirs: theirs.peak() }
  await ours.stop()
  await theirs.stop()
  const flop = { ours: ours.ready.flop, theirs: theirs.ready.flop }
  return { case: item, rounds, flop, peak, about: [ours.ready.about, theirs.ready.about] }
}

function report({ case: { name }, rounds, flop, peak }: Result): void {
  const side = (which: 'ours' | 'theirs'): string => {
    const times = rounds.flatMap((round) => round[which].milliseconds)
    const cpu = median(rounds.map((round) => (round[which].cpuSeconds / round[which].milliseconds.length) * 1000))
    const share = median(rounds.map((round) => flop[which] / (median(round[which].milliseconds) / 1000) / round.rate))
    const { resident, mapped } = peak[which]
    const memory = `peak ${mb(resident)} MB, ${mb(resident - mapped)} without ${mb(mapped)} mapped`
    return (
      `${median(times).toFixed(1)} ms (min ${Math.min(...times).toFixed(1)}, max ${Math.max(...times).toFixed(1)}), ` +
      `${cpu.toFixed(1)} ms of processor time, ${(flop[which] / 1e9).toFixed(1)} GFLOP, ${(share * 100).toFixed(0)} % of the matrix rate, ${memory}`
    )
  }
  const ratios = rounds.map(({ ours, theirs }) => median(ours.milliseconds) / median(theirs.milliseconds))
  const cpuRatios = rounds.map(({ ours, theirs }) => ours.cpuSeconds / theirs.cpuSeconds)
  const memory = (peak.ours.resident - peak.ours.mapped) / (peak.theirs.resident - peak.theirs.mapped)
  const rate = median(rounds.map((round) => round.rate))
  process.stdout.write(
    `${name}   matrix rate ${(rate / 1e9).toFixed(1)} GFLOP/s\n  Attune   ${side('ours')}\n  PyTorch  ${side('theirs')}\n` +
      `  ratio    time ${spread(ratios)}, processor time ${spread(cpuRatios)}, ` +
      `peak ${(peak.ours.resident / peak.theirs.resident).toFixed(2)}, without mapped pages ${memory.toFixed(2)}\n`
  )
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
