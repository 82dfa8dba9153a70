import { InputError } from '../base/errors.ts'
import { loadInputs } from '../data/dataset.ts'
import { checkOutput } from '../data/output-file.ts'
import { writeCsv, writeJsonl } from '../data/write-csv.ts'
import { marksInTexts, predictMarks } from './answer-marks.ts'
import { kindCounts } from '../data/marks/found-marks.ts'
import { predictQuestions } from './answer-questions.ts'
import { answersInTexts } from './answers-in-texts.ts'
import type { AnsweringModel } from './answering-model.ts'
import { tellNames } from './name-rows.ts'
import type { FinishedEvent, TrainerEvent } from './protocol.ts'
import { answersOf, type Answer } from './read-answers.ts'

export interface PredictInput {
  readonly model: AnsweringModel
  readonly dataFile: string
  readonly outFile: string
  /** Asked of every text in place of the model's own, where it answers questions. */
  readonly questions?: readonly string[] | undefined
  readonly signal: AbortSignal
  readonly emit: (event: TrainerEvent) => void
}

/** Answers every row of a file, in order, empty texts too, and writes CSV or JSON Lines by the output's ending. */
export async function predictFile(input: PredictInput): Promise<FinishedEvent> {
  if (input.model.config.task === 'token-classification') return predictMarks(input)
  if (input.model.config.task === 'question-answering') return predictQuestions(input)
  if (input.questions) throw noQuestions()
  const { model, dataFile, outFile, signal, emit } = input
  const format = await checkOutput(outFile, dataFile)
  const { data } = model.config
  const pairColumn = 'text_pair' in data ? data.text_pair : null
  const optional = Object.fromEntries(
    Object.entries({ text_pair: pairColumn, id: data.id, encoding: data.encoding, delimiter: data.delimiter }).filter(
      ([, value]) => value !== null
    )
  )
  const inputs = await loadInputs({ file: dataFile, text: data.text, ...optional }, signal)
  tellNames(inputs, data.id, emit)
  const onProgress = (done: number, total: number): void => emit({ event: 'progress', phase: 'predicting', done, total })
  const examples = await model.encode(inputs.texts, inputs.pairs, signal)
  const answers = answersOf(model, await model.evaluate(examples, signal, onProgress))
  const nameOf = (i: number): string => inputs.ids?.[i] ?? String(inputs.lines[i] ?? i)
  if (format === 'jsonl')
    await writeJsonl(
      outFile,
      answers.map((answer, i) => ({ id: nameOf(i), ...answer })),
      signal
    )
  else await writeTable(outFile, model, answers, nameOf, signal)
  return {
    event: 'finished',
    out: outFile,
    rows: inputs.count,
    empty_rows: inputs.emptyRows,
    truncated_rows: examples.truncatedRows
  }
}

/** Questions for a model that answers none. */
function noQuestions(): InputError {
  const sentence = 'This model answers no questions (question-answering): it gives classes, numbers or passages. Leave --ask out.'
  const inApp = 'This model answers no questions: it gives classes, numbers or passages.'
  return new InputError('answer-question', sentence, { inApp })
}

export interface AnswerInput extends Pick<PredictInput, 'model' | 'signal' | 'emit'> {
  readonly texts: readonly string[]
  /** One for each text, where the model answers questions. */
  readonly questions?: readonly string[] | null
}

/** Answers texts that are in no file; nothing of them is kept. */
export async function answerTexts({ model, texts, questions = null, signal, emit }: AnswerInput): Promise<FinishedEvent> {
  if (model.config.task === 'token-classification')
    return { event: 'finished', answers: await answersInMarks(model, texts, signal) }
  if (model.config.task === 'question-answering')
    return { event: 'finished', answers: await answersInTexts(model, texts, questions, signal) }
  const onProgress = (done: number, total: number): void => emit({ event: 'progress', phase: 'predicting', done, total })
  const logits = await model.evaluate(await model.encode(texts, null, signal), signal, onProgress)
  return { event: 'finished', answers: answersOf(model, logits) }
}

/** The passages of each text, and how many of each kind for its label. */
async function answersInMarks(model: AnsweringModel, texts: readonly string[], signal: AbortSignal) {
  const found = await marksInTexts(model, texts, signal)
  return found.map((marks) => ({
    label: kindCounts(marks),
    probabilities: null,
    marks: marks.map(({ start, end, label, confidence }) => ({ start, end, kind: label, sure: confidence }))
  }))
}

async function writeTable(
  path: string,
  { facts, decision }: AnsweringModel,
  answers: readonly Answer[],
  nameOf: (row: number) => string,
  signal: AbortSignal
): Promise<void> {
  const classes = facts.classNames
  const columns = [
    'id',
    'label',
    ...(classes.length === 0 ? [] : ['confidence', ...classes.map((name) => `probability: ${name}`)]),
    ...(decision.person === null ? [] : ['needs a person'])
  ]
  const rows = answers.map(({ label, probabilities, needs_person }, i) => {
    const each = classes.map((name) => probabilities?.[name] ?? 0)
    const shown = typeof label === 'object' ? label.join('; ') : label
    const person = needs_person === undefined ? [] : [needs_person ? 'yes' : 'no']
    return [nameOf(i), shown, ...(classes.length === 0 ? [] : [Math.max(...each), ...each]), ...person]
  })
  await writeCsv(path, columns, rows, { signal })
}
