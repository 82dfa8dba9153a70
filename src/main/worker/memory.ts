import type { RunConfig } from '../config/config-types.ts'
import { InputError, StoppedError } from '../base/errors.ts'
import { freeMemory } from '../base/free-memory.ts'
import { processMemory, youngToCome } from '../base/process-memory.ts'
import { counted } from '../base/wording.ts'
import type { Batches, Preflight } from '../engine/training/preflight.ts'
import type { MemoryPlan } from '../engine/training/run-memory.ts'
import type { Probed } from './probe-run.ts'
import type { Outcome } from './protocol.ts'
import { fewestThatFit, fixedLayers, recomputingSentence, sizeText, type Recomputing } from './recomputing.ts'

/** What a run will take of memory, in bytes. */
export interface MemoryForecast {
  /** The best that is known: what the probe measured where there was one, else what was worked out. */
  readonly bytes: number
  readonly plan: MemoryPlan
  readonly probed: Probed | null
  /** Rows to a micro-batch where those asked for would not fit: the most that do. */
  readonly microBatch: number | null
  readonly recomputing: Recomputing
}

/** A way to run that fits: the run's own batches or smaller ones. */
interface Fitting extends Omit<MemoryForecast, 'recomputing'> {
  readonly batches: Batches
  /** What was measured over what was worked out. */
  readonly scale: number
}

/** Bytes that a run may take, and the phrase that says why. */
interface Allowance {
  readonly bytes: number
  readonly phrase: string
}

export interface MemoryCheck {
  readonly preflight: Preflight
  readonly config: RunConfig
  /** Rehearses the run in a process of its own; null where it is not wanted. */
  readonly probe: ((recomputed: number) => Promise<Outcome>) | null
  /** Whether the run is rehearsed whatever was worked out; else only where that comes near to what is free. */
  readonly isProbedAlways: boolean
  readonly onNote: (code: string, message: string) => void
  readonly onProbe: () => void
  readonly free?: typeof freeMemory
}

/** From this share of what is free on, what was worked out (±25 %) is not sure enough and the run is rehearsed (docs/decisions/0007). */
const unsureShare = 0.5

/**
 * Says what a run will take of memory. One that cannot fit makes layers again where it may (`gradient_checkpointing: auto`), the fewest that are enough; where all
 * are not, it is cut to the largest micro-batch that fits besides, with a note: its steps keep their rows. Where none does it is refused, with what
 * would fit. @throws InputError
 */
export async function checkMemory(check: MemoryCheck): Promise<MemoryForecast> {
  const { preflight, config, onNote } = check
  const held = processMemory().own + youngToCome()
  const allowed = await allowance(config, held, check.free ?? freeMemory)
  const predict: Predict = (batches = preflight.own, layers = preflight.recomputed) =>
    preflight.memory(held, config.training.baselines, batches, layers)
  const { batches, scale, ...fitting } = await fit(check, allowed, predict)
  const { recomputed: layers, recomputable: of } = preflight
  const without = scale * predict(batches, 0).total
  const recomputing = { layers, of, bytes_without: without, work: layers === 0 ? 1 : preflight.extraWork() }
  const sentence = recomputingSentence(config.training.gradient_checkpointing, recomputing, fitting.bytes)
  if (sentence !== null) onNote('gradient-checkpointing', sentence)
  return { ...fitting, recomputing }
}

async function fit(check: MemoryCheck, allowed: Allowance, predict: Predict): Promise<Fitting> {
  const { preflight, probe, isProbedAlways } = check
  settleLayers(check, allowed, predict, 1)
  const plan = predict()
  // What is far out of reach is not tried: it would push the person's other programs out of memory.
  if (plan.total > 2 * allowed.bytes) return cutOrRefused(check, plan.total, allowed, predict, 1)
  const isUnsure = plan.total > unsureShare * allowed.bytes
  const probed = probe && (isProbedAlways || isUnsure) ? await probeOf(check, probe) : null
  if (probed === 'killed') {
    // Whatever is said to be free: half of that is tried.
    const half = cut(check, allowed.bytes / 2, predict, 1)
    if (half) return toldCut(check, 'The system ended the trial step of this run for want of memory.', half)
    throw killed(preflight, allowed, (batches) => predict(batches).total)
  }
  const measured = probed === null ? plan.total : Math.max(probed.own_bytes + plan.otherShapes + plan.beside, plan.judgingTotal)
  // What the probe taught about this run holds for its smaller versions too.
  const scale = measured / plan.total
  if (measured > allowed.bytes) settleLayers(check, allowed, predict, scale)
  const settled = predict()
  const bytes = settled.total === plan.total ? measured : scale * settled.total
  if (bytes > allowed.bytes) return cutOrRefused(check, bytes, allowed, predict, scale)
  return { bytes, plan: settled, probed, microBatch: null, batches: preflight.own, scale }
}

/** Memory of the run, or of its version with other batches or so many layers made again. */
type Predict = (batches?: Batches, layers?: number) => MemoryPlan

function settleLayers({ preflight, config }: MemoryCheck, allowed: Allowance, predict: Predict, scale: number): void {
  const bytesWith = (layers: number): number => scale * predict(preflight.own, layers).total
  const fixed = fixedLayers(config.training.gradient_checkpointing, preflight)
  preflight.recompute(fixed ?? fewestThatFit(() => preflight.worthwhile(), allowed.bytes, bytesWith))
}

