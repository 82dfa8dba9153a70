import { defined } from '../../base/assert.ts'
import { InputError } from '../../base/errors.ts'
import { Random } from '../../base/random.ts'
import type { HostTensor } from '../runtime/port.ts'
import { lossFeeds } from '../tasks/losses.ts'
import type { Tokenizer } from '../text/tokenizer.ts'
import { collate, type CollateSettings, type Sequence } from './batches.ts'
import type { Batch } from './feeding.ts'
import { feeds } from './feeds.ts'
import { collatePacked, packLayout } from './packing.ts'
import type { RunSettings } from './run-settings.ts'

export interface MaskingSettings extends CollateSettings {
  readonly maskId: number
  readonly vocabularySize: number
  readonly specialIds: ReadonlySet<number>
  /** Share of tokens to be guessed. */
  readonly probability: number
  /** Which tokens, by id, go on with the word of the token before; null chooses each token by itself. */
  readonly continues: Uint8Array | null
  /** Several texts to a row of at most about this many tokens; absent: one text to a row. */
  readonly packRoom?: number
}

/**
 * Which tokens of a vocabulary go on with a word, by id: those with WordPiece's `##` before them, or, where words begin with `Ġ` (byte-level
 * BPE) or `▁` (SentencePiece), those without. Null where no token has any of these marks: the vocabulary does not tell words apart.
 */
export function continuationTokens({
  highestId,
  tokenOf
}: {
  readonly highestId: number
  readonly tokenOf: (id: number) => string | null
}): Uint8Array | null {
  const tokens = Array.from({ length: highestId + 1 }, (_, id) => tokenOf(id) ?? '')
  if (tokens.some((token) => /^##./u.test(token))) return Uint8Array.from(tokens, (token) => (token.startsWith('##') ? 1 : 0))
  const startsWord = /^[Ġ▁]/u
  if (!tokens.some((token) => startsWord.test(token))) return null
  return Uint8Array.from(tokens, (token) => (startsWord.test(token) ? 0 : 1))
}

/** A sequence with tokens to guess. */
interface MaskedSequence extends Sequence {
  /** Places of the chosen tokens and what stood there. */
  readonly chosen: readonly { readonly at: number; readonly id: number }[]
}

/**
 * Chooses tokens to guess (arXiv:1810.04805, as transformers' DataCollatorForLanguageModeling): each ordinary token, or each whole word
 * where `continues` tells them, is chosen with `probability`; of the chosen tokens, 80 % become the mask token, 10 % a random token, 10 % stay. `draw` names the stream, so that a use of a batch
 * always draws the same masks. A batch without any chosen token gets its first ordinary one, so that the loss is defined.
 */
export function chooseMasks(
  sequences: readonly Sequence[],
  settings: MaskingSettings,
  seed: number,
  draw: string
): readonly MaskedSequence[] {
  const random = new Random(seed, `mlm/${draw}`)
  const { specialIds, continues } = settings
  const masked = sequences.map(({ ids, typeIds }): MaskedSequence => {
    const changed = Int32Array.from(ids)
    const chosen: { at: number; id: number }[] = []
    let isChosen = false
    ids.forEach((id, at) => {
      if (specialIds.has(id)) return
      const goesOn = continues?.[id] === 1 && at > 0 && !specialIds.has(ids[at - 1] ?? id)
      if (!goesOn) isChosen = random.uniform() < settings.probability
      if (!isChosen) return
      chosen.push({ at, id })
      changed[at] = replacement(id, settings, random)
    })
    return { ids: changed, typeIds, chosen }
  })
  const [first, ...others] = masked
  if (!first || masked.some(({ chosen }) => chosen.length > 0)) return masked
  const at = Math.max(
    0,
    first.ids.findIndex((id) => !specialIds.has(id))
  )
  return [{ ...first, chosen: [{ at, id: first.ids[at] ?? 0 }] }, ...others]
}

/** The batch of masked sequences, padded to `padTo` tokens where no text is longer and rows hold one each, and how many tokens are to be guessed. */
export function collateMasked(
  masked: readonly MaskedSequence[],
  settings: MaskingSettings,
  padTo = 1
): { readonly batch: Batch; readonly count: number } {
  const { packRoom } = settings
  const lengths = masked.map(({ ids }) => ids.length)
  const layout = packRoom === undefined ? null : packLayout(lengths, packRoom)
  const batch = layout ? collatePacked(masked, settings, layout) : collate(masked, settings, padTo)
  const { time = 1 } = batch.sizes
  const places = masked.flatMap(({ chosen }, row) =>
    chosen.map(({ at, id }) => ({ position: (layout?.starts[row] ?? row * time) + at, id }))
  )
  const ints = (of: (place: (typeof places)[number]) => number): HostTensor => ({
    type: 'int64',
    shape: [places.length],
    data: BigInt64Array.from(places, (place) => BigInt(of(place)))
  })
  const inputs = {
    ...batch.inputs,
    [feeds.labelPositions]: ints(({ position }) => position),
    [lossFeeds.labels]: ints(({ id }) => id)
  }
  return { batch: { sizes: { ...batch.sizes, examples: places.length }, inputs }, count: places.length }
}

/** A masked-language-model batch (`chooseMasks`). */
export const maskBatch = (
  sequences: readonly Sequence[],
  settings: MaskingSettings,
  seed: number,
  draw: string
): { readonly batch: Batch; readonly count: number } => collateMasked(chooseMasks(sequences, settings, seed, draw), settings)

function replacement(id: number, { maskId, vocabularySize }: MaskingSettings, random: Random): number {
  const draw = random.uniform()
  if (draw < 0.8) return maskId
  return draw < 0.9 ? random.below(vocabularySize) : id
}

/** How a run's tokens are masked. Refuses whole words where the vocabulary does not mark them. */
export function maskingOf(
  settings: CollateSettings,
  tokenizer: Tokenizer,
  { maskProbability, wholeWordMask }: RunSettings
): MaskingSettings {
  const continues = wholeWordMask ? continuationTokens(tokenizer) : null
  if (wholeWordMask && !continues) {
    const sentence =
      'whole_word_mask cannot be used with this model: its vocabulary does not mark where words begin (##, Ġ or ▁). Remove it.'
    throw new InputError('words-unmarked', sentence, { key: 'training.whole_word_mask' })
  }
  const { specialTokens, specialIds, vocabularySize } = tokenizer
  return {
    ...settings,
    maskId: defined(specialTokens.mask, 'the mask token'),
    vocabularySize,
    specialIds,
    probability: maskProbability,
    continues
  }
}
