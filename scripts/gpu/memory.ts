import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { alpha, labels, learningRate, maxGradNorm, rank, rows, time } from '../../bench/cases.ts'
import { Side } from '../../bench/child.ts'
import { moveModels } from '../../src/main/engine/runtime/c-api/device-moves.ts'
import { openNamed } from './device.ts'

// What takes the card's memory, in MiB: `memory.ts MODEL METHOD:DROPOUT:MODE`, or `memory.ts sessions`. ATTUNE_GPU_OPTIONS and the environment vary it.

const [model = '', named = 'lora:0:float32'] = process.argv.slice(2)

function taken(): number {
  const { stdout } = spawnSync('nvidia-smi', ['--query-gpu=memory.used', '--format=csv,noheader,nounits'], { encoding: 'utf8' })
  return Number.parseInt(stdout || '', 10)
}

const empty = taken()
const marks: string[] = []
const mark = (name: string): void => void marks.push(`${name} ${taken() - empty}`)

/** A runtime without a model, and with four sessions more. */
async function sessions(): Promise<void> {
  const runtime = await openNamed()
  mark('opened')
  for (let i = 0; i < 4; i++) await runtime.load({ name: `session-${i}`, model: Buffer.from(moveModels.copy, 'base64') })
  mark('four more sessions')
  await runtime.dispose()
}

/** The benchmark's step in a process of its own. */
async function steps(): Promise<void> {
  const [method = 'lora', share, mode = 'float32'] = named.split(':')
  const precision = mode === 'tf32' ? 'float32' : mode
  const sizes = { folder: model, width: 768, rows, time, labels, rank, alpha, learningRate, maxGradNorm }
  const job = { name: method, method, dropout: Number(share), tf32: mode === 'tf32', precision, ...sizes }
  const side = await Side.start(process.execPath, [join(import.meta.dirname, '../../bench/attune-step.ts'), JSON.stringify(job)])
  mark('loaded')
  await side.ask({ run: 1 })
  mark('first step')
  await side.ask({ run: 5 })
  mark('sixth step')
  await side.stop()
}

await (model === 'sessions' ? sessions() : steps())
console.log(`${model === 'sessions' ? model : named}: ${marks.join(', ')} MiB`)
process.exit(0)
