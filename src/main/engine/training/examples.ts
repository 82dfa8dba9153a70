import type { Tokenizer } from '../text/tokenizer.ts'
import { tokensAt, type TokenTable } from '../text/token-table.ts'
import type { Sequence } from './batches.ts'
import type { RunSettings } from './run-settings.ts'
import type { AnswerPlaces } from './answer-examples.ts'
import type { TaggedUnits } from './token-examples.ts'

/** The tokenised rows of one split. A row may have several sequences (windows); `rowOf` says whose each one is. */
export interface Examples {
  readonly sequences: readonly Sequence[]
  /** Row number in the data set of each sequence. */
  readonly rowOf: Int32Array
  /** What each sequence counts for: 1 over the number of its row's windows. */
  readonly share: Float64Array
  readonly lengths: Int32Array
  /** The rows, in order; those of training may stand there several times. */
  readonly rows: Int32Array
  readonly truncatedRows: number
  readonly truncatedTokens: number
  /** What is asked of each sequence where every word is answered, instead of each row. */
  readonly tagged?: TaggedUnits
  /** Where the true answers stand; left out where none is looked for. */
  readonly answers?: AnswerPlaces
}

type CutSettings = Pick<RunSettings, 'maxLength' | 'truncation' | 'windowStride' | 'headShare'>

/** Cuts the tokens of `rows` to sequences the model can take. */
export function buildExamples(
  tokenizer: Tokenizer,
  table: TokenTable,
  rows: Int32Array,
  { maxLength, truncation, windowStride, headShare }: CutSettings
): Examples {
  const sequences: Sequence[] = []
  const rowOf: number[] = []
  const share: number[] = []
  let truncatedRows = 0
  let truncatedTokens = 0
  for (const row of rows) {
    const second = table.columns > 1 ? tokensAt(table, row, 1) : null
    const built = tokenizer.build(tokensAt(table, row, 0), second, { maxLength, truncation, stride: windowStride, headShare })
    if (built.truncatedTokens > 0) truncatedRows++
    truncatedTokens += built.truncatedTokens
    for (const { ids, typeIds } of built.sequences) {
      sequences.push({ ids, typeIds })
      rowOf.push(row)
      share.push(1 / built.sequences.length)
    }
  }
  const lengths = Int32Array.from(sequences, ({ ids }) => ids.length)
  return {
    sequences,
    rowOf: Int32Array.from(rowOf),
    share: Float64Array.from(share),
    lengths,
    rows,
    truncatedRows,
    truncatedTokens
  }
}
