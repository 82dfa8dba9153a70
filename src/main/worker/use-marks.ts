import { readRows } from '../data/datasets/rows-file.ts'
import { foundCell, leastSure, type SureMark } from '../data/marks/found-marks.ts'
import { foundMarks } from './judge-marks.ts'
import type { AnsweringModel } from './answering-model.ts'
import { markingOfModel } from './answer-marks.ts'
import { MarkTruth } from './measure-found.ts'
import type { FinishedEvent } from './protocol.ts'
import { piecewise, type UseInput } from './use-run.ts'

/** Texts that are read, marked and written together: documents are longer than rows. */
const CHUNK = 64

/** Marks the passages of a table's texts piece by piece; asked to stop, it keeps what it has. */
export async function useMarks(model: AnsweringModel, input: UseInput): Promise<FinishedEvent> {
  const { rowsFile, columns, rows } = input
  const truth = columns.answer === null ? null : new MarkTruth(model.facts.classNames)
  let passages = 0
  const counts = await piecewise(input, CHUNK, async (from, count, writer) => {
    const stored = await readRows(rowsFile, from, Math.min(count, rows - from))
    const texts = stored.map(({ cells }) => cells[columns.text] ?? '')
    const found = await marksIn(model, texts, input, from)
    for (const [i, marks] of found.marks.entries()) {
      passages += marks.length
      if (truth && columns.answer !== null)
        truth.add(
          texts[i] ?? '',
          stored[i]?.cells[columns.answer] ?? '',
          marks.map(({ sure, ...mark }) => ({ ...mark, confidence: sure }))
        )
      await writer.add(from + i, [foundCell(marks), leastSure(marks).toFixed(6)])
    }
    return { sureness: found.marks.map(leastSure), empty: texts.filter((text) => text.trim() === '').length, cut: found.cut }
  })
  const measure = truth && (await truth.measure(model, input.looksFolder))
  return { event: 'finished', ...counts, passages, stopped: input.signal.aborted, hasSureness: true, measure }
}

async function marksIn(
  model: AnsweringModel,
  texts: readonly string[],
  { signal, emit, rows }: UseInput,
  from: number
): Promise<{ readonly marks: readonly (readonly SureMark[])[]; readonly cut: number }> {
  const onProgress = (done: number): void => emit({ event: 'progress', phase: 'predicting', done: from + done, total: rows })
  const examples = await model.encode(texts, null, signal)
  const logits = await model.evaluate(examples, signal, onProgress)
  const found = foundMarks(examples, logits, markingOfModel(model), model.facts)
  const marks = found.map((all) => all.map(({ start, end, label, confidence }) => ({ start, end, label, sure: confidence })))
  return { marks, cut: examples.truncatedRows }
}
