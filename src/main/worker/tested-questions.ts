import { createHash } from 'node:crypto'
import { defined } from '../base/assert.ts'
import type { Dataset } from '../data/dataset-types.ts'
import type { AnswerStretch } from '../data/questions/parse-answers.ts'
import type { JudgedAnswer } from '../engine/evaluation/index.ts'
import { placesOf } from '../engine/training/answer-examples.ts'
import { surpriseAt, windowsByRow, type ReadQuestion } from '../engine/training/find-answers.ts'
import { judgeQuestions } from './judge-answers.ts'
import { documentNumbers } from './measure-answers.ts'
import type { Answered } from './opened-export.ts'
import type { ReplayedRows, RowReader } from './own-rows.ts'
import { answersIn } from './prepare-answers.ts'

/** Tested questions about texts. */
export interface AskedRows extends ReplayedRows {
  /** What was said to them, beside what is right; `threshold`: the gap above which none is said. */
  readonly judged: (read: readonly ReadQuestion[], threshold: number | null) => JudgedAnswer[]
  /** The right answers of each. */
  readonly truth: readonly (readonly AnswerStretch[])[]
  /** A number for each row's text, or the group that it belongs to. */
  readonly documents: Int32Array
}

/** Reads questions about texts. */
export const askedRows: RowReader<AskedRows> = {
  contentOf: (dataset, rows) => ({
    texts: Array.from(rows, (row) => dataset.texts[row] ?? ''),
    pairs: Array.from(rows, (row) => dataset.pairs?.[row] ?? ''),
    losses: (answered) => lossesOf(answered, truthOf(dataset, rows))
  }),
  hashOf(dataset, rows) {
    const hash = createHash('sha256')
    const truth = truthOf(dataset, rows)
    for (const [i, row] of rows.entries()) {
      const answers = truth[i]?.map(({ start, end }) => [start, end])
      hash.update(JSON.stringify([dataset.texts[row] ?? '', dataset.pairs?.[row] ?? '', answers]))
    }
    return hash.digest('hex')
  },
  groupsOf: (dataset, rows) => documentNumbers(dataset, rows).groups,
  tested: (dataset, rows, replayed) => ({
    ...replayed,
    truth: truthOf(dataset, rows),
    documents: documentNumbers(dataset, rows).groups,
    judged: (read, threshold) => judgeQuestions(dataset, rows, read, { threshold })
  })
}

function truthOf(dataset: Dataset, rows: Int32Array): (readonly AnswerStretch[])[] {
  const answers = answersIn(dataset)
  return Array.from(rows, (row) => answers[row] ?? [])
}

/** The loss of each question: mean surprise over its windows, each at the first and the last token of the first right answer, or at its own first token. */
function lossesOf({ logits, examples }: Answered, truth: readonly (readonly AnswerStretch[])[]): Float64Array {
  const windows = windowsByRow(examples)
  const { units, from, to } = defined(examples.tagged, 'the tokens of asked texts')
  return Float64Array.from(truth, ([answer], i) => {
    const own = windows.get(examples.rows[i] ?? i) ?? []
    const sum = own.reduce((total, sequence) => {
      const tokens = units.at(sequence)
      const start = tokens[0] ?? 0
      const at = (places: Int32Array): Int32Array => places.subarray(start, start + tokens.length)
      const places = (answer && placesOf(at(from), at(to), answer)) ?? [0, 0]
      return total + surpriseAt(logits, start, tokens.length, places)
    }, 0)
    return sum / Math.max(1, own.length)
  })
}
