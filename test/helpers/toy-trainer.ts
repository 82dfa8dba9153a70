/**
 * A trainer of next to nothing: a few integers that learn by arithmetic, kept as real checkpoints in a real run folder. `fault.json` in the data
 * folder says what goes wrong, at which step; it goes wrong once.
 */
import { readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { InputError, StoppedError } from '../../src/main/base/errors.ts'
import { storageProblem } from '../../src/main/base/storage-problem.ts'
import { readTensor } from '../../src/main/engine/weights/read-tensor.ts'
import { loadNewestCheckpoint, saveCheckpoint } from '../../src/main/engine/weights/run-checkpoint.ts'
import type { TrainerRequest } from '../../src/main/worker/protocol.ts'
import { createRunFolder, findRun, MetricsFile, writeRecord } from '../../src/main/worker/run-folder.ts'
import type { Fault } from './faults.ts'

const STEPS = 12
const EVERY = 3
const WIDTH = 8

const send = (message: unknown): void => void process.send?.(message)
const wait = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds))
let isStopped = false

/** One step: each number from itself and its neighbour, in whole numbers that float32 holds exactly. */
const learned = (weights: Float32Array): Float32Array =>
  weights.map((value, i) => (value * 31 + (weights[(i + 1) % WIDTH] ?? 0) * 17 + i) % 65_521)

async function train(configFile: string, resume: boolean): Promise<object> {
  const text = await readFile(configFile, 'utf8')
  const at = (key: string): string => new RegExp(`^${key}: "?([^"\n]+)`, 'm').exec(text)?.[1] ?? ''
  const config = { output: at('output'), model: at('model'), task: at('task'), method: { type: 'lora' } }
  // As the real one does: the model is read before anything else.
  readFileSync(join(config.model, 'config.json'))
  const name = basename(configFile, '.yaml')
  const found = resume ? (await findRun(config.output, name, name)).folder : null
  const folder = found ?? (await createRunFolder(config.output, name, name, new Date().toISOString())).folder
  if (!found)
    await writeFile(
      join(folder, 'config.json'),
      JSON.stringify({ config: { ...config, training: { metric_for_best_model: 'macro_f1' } } })
    )
  const record = { format: 'attune-run-1', name, configHash: name, createdAt: '2026-01-01T00:00:00Z' } as const
  const metrics = new MetricsFile(folder)
  let { step, weights } = await restore(folder)
  await metrics.rewind(step)
  const rows = { train: 7, validation: 2, test: 1 }
  const sizes = { trainable_parameters: WIDTH, total_parameters: WIDTH, totalSteps: STEPS, predicted_rss_bytes: 1000 }
  send({ event: 'started', run: folder, device: 'cpu', resumedFrom: found ? step : null, rows, ...sizes })
  try {
    while (step < STEPS) {
      await wait(2)
      if (isStopped) throw new StoppedError()
      weights = learned(weights)
      step++
      befall(config, folder, step)
      const event = { event: 'step', step, totalSteps: STEPS, epoch: 0, loss: 1 / step, learningRate: 0.1, gradientNorm: 1 }
      const told = { ...event, clipScale: 1, tokens: 8, seconds: 0.002, rssBytes: 1000, ownBytes: 600 }
      metrics.append(told)
      send(told)
      if (step % EVERY === 0) await save(folder, step, weights)
    }
  } catch (error) {
    await writeRecord(folder, { ...record, state: error instanceof StoppedError ? 'stopped' : 'failed' })
    throw storageProblem(error, 'The run cannot go on, its last checkpoint is kept', folder)
  }
  const hash = weights.reduce((sum, value) => (sum * 31 + value) % 1_000_003, 7)
  const measured = { macro_f1: { value: hash, low: hash, high: hash } }
  await writeFile(join(folder, 'report.json'), JSON.stringify({ evaluation: { metrics: measured } }))
  await writeRecord(folder, { ...record, state: 'finished' })
  return { event: 'finished', run: folder, metrics: { test: measured } }
}

async function restore(folder: string): Promise<{ step: number; weights: Float32Array }> {
  const loaded = await loadNewestCheckpoint(folder, 'step')
  if (!loaded) return { step: 0, weights: Float32Array.from({ length: WIDTH }, (_, i) => i + 1) }
  return { step: loaded.step, weights: new Float32Array(await readTensor(loaded.checkpoint, 'weights')) }
}

async function save(folder: string, step: number, weights: Float32Array): Promise<void> {
  const read = async (from: number, length: number): Promise<Float32Array> => weights.slice(from, from + length)
  const tensors = [{ name: 'weights', dtype: 'F32', shape: [WIDTH], read } as const]
  await saveCheckpoint(folder, { series: 'step', step, tensors, state: {} }, { keepPrevious: 1 })
  send({ event: 'checkpoint', step, kind: 'last' })
}

/** What `fault.json` asks of this step. */
function befall({ output, model }: { readonly output: string; readonly model: string }, folder: string, step: number): void {
  const file = join(output, '../fault.json')
  let fault: Fault
  try {
    fault = JSON.parse(readFileSync(file, 'utf8')) as Fault // Written by the test.
  } catch {
    return
  }
  if (fault.step !== step) return
  rmSync(file)
  if (fault.kind === 'full-disk') {
    const path = join(folder, 'metrics.jsonl')
    renameSync(path, `${path}.aside`)
    symlinkSync('/dev/full', path)
  } else if (fault.kind === 'drive') {
    renameSync(model, `${model}-away`)
    throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' })
  } else process.kill(fault.kind === 'main' || fault.kind === 'power-cut' ? process.ppid : process.pid, 'SIGKILL')
}

process.on('message', (request: TrainerRequest) => {
  if (request.kind === 'stop') isStopped = true
  if (request.kind !== 'start' || request.task.kind !== 'train') return
  void train(request.task.configFile, request.task.resume)
    .catch((error: unknown) => {
      const detail = error instanceof Error ? (error.stack ?? '') : String(error)
      if (error instanceof StoppedError)
        return { event: 'failed', exitCode: 130, code: 'stopped', message: error.message, detail }
      if (error instanceof InputError) return { event: 'failed', exitCode: 2, code: error.code, message: error.message, detail }
      return { event: 'failed', exitCode: 1, code: 'internal', message: `Attune failed: ${String(error)}`, detail }
    })
    .then((last) => process.send?.(last, undefined, undefined, () => process.disconnect()))
})
process.on('disconnect', () => process.exit())
