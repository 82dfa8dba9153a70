import { globSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { alpha, labels, learningRate, maxGradNorm, rank, rows, time } from '../../bench/cases.ts'
import { Side } from '../../bench/child.ts'

// Where a step's forward and backward pass goes, by operator: `profile.ts MODEL FOLDER METHOD:DROPOUT:MODE`. With CUDA_LAUNCH_BLOCKING=1 each launch waits for its
// kernel, so that the library's times of nodes are those of the card (and of the launch).

const [model = '', folder = '', named = 'full:0.1:float32'] = process.argv.slice(2)
const [method = 'full', share, mode = 'float32'] = named.split(':')
const precision = mode === 'tf32' ? 'float32' : mode
const job = {
  name: method,
  method,
  dropout: Number(share),
  tf32: mode === 'tf32',
  precision,
  folder: model,
  width: 768,
  rows,
  time
}
const text = JSON.stringify({ ...job, labels, rank, alpha, learningRate, maxGradNorm })
mkdirSync(folder, { recursive: true })
const prefix = join(folder, named.replaceAll(':', '-'))
const side = await Side.start(process.execPath, [join(import.meta.dirname, '../../bench/attune-step.ts'), text, prefix])
const steps = 8
await side.ask({ run: steps })
await side.stop()

interface ProfileEvent {
  readonly cat?: string
  readonly name?: string
  readonly dur?: number
  readonly args?: { readonly op_name?: string; readonly provider?: string }
}
const file = globSync(`${prefix}*.json`)[0] ?? ''
const events = JSON.parse(readFileSync(file, 'utf8')) as readonly ProfileEvent[] // ONNX Runtime's own format.
const kernels = events.filter(({ cat, name = '' }) => cat === 'Node' && name.endsWith('_kernel_time'))
const sums = new Map<string, { count: number; micros: number }>()
for (const { dur = 0, args } of kernels.slice(kernels.length / 2)) {
  const key = `${args?.op_name ?? '?'} ${args?.provider === 'CUDAExecutionProvider' ? '' : (args?.provider ?? '')}`
  const sum = sums.get(key) ?? { count: 0, micros: 0 }
  sums.set(key, { count: sum.count + 1, micros: sum.micros + dur })
}
const half = steps / 2
const total = [...sums.values()].reduce((all, { micros }) => all + micros, 0)
console.log(
  `${named}: ${(total / half / 1000).toFixed(2)} ms in nodes of a step, of ${[...new Set(events.map(({ cat }) => cat))].join(', ')}`
)
for (const [key, { count, micros }] of [...sums].sort(([, a], [, b]) => b.micros - a.micros).slice(0, 22))
  console.log(
    `   ${key.padEnd(24)} ${(micros / half / 1000).toFixed(3).padStart(8)} ms  ${(count / half).toFixed(0).padStart(4)} nodes`
  )
process.exit(0)
