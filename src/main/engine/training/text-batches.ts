import { defined } from '../../base/assert.ts'
import { lazy } from '../../base/lazy.ts'
import { answerInputs } from './answer-batches.ts'
import { cutWindow } from './back-off.ts'
import { collate, cut, epochBatches, inWindows, longestOf, type CollateSettings } from './batches.ts'
import { crfInputs, crfSteps } from './crf-batches.ts'
import type { Examples } from './examples.ts'
import type { WeightedBatch } from './loop-settings.ts'
import { maskBatch, type MaskingSettings } from './masked-lm.ts'
import type { Sizes } from './memory.ts'
import { collatePacked, packingRoom, packLayout, type PackedLayout } from './packing.ts'
import type { PrefixInput } from './prefix.ts'
import type { RunSettings } from './run-settings.ts'
import { askUnits, tagTargets, unitsAsked } from './token-batches.ts'
import { batchTargets, type Targets, type TargetSettings } from './targets.ts'

export interface TextBatchesInput {
  readonly examples: Examples
  readonly settings: RunSettings
  /** What each row is answered with; null where words are (`Examples.tagged`) and for masked-lm. */
  readonly targets: Targets | null
  readonly targetSettings: TargetSettings
  readonly collate: CollateSettings
  /** Null but for masked-lm. */
  readonly masking: MaskingSettings | null
}

/** How many of an epoch's longest batches are looked at to find the one that needs the most memory. */
const candidates = 8

/** The micro-batches of training. */
export class TextBatches {
  readonly #input: TextBatchesInput

  readonly #crfSteps = lazy(() => (this.#input.examples.tagged ? crfSteps(this.#input.examples.tagged) : 1))

  constructor(input: TextBatchesInput) {
    this.#input = input
  }

  /** Rows of each micro-batch of an epoch. */
  ofEpoch(epoch: number): Int32Array[] {
    return this.windowsOf(epoch).flat()
  }

  /** The same by optimizer step. Batches that are cut smaller stay in the step that they were in. */
  windowsOf(epoch: number): Int32Array[][] {
    const { examples, settings } = this.#input
    const { seed, groupByLength, cutFrom } = settings
    const { batchSize, accumulation } = cutFrom ?? settings
    const windows = inWindows(epochBatches(examples.lengths, { seed, epoch, batchSize, groupByLength }), accumulation)
    return cutFrom === null ? windows : windows.map((batches) => batches.flatMap((rows) => cut(rows, settings.batchSize)))
  }

  /** The numbers behind the named dims of the batch that these rows make. */
  sizesOf(rows: Int32Array): Sizes {
    const layout = this.#layoutOf(rows)
    const time = layout?.time ?? this.#longest(rows)
    const count = layout?.rows ?? rows.length
    const examples = this.#asked(rows)
    return { rows: count, texts: rows.length, time, tokens: count * time, examples, longest: this.#longest(rows) }
  }

  /** The micro-batch of the first epoch that needs the most memory, as `need` tells it; of those cut to `microBatch` rows where it is not null. */
  largest(need: (sizes: Sizes) => number, microBatch: number | null = null): Int32Array {
    const size = (rows: Int32Array): number =>
      this.#input.settings.packing ? this.#tokens(rows) : rows.length * this.#longest(rows)
    const longest = [...cutWindow(this.ofEpoch(0), microBatch)].sort((a, b) => size(b) - size(a))
    const needed = longest.slice(0, candidates).map((rows) => ({ rows, bytes: need(this.sizesOf(rows)) }))
    return needed.reduce((a, b) => (b.bytes > a.bytes ? b : a), { rows: new Int32Array(0), bytes: -1 }).rows
  }

  /** The batch of these rows. `draw` names the stream of masked-lm's masks; `cache` gives the frozen prefix's vectors. */
  async make(rows: Int32Array, draw: string, cache: PrefixInput | null): Promise<WeightedBatch> {
    const { examples, settings, targets, targetSettings, masking, collate: collating } = this.#input
    const chosen = await examples.sequences.of(rows)
    const tokens = this.#tokens(rows)
    if (masking) {
      const packing = settings.packing ? { packRoom: packingRoom(settings.maxLength) } : {}
      const { batch, count } = maskBatch(chosen, { ...masking, ...packing }, settings.seed, draw)
      return { batch, weight: count, tokens }
    }
    const layout = this.#layoutOf(rows)
    const batch = layout ? collatePacked(chosen, collating, layout) : collate(chosen, collating)
    const prefix = cache ? await cache.input(rows, examples.lengths, batch.sizes['time'] ?? 1, layout) : {}
    if (examples.tagged) {
      const { time = 1 } = batch.sizes
      const asked = askUnits(examples.tagged, rows, batch, (index) => layout?.starts[index] ?? index * time)
      if (examples.answers) {
        const inputs = { ...asked.batch.inputs, ...answerInputs(examples.answers, examples.lengths, rows), ...prefix }
        const sizes = { ...asked.batch.sizes, texts: rows.length, longest: this.#longest(rows) }
        return { batch: { sizes, inputs }, weight: rows.length, tokens }
      }
      const made = tagTargets(examples.tagged, targetSettings, asked.units)
      const crf = settings.loss === 'crf' ? crfInputs(examples.tagged, rows, this.#crfSteps()) : {}
      const inputs = { ...asked.batch.inputs, ...made.inputs, ...prefix, ...crf }
      return { batch: { sizes: { ...asked.batch.sizes, texts: rows.length }, inputs }, weight: made.weight, tokens }
    }
    const dataRows = rows.map((row) => examples.rowOf[row] ?? 0)
    const part = Float64Array.from(rows, (row) => examples.share[row] ?? 1)
    const made = batchTargets(defined(targets, 'targets'), targetSettings, dataRows, part)
    return { batch: { sizes: batch.sizes, inputs: { ...batch.inputs, ...made.inputs, ...prefix } }, weight: made.weight, tokens }
  }

  /** How many answers the head gives for these rows. */
  #asked(rows: Int32Array): number {
    const { examples, settings } = this.#input
    if (settings.task === 'masked-lm') return Math.ceil(this.#tokens(rows) * settings.maskProbability)
    return examples.tagged ? unitsAsked(examples.tagged, rows) : rows.length
  }

  #layoutOf(rows: Int32Array): PackedLayout | null {
    const { examples, settings } = this.#input
    if (!settings.packing) return null
    return packLayout(
      Array.from(rows, (row) => examples.lengths[row] ?? 0),
      packingRoom(settings.maxLength)
    )
  }

  #tokens(rows: Int32Array): number {
    return rows.reduce((sum, row) => sum + (this.#input.examples.lengths[row] ?? 0), 0)
  }

  #longest(rows: Int32Array): number {
    return longestOf(rows, this.#input.examples.lengths)
  }
}
