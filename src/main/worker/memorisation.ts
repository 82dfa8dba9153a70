import { membershipTest } from '../engine/evaluation/index.ts'
import type { Memorisation } from '../export/paper/memorisation.ts'
import type { Answered } from './opened-export.ts'
import type { OwnRows } from './own-rows.ts'

export interface MemorisationInput {
  readonly rows: OwnRows
  /** What the exported files answered to the tested rows. */
  readonly answered: Answered
  /** Asks the exported files. */
  readonly answer: (texts: readonly string[], pairs: readonly string[] | null) => Promise<Answered>
}

/** Fixed, so that exporting twice finds the same. */
const SEED = 1

/**
 * Whether the exported files give away which rows they were trained on: their loss on training rows beside that on tested rows, without those that
 * nearly repeat a training row. Null where no tested row is left.
 */
export async function memorisationOf({ rows, answered, answer }: MemorisationInput): Promise<Memorisation | null> {
  const { learned, part, groups } = rows
  const { isNear, compared } = rows.findNear()
  const members = learned.losses(await answer(learned.texts, learned.pairs))
  const kept = rows.places.flatMap((_, row) => (isNear[row] ? [] : [row]))
  const losses = rows.losses(answered)
  const outsiders = Float64Array.from(kept, (row) => losses[row] ?? NaN)
  const found = membershipTest(members, outsiders, { seed: SEED, groups: groups && numbered(groups, members.length, kept) })
  return found && { ...found, part, trainingRows: learned.of, nearDuplicates: rows.places.length - kept.length, compared }
}

/** The group numbers of the rows that are kept, without gaps. */
function numbered(groups: Int32Array, members: number, kept: readonly number[]): Int32Array {
  const places = new Map<number, number>()
  const rows = [...groups.subarray(0, members), ...kept.map((row) => groups[members + row] ?? 0)]
  return Int32Array.from(rows, (group) => {
    const place = places.get(group) ?? places.size
    places.set(group, place)
    return place
  })
}
