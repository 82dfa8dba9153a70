import { createHash } from 'node:crypto'
import { defined } from '../base/assert.ts'
import type { Mark } from '../base/mark.ts'
import type { Dataset } from '../data/dataset-types.ts'
import { classLosses, type EntityData, type FoundMark } from '../engine/evaluation/index.ts'
import { crfSurprise } from '../engine/tasks/crf-scores.ts'
import { encodeTags } from '../engine/tasks/tags.ts'
import type { Transitions } from '../engine/tasks/viterbi.ts'
import { groupNumbers } from './group-numbers.ts'
import type { Answered } from './opened-export.ts'
import type { ReplayedRows, RowReader } from './own-rows.ts'
import { marksIn, type Marking } from './prepare-marks.ts'

/** Tested documents whose passages are marked. */
export interface MarkedRows extends ReplayedRows {
  /** The marks of each, in order and apart. */
  readonly truth: readonly (readonly Mark[])[]
  /** Found passages, ready to be judged. */
  readonly judged: (said: readonly (readonly FoundMark[])[]) => EntityData
}

/** Reads documents whose passages are marked. `learned`: what a conditional random field learned; null where there is none. */
export function markedRows(marking: Marking, learned: Transitions | null): RowReader<MarkedRows> {
  const marksOf = (dataset: Dataset, rows: Int32Array): (readonly Mark[])[] => {
    const all = marksIn(dataset)
    return Array.from(rows, (row) => all[row] ?? [])
  }
  const textsOf = ({ texts }: Dataset, rows: Int32Array): string[] => Array.from(rows, (row) => texts[row] ?? '')
  return {
    contentOf: (dataset, rows) => ({
      texts: textsOf(dataset, rows),
      pairs: null,
      losses: (answered) => lossesOf(answered, marksOf(dataset, rows), marking, learned)
    }),
    hashOf(dataset, rows) {
      const hash = createHash('sha256')
      const marks = marksOf(dataset, rows)
      for (const [i, text] of textsOf(dataset, rows).entries())
        hash.update(JSON.stringify([text, marks[i]?.map(({ start, end, label }) => [start, end, label])]))
      return hash.digest('hex')
    },
    groupsOf: groupNumbers,
    tested(dataset, rows, replayed) {
      const truth = marksOf(dataset, rows)
      return { ...replayed, truth, judged: (said) => ({ types: marking.tags.types, truth, said }) }
    }
  }
}

/** Mean surprise at the true tags of each document's words; 0 for a document without words. */
function lossesOf(
  { logits, examples }: Answered,
  truth: readonly (readonly Mark[])[],
  { tags }: Marking,
  learned: Transitions | null
): Float64Array {
  const { starts, from, to } = defined(examples.tagged, 'the units of marked texts')
  return Float64Array.from(truth, (marks, row) => {
    const [first, end] = [starts[row] ?? 0, starts[row + 1] ?? 0]
    if (first === end) return 0
    const units = Array.from({ length: end - first }, (_, i) => ({ start: from[first + i] ?? 0, end: to[first + i] ?? 0 }))
    const own = logits.subarray(first * tags.size, end * tags.size)
    const path = encodeTags(units, marks, tags)
    const sum = learned ? crfSurprise(own, path, learned) : classLosses(own, path, tags.size).reduce((a, b) => a + b, 0)
    return sum / units.length
  })
}
