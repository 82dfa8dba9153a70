import { loadInputs } from '../data/dataset.ts'
import { checkOutput } from '../data/output-file.ts'
import { writeCsv, writeJsonl } from '../data/write-csv.ts'
import type { Runtime } from '../engine/runtime/port.ts'
import type { TrainerEvent } from './protocol.ts'
import { answersOf, type Answer } from './read-answers.ts'
import { TrainedModel } from './trained-run.ts'

export interface PredictInput {
  readonly runFolder: string
  readonly dataFile: string
  readonly outFile: string
  readonly runtime: Runtime
  readonly cacheFolder: string
  readonly signal: AbortSignal
  readonly emit: (event: TrainerEvent) => void
}

/** Answers every row of a file, in order, empty texts too, and writes CSV or JSON Lines by the output's ending. */
export async function predictRun(input: PredictInput): Promise<Extract<TrainerEvent, { event: 'finished' }>> {
  const format = await checkOutput(input.outFile, input.dataFile)
  const model = await TrainedModel.open(input.runtime, input.runFolder, input.cacheFolder)
  try {
    const { data } = model.config
    const pairColumn = 'text_pair' in data ? data.text_pair : null
    const optional = Object.fromEntries(
      Object.entries({ text_pair: pairColumn, id: data.id, encoding: data.encoding, delimiter: data.delimiter }).filter(
        ([, value]) => value !== null
      )
    )
    const inputs = await loadInputs({ file: input.dataFile, text: data.text, ...optional }, input.signal)
    const onProgress = (done: number, total: number): void => {
      input.emit({ event: 'progress', phase: 'predicting', done, total })
    }
    const { logits, examples } = await model.logits(inputs.texts, inputs.pairs, input.signal, onProgress)
    const answers = answersOf(model, logits)
    const nameOf = (i: number): string => inputs.ids?.[i] ?? String(inputs.lines[i] ?? i)
    if (format === 'jsonl')
      await writeJsonl(
        input.outFile,
        answers.map((answer, i) => ({ id: nameOf(i), ...answer })),
        input.signal
      )
    else await writeTable(input.outFile, model, answers, nameOf, input.signal)
    return {
      event: 'finished',
      out: input.outFile,
      rows: inputs.count,
      empty_rows: inputs.emptyRows,
      truncated_rows: examples.truncatedRows
    }
  } finally {
    await model.dispose()
  }
}

export interface AnswerInput extends Omit<PredictInput, 'dataFile' | 'outFile'> {
  readonly texts: readonly string[]
}

/** Answers texts that are in no file; nothing of them is kept. */
export async function answerTexts(input: AnswerInput): Promise<Extract<TrainerEvent, { event: 'finished' }>> {
  const model = await TrainedModel.open(input.runtime, input.runFolder, input.cacheFolder, true)
  try {
    const onProgress = (done: number, total: number): void => {
      input.emit({ event: 'progress', phase: 'predicting', done, total })
    }
    const { logits } = await model.logits(input.texts, null, input.signal, onProgress)
    return { event: 'finished', answers: answersOf(model, logits) }
  } finally {
    await model.dispose()
  }
}

async function writeTable(
  path: string,
  { facts, decision }: TrainedModel,
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
