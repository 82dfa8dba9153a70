import { Random } from '../../base/random.ts'
import type { HostTensor } from '../runtime/port.ts'
import { lossFeeds } from '../tasks/losses.ts'
import { collate, type CollateSettings, type Sequence } from './batches.ts'
import type { Batch } from './feeding.ts'
import { feeds } from './forward.ts'

export interface MaskingSettings extends CollateSettings {
  readonly maskId: number
  readonly vocabularySize: number
  readonly specialIds: ReadonlySet<number>
  /** Share of tokens to be guessed. */
  readonly probability: number
}

/**
 * A masked-language-model batch (arXiv:1810.04805, as transformers' DataCollatorForLanguageModeling): each ordinary token is chosen with
 * `probability`; of the chosen, 80 % become the mask token, 10 % a random token, 10 % stay. `draw` names the stream, so that a use of a batch
 * always draws the same masks. A batch without any chosen token gets its first ordinary one, so that the loss is defined.
 */
export function maskBatch(
  sequences: readonly Sequence[],
  settings: MaskingSettings,
  seed: number,
  draw: string
): { batch: Batch; count: number } {
  const random = new Random(seed, `mlm/${draw}`)
  const time = sequences.reduce((longest, { ids }) => Math.max(longest, ids.length), 1)
  const positions: bigint[] = []
  const labels: bigint[] = []
  const masked = sequences.map(({ ids, typeIds }, row): Sequence => {
    const changed = Int32Array.from(ids)
    ids.forEach((id, i) => {
      if (settings.specialIds.has(id) || random.uniform() >= settings.probability) return
      positions.push(BigInt(row * time + i))
      labels.push(BigInt(id))
      changed[i] = replacement(id, settings, random)
    })
    return { ids: changed, typeIds }
  })
  if (positions.length === 0) {
    const ids = sequences[0]?.ids ?? new Int32Array(1)
    const at = Math.max(
      0,
      ids.findIndex((id) => !settings.specialIds.has(id))
    )
    positions.push(BigInt(at))
    labels.push(BigInt(ids[at] ?? 0))
  }
  const batch = collate(masked, settings)
  const ints = (data: readonly bigint[]): HostTensor => ({ type: 'int64', shape: [data.length], data: BigInt64Array.from(data) })
  const inputs = { ...batch.inputs, [feeds.labelPositions]: ints(positions), [lossFeeds.labels]: ints(labels) }
  return { batch: { sizes: { ...batch.sizes, examples: positions.length }, inputs }, count: positions.length }
}

function replacement(id: number, { maskId, vocabularySize }: MaskingSettings, random: Random): number {
  const draw = random.uniform()
  if (draw < 0.8) return maskId
  return draw < 0.9 ? random.below(vocabularySize) : id
}
