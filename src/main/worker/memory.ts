import type { RunConfig } from '../config/config-types.ts'
import { InputError, StoppedError } from '../base/errors.ts'
import { freeMemory } from '../base/free-memory.ts'
import { processMemory, youngToCome } from '../base/process-memory.ts'
import type { Batches, Preflight } from '../engine/training/preflight.ts'
import type { MemoryPlan } from '../engine/training/run-memory.ts'
import type { Probed } from './probe-run.ts'
import type { Outcome } from './protocol.ts'
import {
  fewestThatFit,
  fixedLayers,
  recomputingOf,
  recomputingSentence,
  sizeText,
  type Checkpointing,
  type Recomputing
} from './recomputing.ts'

/** What a run will take of memory, in bytes. */
export interface MemoryForecast {
  /** The best that is known: what the probe measured where there was one, else what was worked out. */
  readonly bytes: number
  readonly plan: MemoryPlan
  readonly probed: Probed | null
  readonly recomputing: Recomputing
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
 * Says what a run will take of memory, and settles how many layers' values it makes again (`gradient_checkpointing`). Refuses a run that cannot fit, and
 * says what would. @throws InputError
 */
export async function checkMemory(check: MemoryCheck): Promise<MemoryForecast> {
  const { preflight, config, probe, isProbedAlways, onNote } = check
  const { gradient_checkpointing: wanted } = config.training
  const held = processMemory().own + youngToCome()
  const allowed = await allowance(config, held, check.free ?? freeMemory)
  const predictor = new Predictor(preflight, held, config.training.baselines)
  predictor.settle(wanted, allowed.bytes)
  const plan = predictor.plan()
  // What is far out of reach is not tried: it would push the person's other programs out of memory.
  if (plan.total > 2 * allowed.bytes) throw refusal(plan.total, allowed, preflight, predictor)
  const isUnsure = plan.total > unsureShare * allowed.bytes
  const probed = probe && (isProbedAlways || isUnsure) ? await probeOf(check, probe) : null
  if (probed === 'killed') throw killed(preflight, allowed, predictor)
  const measured = probed === null ? plan.total : Math.max(probed.own_bytes + plan.otherShapes, plan.judgingTotal)
  predictor.learn(measured / plan.total)
  if (measured > allowed.bytes) predictor.settle(wanted, allowed.bytes)
  const settled = predictor.plan()
  const bytes = settled.total === plan.total ? measured : predictor.withLayers(preflight.recomputed)
  if (bytes > allowed.bytes) throw refusal(bytes, allowed, preflight, predictor)
  const recomputing = recomputingOf(preflight, predictor.withLayers(0))
  const sentence = recomputingSentence(wanted, recomputing, bytes)
  if (sentence !== null) onNote('gradient-checkpointing', sentence)
  return { bytes, plan: settled, probed, recomputing }
}

/** Memory of the run and of its other versions. */
class Predictor {
  readonly #preflight: Preflight
  readonly #held: number
  readonly #isJudged: boolean
  /** What was measured over what was worked out. What the probe taught about this run holds for its smaller versions too. */
  #scale = 1

  constructor(preflight: Preflight, held: number, isJudged: boolean) {
    this.#preflight = preflight
    this.#held = held
    this.#isJudged = isJudged
  }

  learn(scale: number): void {
    this.#scale = scale
  }

  /** As worked out, without what was learned. */
  plan(batches = this.#preflight.own, layers = this.#preflight.recomputed): MemoryPlan {
    return this.#preflight.memory(this.#held, this.#isJudged, batches, layers)
  }

  /** Bytes with other batches. */
  withBatches(batches: Batches): number {
    return this.#scale * this.plan(batches).total
  }

  /** Bytes with so many layers' values made again. */
  withLayers(layers: number): number {
    return this.#scale * this.plan(this.#preflight.own, layers).total
  }

  settle(wanted: Checkpointing, allowed: number): void {
    const { recomputable } = this.#preflight
    const layers = fixedLayers(wanted, recomputable) ?? fewestThatFit(recomputable, allowed, (n) => this.withLayers(n))
    this.#preflight.recompute(layers)
  }
}

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

function refusal(bytes: number, allowed: Allowance, preflight: Preflight, predictor: Predictor): InputError {
  const sentence = `This run would take about ${sizeText(bytes)} of memory; ${sizeText(allowed.bytes)} ${allowed.phrase}.`
  const least = predictor.withLayers(preflight.recomputable)
  // The result stays the same, so this comes first.
  if (least <= allowed.bytes) {
    const advice = `With gradient_checkpointing: auto it fits; it then takes ${sizeText(least)} or a little more.`
    return new InputError('memory-short', `${sentence} ${advice}`, { key: 'training.gradient_checkpointing' })
  }
  const fitting = candidates(preflight.own).find((batches) => predictor.withBatches(batches) <= allowed.bytes)
  const advice = fitting
    ? `This would fit, at about ${sizeText(predictor.withBatches(fitting))}: ${differences(fitting, preflight.own)}.`
    : 'No batch size makes it fit. Use method: lora or head, a smaller model, or close other programs.'
  return new InputError('memory-short', `${sentence} ${advice}`, { key: 'training.per_device_train_batch_size' })
}

/** The system ended the trial step for want of memory, whatever it says is free: half of that is tried. */
function killed(preflight: Preflight, { bytes }: Allowance, predictor: Predictor): InputError {
  const fitting = candidates(preflight.own).find((batches) => predictor.withBatches(batches) <= bytes / 2)
  const advice = fitting ? `Try ${differences(fitting, preflight.own)}, or` : 'Use method: lora or head, a smaller model, or'
  const sentence = `The system ended the trial step of this run for want of memory. ${advice} close other programs.`
  return new InputError('memory-short', sentence, { key: 'training.per_device_train_batch_size' })
}

/**
 * Versions of a run that learn the same or nearly so, the best first: smaller micro-batches and as many more of them to a step, then smaller evaluation
 * batches as well, then shorter texts.
 */
function candidates(own: Batches): Batches[] {
  const sizes = Array.from({ length: own.batchSize - 1 }, (_, i) => own.batchSize - 1 - i).filter(
    (size) => own.batchSize % size === 0
  )
  const smaller = sizes.map((batchSize) => ({
    ...own,
    batchSize,
    accumulation: (own.accumulation * own.batchSize) / batchSize
  }))
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
