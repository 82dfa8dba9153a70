import { loadDataset, loadInputs, type Inputs } from '../data/dataset.ts'
import { checkOutput } from '../data/output-file.ts'
import { inCodePoints } from '../data/spans/span.ts'
import { writeCsv, writeJsonl } from '../data/write-csv.ts'
import { answerBy, findAnswers, type ReadQuestion } from '../engine/training/find-answers.ts'
import { countTestLook } from '../report/test-looks.ts'
import type { EvaluateInput } from './evaluate-run.ts'
import { judgeQuestions } from './judge-answers.ts'
import { measureAnswers } from './measure-answers.ts'
import { datasetSpec, oneFile } from './prepare.ts'
import type { PredictInput } from './predict-run.ts'
import type { FinishedEvent } from './protocol.ts'
import { howOf } from './question-reading.ts'
import type { TrainedModel } from './trained-run.ts'

/** Judges a finished run that finds answers on another file of questions with answers. */
export async function evaluateQuestions(input: EvaluateInput, model: TrainedModel): Promise<FinishedEvent> {
  const { facts, config, settings } = model
  const how = howOf(model)
  const dataset = await loadDataset(oneFile(datasetSpec(config, facts.classNames), input.dataFile), input.signal)
  for (const { code, message } of dataset.notes) input.emit({ event: 'note', code, message })
  const onProgress = (done: number, total: number): void => input.emit({ event: 'progress', phase: 'testing', done, total })
  const { logits, examples } = await model.logits(dataset.texts, dataset.pairs, input.signal, onProgress)
  const rows = Int32Array.from(dataset.texts, (_, i) => i)
  const judged = judgeQuestions(dataset, rows, findAnswers(examples, logits, how), how)
  const evaluation = measureAnswers(dataset, {
    ...{ rows, judged, threshold: how.threshold },
    seed: settings.seed,
    resamples: config.training.bootstrap_resamples
  })
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

/** Answers every question of a file, or every text's fixed questions, and writes them by the output's ending; characters are counted as Python counts them. */
export async function predictQuestions({
  model,
  dataFile,
  outFile,
  questions: given,
  signal,
  emit
}: PredictInput): Promise<FinishedEvent> {
  const format = await checkOutput(outFile, dataFile)
  const how = howOf(model)
  const spec = datasetSpec(model.config)
  const { text, id, encoding, delimiter } = spec
  // Those that the person asks stand in place of the model's own, and of a column with questions.
  const { text_pair, questions } = given
    ? { text_pair: undefined, questions: Object.fromEntries(given.map((each) => [each, [each]])) }
    : spec
  const optional = Object.fromEntries(
    Object.entries({ text_pair, questions, id, encoding, delimiter }).filter(([, value]) => value !== undefined)
  )
  const inputs = await loadInputs({ file: dataFile, text, ...optional }, signal)
  const examples = await model.encode(inputs.texts, inputs.pairs, signal)
  const onProgress = (done: number, total: number): void => emit({ event: 'progress', phase: 'predicting', done, total })
  const read = findAnswers(examples, await model.evaluate(examples, signal, onProgress), how)
  const answers = read.map((question, row) => answered(inputs, row, question, how.threshold, Object.keys(questions ?? {})))
  if (format === 'jsonl')
    await writeJsonl(
      outFile,
      answers.map(({ answer, start, end, ...rest }) => ({
        ...rest,
        answer: answer === null ? null : { text: answer, start, end }
      })),
      signal
    )
  else {
    const table = answers.map((one) => [
      one.id,
      one.question,
      one.answer === null ? 'no' : 'yes',
      one.answer ?? '',
      one.start ?? '',
      one.end ?? '',
      one.score
    ])
    await writeCsv(outFile, ['id', 'question', 'answered', 'answer', 'start', 'end', 'score'], table, { signal })
  }
  return {
    event: 'finished',
    out: outFile,
    rows: inputs.count,
    unanswered: answers.filter(({ answer }) => answer === null).length,
    empty_rows: inputs.emptyRows,
    truncated_rows: examples.truncatedRows
  }
}

interface WrittenAnswer {
  readonly id: string
  /** The question, or the name of the one that is asked of every text. */
  readonly question: string
  readonly answered: boolean
  /** Its words as they stand in the text; null where there is none. */
  readonly answer: string | null
  /** Characters before it, and up to its end. */
  readonly start: number | null
  readonly end: number | null
  /** Probability of what is said, among the best answers and none. */
  readonly score: number
}

function answered(
  { texts, pairs, ids, lines, kinds }: Inputs,
  row: number,
  question: ReadQuestion,
  threshold: number | null,
  names: readonly string[]
): WrittenAnswer {
  const text = texts[row] ?? ''
  const { said, score } = answerBy(question, threshold)
  const place = said && inCodePoints(text)(said)
  return {
    id: ids?.[row] ?? String(lines[row] ?? row),
    question: kinds ? (names[kinds[row] ?? 0] ?? '') : (pairs?.[row] ?? ''),
    answered: said !== null,
    answer: said && text.slice(said.start, said.end),
    start: place && place.start,
    end: place && place.end,
    score
  }
}
