import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { alpha, labels, learningRate, maxGradNorm, rank, rows, time, type Ran } from '../../bench/cases.ts'
import { Side } from '../../bench/child.ts'

// Step time of Attune and of PyTorch eager on one device, alternating in one run: `bench.ts FOLDER`. ATTUNE_PYTHON names the Python;
// ATTUNE_GPU_PROVIDER and ATTUNE_GPU_PACK name ours (device.ts), ATTUNE_BENCH_DEVICE is PyTorch's device, ATTUNE_BENCH_ROWS the rows of a batch,
// ATTUNE_BENCH_CASES what is timed, as method:dropout:mode with commas between (modes: float32, tf32, bf16, fp16), ATTUNE_BENCH_ROUNDS how often in turns.

const [folder = '/tmp/attune-gpu-bench'] = process.argv.slice(2)
const bench = join(import.meta.dirname, '../../bench')
const python = process.env['ATTUNE_PYTHON'] ?? 'python3'
const device = process.env['ATTUNE_BENCH_DEVICE'] ?? 'cuda'
const steps = Number(process.env['ATTUNE_BENCH_STEPS'] ?? 10)
const rounds = Number(process.env['ATTUNE_BENCH_ROUNDS'] ?? 5)
const width = Number(process.env['ATTUNE_BENCH_WIDTH'] ?? 768)

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN
const show = (values: readonly number[]): string =>
  `${median(values).toFixed(2)} ms (${Math.min(...values).toFixed(2)}–${Math.max(...values).toFixed(2)})`

/** Memory of the card that is taken, in MiB; NaN where nvidia-smi is not there. */
function taken(): number {
  const { stdout } = spawnSync('nvidia-smi', ['--query-gpu=memory.used', '--format=csv,noheader,nounits'], { encoding: 'utf8' })
  return Number.parseInt(stdout || '', 10)
}

const model = join(folder, `m${width}`)
if (!existsSync(model)) {
  mkdirSync(folder, { recursive: true })
  spawnSync(python, [join(bench, 'reference_step.py'), 'write', model, `${width}`], { stdio: 'inherit' })
}
console.log(`batch ${rows} × ${time} tokens, width ${width}, six layers`)
const every = ['lora', 'full'].flatMap((method) =>
  [0, 0.1].flatMap((dropout) => ['float32', 'tf32', 'bf16'].map((mode) => `${method}:${dropout}:${mode}`))
)
const empty = taken()
let reference: Side | undefined
for (const named of process.env['ATTUNE_BENCH_CASES']?.split(',') ?? every) {
  const [method = 'lora', share, mode = 'float32'] = named.split(':')
  const [dropout, tf32, precision] = [Number(share), mode === 'tf32', mode === 'tf32' ? 'float32' : mode]
  const job = { name: method, method, dropout, tf32, precision, device, folder: model, width, rows, time, labels, rank, alpha }
  const text = JSON.stringify({ ...job, learningRate, maxGradNorm, attention: 'sdpa' })
  try {
    // One process of PyTorch's for all cases: starting it takes longer than measuring. What it keeps between them counts as its own.
    const idle = taken()
    const ours = await Side.start(process.execPath, [join(bench, 'attune-step.ts'), text])
    await ours.ask<Ran>({ run: steps })
    const own = taken() - idle
    if (reference) await reference.ask({ job: JSON.parse(text) as unknown })
    reference ??= await Side.start(python, [join(bench, 'reference_step.py'), 'serve', text])
    const theirs = reference
    await theirs.ask<Ran>({ run: steps })
    const other = taken() - empty - own
    const runs: { readonly ours: Ran; readonly theirs: Ran }[] = []
    for (let round = 0; round < rounds; round++) {
      // Who goes first changes from round to round.
      const first = await (round % 2 === 0 ? ours : theirs).ask<Ran>({ run: steps })
      const second = await (round % 2 === 0 ? theirs : ours).ask<Ran>({ run: steps })
      runs.push(round % 2 === 0 ? { ours: first, theirs: second } : { ours: second, theirs: first })
    }
    const all = (side: 'ours' | 'theirs'): number[] => runs.flatMap((run) => [...run[side].milliseconds])
    const ratio = median(all('ours')) / median(all('theirs'))
    console.log(
      `${method} dropout ${dropout} ${mode}: Attune ${show(all('ours'))}, PyTorch ${show(all('theirs'))}, ratio ${ratio.toFixed(2)}; ` +
        `card ${own} and ${other} MiB; losses ${runs.at(-1)?.ours.loss.toFixed(4)} ${runs.at(-1)?.theirs.loss.toFixed(4)}`
    )
    const stages = runs.flatMap((run) => run.ours.parts ?? [])
    const parts = ['passes', 'norm', 'update'].map(
      (part, i) => `${part} ${median(stages.map((each) => each[i] ?? NaN)).toFixed(2)} ms`
    )
    console.log(`   ours: ${parts.join(', ')}`)
    await ours.stop()
  } catch (error) {
    console.log(`${method} dropout ${dropout} ${mode}: FAILED ${error instanceof Error ? error.message : String(error)}`)
  }
}
// What it holds of the card must be free again before another bench counts from there.
await reference?.stop()
process.exit(0)