/** The run in the largest micro-batches that take at most `limit` bytes, `scale` times what is worked out; null where not even a row at a time does. */
function cut({ preflight }: MemoryCheck, limit: number, predict: Predict, scale: number): Fitting | null {
  for (const batches of microBatches(preflight.own)) {
    const plan = predict(batches)
    const bytes = scale * plan.total
    if (bytes <= limit) return { bytes, plan, probed: null, microBatch: batches.batchSize, batches, scale }
  }
  return null
}

function cutOrRefused(check: MemoryCheck, bytes: number, allowed: Allowance, predict: Predict, scale: number): Fitting {
  const smaller = cut(check, allowed.bytes, predict, scale)
  if (smaller) return toldCut(check, tooMuch(bytes, allowed), smaller)
  throw refusal(bytes, allowed, check.preflight, (batches) => scale * predict(batches).total)
}

function toldCut({ preflight, onNote }: MemoryCheck, why: string, smaller: Fitting): Fitting {
  const { microBatch, bytes } = smaller
  const rows = counted(microBatch ?? 0, 'row')
  onNote(
    'memory-batches',
    `${why} So ${rows} instead of ${preflight.own.batchSize} are computed at a time, which takes about ${sizeText(bytes)}; the steps keep their rows, and what is learned stays what was asked for.`
  )
  return smaller
}

const tooMuch = (bytes: number, allowed: Allowance): string =>
  `This run would take about ${sizeText(bytes)} of memory; ${sizeText(allowed.bytes)} ${allowed.phrase}.`

async function allowance({ training }: RunConfig, held: number, free: typeof freeMemory): Promise<Allowance> {
  if (training.memory_limit !== null) return { bytes: training.memory_limit, phrase: 'memory_limit allows' }
  const { bytes, bound } = await free()
  return { bytes: bytes + held, phrase: bound === 'machine' ? 'is free' : 'is what the container leaves' }
}

async function probeOf(
  { preflight, onNote, onProbe }: MemoryCheck,
  probe: NonNullable<MemoryCheck['probe']>
): Promise<Probed | 'killed' | null> {
  onProbe()
  const outcome = await probe(preflight.recomputed)
  if (outcome.event === 'finished') return outcome as Probed // As probeRun returns it.
  if (outcome.code === 'stopped') throw new StoppedError()
  if (outcome.code === 'trainer-crashed' && outcome.message.includes('SIGKILL')) return 'killed'
  onNote('probe-failed', `The trial step could not be made, so memory is only worked out: ${outcome.message}`)
  return null
}

function refusal(bytes: number, allowed: Allowance, preflight: Preflight, totalOf: (batches: Batches) => number): InputError {
  const fitting = candidates(preflight.own).find((batches) => totalOf(batches) <= allowed.bytes)
  const advice = fitting
    ? `This would fit, at about ${sizeText(totalOf(fitting))}: ${differences(fitting, preflight.own)}.`
    : 'No batch size makes it fit. Use method: lora or head, a smaller model, or close other programs.'
  return new InputError('memory-short', `${tooMuch(bytes, allowed)} ${advice}`, { key: 'training.per_device_train_batch_size' })
}

/** The system ended the trial step for want of memory, and no micro-batch takes half of what it says is free. */
function killed(preflight: Preflight, { bytes }: Allowance, totalOf: (batches: Batches) => number): InputError {
  const fitting = candidates(preflight.own).find((batches) => totalOf(batches) <= bytes / 2)
  const advice = fitting ? `Try ${differences(fitting, preflight.own)}, or` : 'Use method: lora or head, a smaller model, or'
  const sentence = `The system ended the trial step of this run for want of memory. ${advice} close other programs.`
  return new InputError('memory-short', sentence, { key: 'training.per_device_train_batch_size' })
}

/** The run in smaller micro-batches, the largest first, and as many more of them to a step. */
function microBatches(own: Batches): Batches[] {
  const sizes = Array.from({ length: own.batchSize - 1 }, (_, i) => own.batchSize - 1 - i).filter(
    (size) => own.batchSize % size === 0
  )
  return sizes.map((batchSize) => ({ ...own, batchSize, accumulation: (own.accumulation * own.batchSize) / batchSize }))
}

/**
 * Versions of a run that learn the same or nearly so, the best first: smaller micro-batches and as many more of them to a step, then smaller evaluation
 * batches as well, then shorter texts.
 */
function candidates(own: Batches): Batches[] {
  const smaller = microBatches(own)
  const evaluated = [own, ...smaller].map((each) => ({
    ...each,
    evaluationBatchSize: Math.min(own.evaluationBatchSize, Math.max(each.batchSize, 1))
  }))
  const least = evaluated.at(-1) ?? own
  const lengths = [1024, 512, 384, 256, 192, 128, 96, 64, 32].filter((length) => length < own.maxLength)
  return [...smaller, ...evaluated, ...lengths.map((maxLength) => ({ ...least, maxLength }))]
}

function differences(wanted: Batches, own: Batches): string {
  const names = {
    batchSize: 'per_device_train_batch_size',
    accumulation: 'gradient_accumulation_steps',
    evaluationBatchSize: 'per_device_eval_batch_size',
    maxLength: 'max_length'
  } as const
  const keys = Object.keys(names) as (keyof typeof names)[] // The keys of the object above.
  return keys
    .filter((key) => wanted[key] !== own[key])
    .map((key) => `${names[key]}: ${wanted[key]}`)
    .join(', ')
}
