import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { alpha, labels, learningRate, maxGradNorm, rank, rows, time, type Ran } from '../../bench/cases.ts'
import { Side } from '../../bench/child.ts'

// Step time of Attune and of PyTorch eager on one device, alternating in one run: `bench.ts FOLDER`. ATTUNE_PYTHON names the Python;
// ATTUNE_GPU_PROVIDER and ATTUNE_GPU_PACK name ours (device.ts), ATTUNE_BENCH_DEVICE is PyTorch's device, ATTUNE_BENCH_ROWS the rows of a batch,
// ATTUNE_BENCH_CASES what is timed, as method:dropout:tf32 with commas between.

const [folder = '/tmp/attune-gpu-bench'] = process.argv.slice(2)
const bench = join(import.meta.dirname, '../../bench')
const python = process.env['ATTUNE_PYTHON'] ?? 'python3'
const device = process.env['ATTUNE_BENCH_DEVICE'] ?? 'cuda'
const steps = Number(process.env['ATTUNE_BENCH_STEPS'] ?? 10)
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
  [0, 0.1].flatMap((dropout) => [false, true].map((tf32) => `${method}:${dropout}:${tf32}`))
)
for (const named of process.env['ATTUNE_BENCH_CASES']?.split(',') ?? every) {
  const [method = 'lora', share, fast] = named.split(':')
  const [dropout, tf32] = [Number(share), fast === 'true']
  const job = { name: method, method, dropout, tf32, device, folder: model, width, rows, time, labels, rank, alpha }
  const text = JSON.stringify({ ...job, learningRate, maxGradNorm, attention: 'sdpa' })
  try {
    const empty = taken()
    const ours = await Side.start(process.execPath, [join(bench, 'attune-step.ts'), text])
    await ours.ask<Ran>({ run: steps })
    const withOurs = taken()
    const theirs = await Side.start(python, [join(bench, 'reference_step.py'), 'serve', text])
    await theirs.ask<Ran>({ run: steps })
    const withBoth = taken()
    const runs: { readonly ours: Ran; readonly theirs: Ran }[] = []
    for (let round = 0; round < 5; round++) {
      // Who goes first changes from round to round.
      const first = await (round % 2 === 0 ? ours : theirs).ask<Ran>({ run: steps })
      const second = await (round % 2 === 0 ? theirs : ours).ask<Ran>({ run: steps })
      runs.push(round % 2 === 0 ? { ours: first, theirs: second } : { ours: second, theirs: first })
    }
    const all = (side: 'ours' | 'theirs'): number[] => runs.flatMap((run) => [...run[side].milliseconds])
    const ratio = median(all('ours')) / median(all('theirs'))
    console.log(
      `${method} dropout ${dropout} tf32 ${tf32}: Attune ${show(all('ours'))}, PyTorch ${show(all('theirs'))}, ratio ${ratio.toFixed(2)}; ` +
        `card ${withOurs - empty} and ${withBoth - withOurs} MiB; losses ${runs.at(-1)?.ours.loss.toFixed(4)} ${runs.at(-1)?.theirs.loss.toFixed(4)}`
    )
    await ours.stop()
    await theirs.stop()
  } catch (error) {
    console.log(`${method} dropout ${dropout} tf32 ${tf32}: FAILED ${error instanceof Error ? error.message : String(error)}`)
  }
}
process.exit(0)
