import { defined } from '../base/assert.ts'
import { loadDataset, loadInputs, type Inputs } from '../data/dataset.ts'
import { checkOutput } from '../data/output-file.ts'
import { codePointOffsets, spansCell } from '../data/spans/span.ts'
import { writeCsv, writeJsonl, type JsonCell } from '../data/write-csv.ts'
import { evaluateEntities, type FoundMark } from '../engine/evaluation/index.ts'
import { countTestLook } from '../report/test-looks.ts'
import type { AnsweringModel } from './answering-model.ts'
import type { EvaluateInput } from './evaluate-run.ts'
import { groupNumbers } from './group-numbers.ts'
import { foundMarks } from './judge-marks.ts'
import { markingOf, marksIn, type Marking } from './prepare-marks.ts'
import { datasetSpec, oneFile } from './prepare.ts'
import { tellNames } from './name-rows.ts'
import type { PredictInput } from './predict-run.ts'
import type { FinishedEvent } from './protocol.ts'
import type { TrainedModel } from './trained-run.ts'

/** How a model marks passages. */
export const markingOfModel = ({ config, facts }: Pick<AnsweringModel, 'config' | 'facts'>): Marking =>
  defined(markingOf(config, facts.classNames), 'a run that marks passages')

/** Judges a finished run that marks passages on another marked file. */
export async function evaluateMarks(input: EvaluateInput, model: TrainedModel): Promise<FinishedEvent> {
  const { facts, config, settings } = model
  const dataset = await loadDataset(oneFile(datasetSpec(config, facts.classNames), input.dataFile), input.signal)
  for (const { code, message } of dataset.notes) input.emit({ event: 'note', code, message })
  const onProgress = (done: number, total: number): void => input.emit({ event: 'progress', phase: 'testing', done, total })
  const { logits, examples } = await model.logits(dataset.texts, null, input.signal, onProgress)
  const said = foundMarks(examples, logits, markingOfModel(model), facts)
  const rows = Int32Array.from(dataset.texts, (_, i) => i)
  const evaluation = evaluateEntities(
    { types: facts.classNames, truth: marksIn(dataset), said },
    {
      seed: settings.seed,
      rowIds: [...dataset.lines],
      groups: groupNumbers(dataset, rows),
      resamples: config.training.bootstrap_resamples
    }
  )
  return {
    event: 'finished',
    run: input.runFolder,
    data: input.dataFile,
    rows: dataset.count,
    metrics: { test: evaluation.metrics },
    evaluation,
    test_looks: await countTestLook(config.output, dataset.contentHash),
    truncated_rows: examples.truncatedRows
  }
}

/** The passages that a model marks in texts; nothing of them is kept. */
export async function marksInTexts(
  model: AnsweringModel,
  texts: readonly string[],
  signal: AbortSignal
): Promise<readonly (readonly FoundMark[])[]> {
  const examples = await model.encode(texts, null, signal)
  const logits = await model.evaluate(examples, signal, () => undefined)
  return foundMarks(examples, logits, markingOfModel(model), model.facts)
}

/** Marks the passages of every row of a file, and writes them by the output's ending; characters are counted as Python counts them. */
export async function predictMarks({ model, dataFile, outFile, signal, emit }: PredictInput): Promise<FinishedEvent> {
  const format = await checkOutput(outFile, dataFile)
  const { text, id, encoding, delimiter } = model.config.data
  const optional = Object.fromEntries(Object.entries({ id, encoding, delimiter }).filter(([, value]) => value !== null))
  const inputs = await loadInputs({ file: dataFile, text, ...optional }, signal)
  tellNames(inputs, id, emit)
  const examples = await model.encode(inputs.texts, null, signal)
  const onProgress = (done: number, total: number): void => emit({ event: 'progress', phase: 'predicting', done, total })
  const marking = markingOfModel(model)
  const found = foundMarks(examples, await model.evaluate(examples, signal, onProgress), marking, model.facts)
  if (format === 'jsonl')
    await writeJsonl(
      outFile,
      found.map((marks, i) => ({ id: nameOf(inputs, i), marks: inPoints(inputs.texts[i] ?? '', marks) })),
      signal
    )
  else await writeTable(outFile, inputs, found, signal)
  const passages = found.reduce((sum, marks) => sum + marks.length, 0)
  return {
    event: 'finished',
    out: outFile,
    rows: inputs.count,
    passages,
    empty_rows: inputs.emptyRows,
    truncated_rows: examples.truncatedRows
  }
}

const nameOf = ({ ids, lines }: Inputs, row: number): string => ids?.[row] ?? String(lines[row] ?? row)

function inPoints(text: string, marks: readonly FoundMark[]): JsonCell[] {
  const points = codePointOffsets(text)
  return marks.map((mark) => ({ ...mark, start: points[mark.start] ?? 0, end: points[mark.end] ?? 0 }))
}

/** One row a text; the marks in one cell, as training reads them, and the confidence of the least sure. */
async function writeTable(
  path: string,
  inputs: Inputs,
  found: readonly (readonly FoundMark[])[],
  signal: AbortSignal
): Promise<void> {
  const rows = found.map((marks, i) => [
    nameOf(inputs, i),
    spansCell(inputs.texts[i] ?? '', marks),
    marks.length === 0 ? '' : Math.min(...marks.map(({ confidence }) => confidence))
  ])
  await writeCsv(path, ['id', 'marks', 'least confidence'], rows, { signal })
}
