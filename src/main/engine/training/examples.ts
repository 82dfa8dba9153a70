import { IntList } from '../../base/int-list.ts'
import type { Tokenizer } from '../text/tokenizer.ts'
import { tokensAt, type TokenTable } from '../text/token-table.ts'
import type { RunSettings } from './run-settings.ts'
import type { AnswerPlaces } from './answer-examples.ts'
import { SequenceStore, type Sequences } from './sequences.ts'
import type { TaggedUnits } from './token-examples.ts'

/** The tokenised rows of one split. A row may have several sequences (windows); `rowOf` says whose each one is. */
export interface Examples {
  readonly sequences: Sequences
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
  const sequences = new SequenceStore(tokenizer.highestId)
  const rowOf = new IntList()
  const windows = new IntList()
  let truncatedRows = 0
  let truncatedTokens = 0
  for (const row of rows) {
    const second = table.columns > 1 ? tokensAt(table, row, 1) : null
    const built = tokenizer.build(tokensAt(table, row, 0), second, { maxLength, truncation, stride: windowStride, headShare })
    if (built.truncatedTokens > 0) truncatedRows++
    truncatedTokens += built.truncatedTokens
    for (const sequence of built.sequences) {
      sequences.add(sequence)
      rowOf.push(row)
      windows.push(built.sequences.length)
    }
  }
  return {
    sequences,
    rowOf: rowOf.all(),
    share: Float64Array.from(windows.all(), (count) => 1 / count),
    lengths: sequences.lengths(),
    rows,
    truncatedRows,
    truncatedTokens
  }
}
