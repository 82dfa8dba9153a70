import { afterTurn } from '../../base/turns.ts'
import { NumberLists, type Lists } from '../text/number-lists.ts'
import { collate, evaluationBatches, longestOf, type CollateSettings } from './batches.ts'
import type { Examples } from './examples.ts'
import type { LoadedGraph } from './feeding.ts'
import { canonicalBatch, type PrefixInput } from './prefix.ts'
import type { RunSettings } from './run-settings.ts'
import { sequencesAtHand } from './sequences.ts'
import type { Stepper } from './stepper.ts'
import type { TextBatches } from './text-batches.ts'

/** Seconds that parts of a run take, each with the tokens (padding included) that it computed. */
export interface Rehearsal {
  /** One optimizer step of usual length. */
  readonly step: Timed
  /** One evaluation batch of the longest texts. */
  readonly evaluation: Timed | null
  /** One batch of the frozen prefix, of the longest texts. */
  readonly frozen: Timed | null
}

export interface Timed {
  readonly seconds: number
  readonly tokens: number
}

/** The run's own parts, opened as the run would open them. */
export interface RehearsalParts {
  readonly batches: TextBatches
  readonly train: Examples
  readonly validation: Examples
  readonly collate: CollateSettings
  readonly settings: Pick<RunSettings, 'evaluationBatchSize' | 'accumulation' | 'seed'>
  /** Stands in for the frozen prefix's vectors, which are not there yet; null where the run has no such prefix. */
  readonly prefix: PrefixInput | null
  readonly openFrozen: () => Promise<LoadedGraph | null>
  readonly openStepper: () => Promise<Stepper>
  readonly look: (examples: Examples, prefix: PrefixInput | null) => Promise<unknown>
  readonly groups: Parameters<Stepper['gradientNorm']>[0]
  readonly largest: Int32Array
  readonly now: () => number
}

/**
 * Does once what takes the run's memory, in the run's order: a batch of the frozen prefix, one whole optimizer step on the largest micro-batch while
 * the next one is made, and an evaluation batch. The step has learning rate 0, and is made twice: the second, on a batch of usual length,
 * says how long a step takes.
 */
export async function rehearse(parts: RehearsalParts): Promise<Rehearsal> {
  const frozen = await frozenBatch(parts)
  const stepper = await parts.openStepper()
  try {
    await step(parts, stepper, parts.largest)
    const evaluation = await evaluationBatch(parts)
    const usual = median(parts.batches)
    await step(parts, stepper, usual)
    return { step: await step(parts, stepper, usual), evaluation, frozen }
  } finally {
    await stepper.dispose()
  }
}

async function step(parts: RehearsalParts, stepper: Stepper, rows: Int32Array): Promise<Timed> {
  const { batches, prefix, groups, now } = parts
  const { accumulation, seed } = parts.settings
  const window = async (at: number): Promise<ReturnType<Stepper['prepare']>[]> => {
    const prepared = []
    for (let microStep = 0; microStep < accumulation; microStep++) {
      const { batch } = await batches.make(rows, `${at}/${microStep}`, prefix)
      prepared.push(stepper.prepare(batch, { seed, step: at, microStep }))
    }
    return prepared
  }
  const current = await window(0)
  const started = now()
  await stepper.beginWindow()
  for (const [i, prepared] of current.entries()) {
    const running = stepper.accumulate(prepared, 1 / rows.length)
    // As the training loop does: the next window is made while this one ends.
    const next = i === accumulation - 1 ? afterTurn(() => window(1)) : null
    await running
    await next
  }
  await stepper.gradientNorm(groups)
  await stepper.update(
    groups.map((group) => ({ group, learningRate: 0, step: 1 })),
    1
  )
  return { seconds: now() - started, tokens: accumulation * (batches.sizesOf(rows)['tokens'] ?? 0) }
}

/** The micro-batch of the first epoch of which as many are shorter as are longer. */
export function median(batches: TextBatches): Int32Array {
  const byLength = batches.ofEpoch(0).sort((a, b) => (batches.sizesOf(a)['tokens'] ?? 0) - (batches.sizesOf(b)['tokens'] ?? 0))
  return byLength[byLength.length >> 1] ?? new Int32Array(0)
}

async function evaluationBatch({ validation, settings, look, prefix, now }: RehearsalParts): Promise<Timed | null> {
  const [longest] = evaluationBatches(validation.lengths, settings.evaluationBatchSize)
  if (!longest) return null
  const examples = await pick(validation, longest)
  const started = now()
  await look(examples, prefix)
  return { seconds: now() - started, tokens: paddedTokens(validation.lengths, longest) }
}

async function frozenBatch({ train, collate: collating, openFrozen, now }: RehearsalParts): Promise<Timed | null> {
  const loaded = await openFrozen()
  const [longest] = evaluationBatches(train.lengths, canonicalBatch)
  if (!loaded || !longest) return null
  const batch = collate(await train.sequences.of(longest), collating)
  const request = { inputs: loaded.feed(batch), fetch: ['prefix'], need: loaded.need(batch) }
  await loaded.program.run(request)
  const started = now()
  await loaded.program.run(request)
  const seconds = now() - started
  await loaded.program.dispose()
  return { seconds, tokens: paddedTokens(train.lengths, longest) }
}

/** Tokens of a batch of these rows, padding included. */
export const paddedTokens = (lengths: Int32Array, rows: Int32Array): number => rows.length * longestOf(rows, lengths)

/** Some sequences, each as if it were a row of its own. */
export async function pick(examples: Examples, sequences: Int32Array): Promise<Examples> {
  const own = (of: Lists): Lists => NumberLists.of(Array.from(sequences, (at) => of.at(at)))
  return {
    sequences: sequencesAtHand(await examples.sequences.of(sequences)),
    rowOf: sequences.map((_, i) => i),
    share: new Float64Array(sequences.length).fill(1),
    lengths: sequences.map((at) => examples.lengths[at] ?? 0),
    rows: sequences.map((_, i) => i),
    truncatedRows: 0,
    truncatedTokens: 0,
    ...(examples.tagged && {
      tagged: { ...examples.tagged, places: own(examples.tagged.places), units: own(examples.tagged.units) }
    })
  }
}
