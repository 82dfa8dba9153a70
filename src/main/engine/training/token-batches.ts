import type { HostTensor } from '../runtime/port.ts'
import type { Batch } from './feeding.ts'
import { feeds } from './feeds.ts'
import { batchTargets, type BatchTargets, type TargetSettings } from './targets.ts'
import type { TaggedUnits } from './token-examples.ts'

/** Units that the sequences `rows` are asked for. */
export const unitsAsked = ({ places }: TaggedUnits, rows: Int32Array): number =>
  rows.reduce((sum, row) => sum + places.at(row).length, 0)

/** A batch that is asked for the tags of its units, and these units in the order of the answers. */
export interface TokenBatch {
  readonly batch: Batch
  readonly units: Int32Array
}

/**
 * Adds the places that are asked for to a batch of the sequences `rows`; `startOf` says where a sequence begins among the batch's tokens.
 */
export function askUnits(tagged: TaggedUnits, rows: Int32Array, batch: Batch, startOf: (index: number) => number): TokenBatch {
  const positions: bigint[] = []
  const units: number[] = []
  rows.forEach((row, index) => {
    for (const place of tagged.places.at(row)) positions.push(BigInt(startOf(index) + place))
    units.push(...tagged.units.at(row))
  })
  const asked: HostTensor = { type: 'int64', shape: [positions.length], data: BigInt64Array.from(positions) }
  return {
    batch: { sizes: { ...batch.sizes, examples: positions.length }, inputs: { ...batch.inputs, [feeds.labelPositions]: asked } },
    units: Int32Array.from(units)
  }
}

/** The units' true tags as the losses want them. */
export const tagTargets = ({ tags, classes }: TaggedUnits, settings: TargetSettings, units: Int32Array): BatchTargets =>
  batchTargets({ kind: 'single-label', labels: tags, classes }, settings, units)
