import { createHash } from 'node:crypto'
import { writeFileAtomic } from '../base/files.ts'
import { readRows, RowsWriter } from '../data/datasets/rows-file.ts'
import type { AnsweringModel } from './answering-model.ts'
import { answersOf, type Answer } from './read-answers.ts'
import type { FinishedEvent, TrainerEvent } from './protocol.ts'
import { surenessOf } from './sureness.ts'
import { TruthTable } from './truth-table.ts'

/** Places of the columns in each row of cells. */
export interface UseColumns {
  readonly text: number
  readonly pair: number | null
  /** The column with true answers, to measure against. */
  readonly answer: number | null
}

export interface UseInput {
  /** Of a run, or of an export that was imported. */
  readonly runFolder: string
  /** Rows as `RowsWriter` lays them down. */
  readonly rowsFile: string
  readonly columns: UseColumns
  readonly rows: number
  /** Of a run that answers questions: what every text is asked; null where the pair column holds a question for each. */
  readonly questions?: readonly { readonly name: string; readonly words: string }[] | null
  /** Answers go here: [label, sureness, probability of each class…] a row, and beside it `.order`, rows by their sureness. */
  readonly outFile: string
  /** Where looks at rows with known answers are counted, for a model without a folder of runs. */
  readonly looksFolder: string
  readonly signal: AbortSignal
  readonly emit: (event: TrainerEvent) => void
}

/** Rows that are read, answered and written together: a few megabytes, and a progress every second or so. */
const CHUNK = 512

/** Answers the rows of a table piece by piece; asked to stop, it keeps what it has. */
export async function useModel(model: AnsweringModel, input: UseInput): Promise<FinishedEvent> {
  const { columns, signal, looksFolder } = input
  const truth = columns.answer === null ? null : new TruthTable(model.facts, separatorOf(model))
  const content = createHash('sha256')
  const counts = await answerTable(model, input, (cells, answer) => {
    if (truth && columns.answer !== null) truth.add(cells[columns.answer] ?? '', answer)
    content.update(`${cells[columns.text] ?? ''}\u0000${columns.answer === null ? '' : cells[columns.answer]}\u0000`)
  })
  const isMeasured = truth !== null && counts.done > 0
  const measure = isMeasured ? await truth.measure(model, looksFolder, content.digest('hex')) : null
  return { event: 'finished', ...counts, stopped: signal.aborted, hasSureness: model.facts.classNames.length > 0, measure }
}

export type TableInput = Pick<UseInput, 'rowsFile' | 'columns' | 'rows' | 'outFile' | 'signal' | 'emit'>

/** Answers a table with a model that is open. `onRow` sees the cells and the answer of each row. */
export async function answerTable(
  model: AnsweringModel,
  input: TableInput,
  onRow: (cells: readonly string[], answer: Answer) => void = () => undefined
): Promise<{ done: number; empty: number; cut: number }> {
  const { rowsFile, columns, rows } = input
  return piecewise(input, CHUNK, async (from, count, writer) => {
    const cells = (await readRows(rowsFile, from, Math.min(count, rows - from))).map((row) => row.cells)
    const found = await answersTo(model, cells, input, from)
    const sureness: number[] = []
    let empty = 0
    for (const [i, answer] of found.answers.entries()) {
      const own = cells[i] ?? []
      const sure = surenessOf(answer.label, answer.probabilities)
      sureness.push(sure ?? 1)
      if ((own[columns.text] ?? '').trim() === '') empty++
      onRow(own, answer)
      await writer.add(from + i, cellsOf(answer, sure))
    }
    return { sureness, empty, cut: found.cut }
  })
}

/** What became of some rows: how sure the answer to each is, and how many had no text or were cut. */
export interface Piece {
  readonly sureness: readonly number[]
  readonly empty: number
  readonly cut: number
}

/** Goes through the rows in pieces of `size`, each answered and written by `work`; asked to stop, it keeps what it has. Then puts rows by sureness. */
export async function piecewise(
  { rows, outFile, signal, emit }: Pick<UseInput, 'rows' | 'outFile' | 'signal' | 'emit'>,
  size: number,
  work: (from: number, count: number, writer: RowsWriter) => Promise<Piece>
): Promise<{ done: number; empty: number; cut: number }> {
  const writer = new RowsWriter(outFile)
  const sureness: number[] = []
  const counts = { done: 0, empty: 0, cut: 0 }
  try {
    for (let from = 0; from < rows && !signal.aborted; from += size) {
      const piece = await work(from, size, writer).catch((error: unknown) => {
        if (signal.aborted) return null
        throw error
      })
      if (piece === null) break
      for (const sure of piece.sureness) sureness.push(sure)
      counts.empty += piece.empty
      counts.cut += piece.cut
      counts.done += piece.sureness.length
      emit({ event: 'progress', phase: 'predicting', done: counts.done, total: rows })
    }
  } finally {
    await writer.close()
  }
  await writeOrder(outFile, sureness)
  return counts
}

function separatorOf({ config: { data } }: AnsweringModel): string {
  return ('label_separator' in data ? data.label_separator : null) ?? ';'
}

async function answersTo(
  model: AnsweringModel,
  cells: readonly (readonly string[])[],
  { columns, signal, emit, rows }: TableInput,
  from: number
): Promise<{ answers: readonly Answer[]; cut: number }> {
  const at = (place: number): string[] => cells.map((row) => row[place] ?? '')
  const onProgress = (done: number): void => emit({ event: 'progress', phase: 'predicting', done: from + done, total: rows })
  const pairs = columns.pair === null ? null : at(columns.pair)
  const examples = await model.encode(at(columns.text), pairs, signal)
  const logits = await model.evaluate(examples, signal, onProgress)
  return { answers: answersOf(model, logits), cut: examples.truncatedRows }
}

const cellsOf = ({ label, probabilities }: Answer, sure: number | null): string[] => [
  typeof label === 'object' ? label.join('; ') : String(label),
  sure === null ? '' : sure.toFixed(6),
  ...Object.values(probabilities ?? {}).map((value) => value.toFixed(6))
]

/** Rows by their sureness, the least sure first: four bytes for the row and four for how sure it is. */
async function writeOrder(outFile: string, sureness: readonly number[]): Promise<void> {
  const order = Uint32Array.from(sureness.keys()).sort((a, b) => (sureness[a] ?? 0) - (sureness[b] ?? 0) || a - b)
  const bytes = Buffer.allocUnsafe(order.length * 8)
  order.forEach((row, i) => {
    bytes.writeUInt32LE(row, i * 8)
    bytes.writeFloatLE(sureness[row] ?? 0, i * 8 + 4)
  })
  await writeFileAtomic(`${outFile}.order`, bytes)
}
