import { readRows, RowsWriter } from '../data/datasets/rows-file.ts'
import { foundCell, leastSure, type SureMark } from '../data/marks/found-marks.ts'
import { foundMarks } from './judge-marks.ts'
import type { AnsweringModel } from './answering-model.ts'
import { markingOfModel } from './answer-marks.ts'
import type { FinishedEvent } from './protocol.ts'
import { writeOrder, type UseInput } from './use-run.ts'

/** Texts that are read, marked and written together: documents are longer than rows. */
const CHUNK = 64

/** Marks the passages of a table's texts piece by piece; asked to stop, it keeps what it has. */
export async function useMarks(model: AnsweringModel, input: UseInput): Promise<FinishedEvent> {
  const { rowsFile, columns, rows, outFile, emit } = input
  const writer = new RowsWriter(outFile)
  const sureness: number[] = []
  const counts = { done: 0, empty: 0, cut: 0, passages: 0 }
  try {
    for (let from = 0; from < rows; from += CHUNK) {
      const stored = await readRows(rowsFile, from, Math.min(CHUNK, rows - from))
      const texts = stored.map(({ cells }) => cells[columns.text] ?? '')
      const found = await marksIn(model, texts, input, from)
      if (found === null) break
      counts.cut += found.cut
      for (const [i, marks] of found.marks.entries()) {
        if ((texts[i] ?? '').trim() === '') counts.empty++
        counts.passages += marks.length
        sureness.push(leastSure(marks))
        await writer.add(from + i, [foundCell(marks), leastSure(marks).toFixed(6)])
      }
      counts.done += texts.length
      emit({ event: 'progress', phase: 'predicting', done: counts.done, total: rows })
    }
  } finally {
    await writer.close()
  }
  await writeOrder(outFile, sureness)
  return { event: 'finished', ...counts, stopped: input.signal.aborted, hasSureness: true, measure: null }
}

/** Null where it was asked to stop. */
async function marksIn(
  model: AnsweringModel,
  texts: readonly string[],
  { signal, emit, rows }: UseInput,
  from: number
): Promise<{ readonly marks: readonly (readonly SureMark[])[]; readonly cut: number } | null> {
  const onProgress = (done: number): void => emit({ event: 'progress', phase: 'predicting', done: from + done, total: rows })
  try {
    signal.throwIfAborted()
    const examples = await model.encode(texts, null, signal)
    const logits = await model.evaluate(examples, signal, onProgress)
    const found = foundMarks(examples, logits, markingOfModel(model), model.facts)
    const marks = found.map((all) => all.map(({ start, end, label, confidence }) => ({ start, end, label, sure: confidence })))
    return { marks, cut: examples.truncatedRows }
  } catch (error) {
    if (signal.aborted) return null
    throw error
  }
}
