import { join } from 'node:path'
import { readFile } from '../../base/sealed/fs.ts'
import { InputError } from '../../base/errors.ts'
import { questionsIn } from '../../data/questions/recorded-questions.ts'
import type { AskedOfEach } from '../../../preload/contract/use.ts'
import type { TrainedModelFacts } from '../../library/trained-model.ts'

/** What a run's or model's folder says that its use needs. */
export interface UsedRun {
  readonly folder: string
  /** Columns of the data that it was trained on. */
  readonly text: string
  readonly pair: string | null
  readonly label: string | null
  /** Whether it marks passages. */
  readonly marks: boolean
  /** Of a run that answers questions: what it asks of every text, none where each row had its own. Null for other runs. */
  readonly asks: readonly AskedOfEach[] | null
  /** Empty for scores. */
  readonly classNames: readonly string[]
  readonly weightsHash: string
  /** The sureness below which a person decides; left out where the run's own folder says it. */
  readonly personBelow?: number | null
}

/** The same of a model that came with its training. */
export function usedModel({ folder, answers, text, pair, label, personBelow, weights }: TrainedModelFacts & { readonly folder: string }): UsedRun {
  return { folder, text, pair, label, marks: answers.problem === 'token-classification', asks: answers.problem === 'question-answering' ? [] : null, classNames: answers.labels, weightsHash: weights, personBelow }
}

type Json = Readonly<Record<string, unknown>>

/** Throws an InputError where the run was not trained to its end, or learned something that gives no answers. */
export async function usedRun(folder: string): Promise<UsedRun> {
  const [config, model, report] = await Promise.all(['config.json', 'model.json', 'report.json'].map((name) => readJson(folder, name)))
  if (!config || !model)
    throw new InputError('run-unfinished', 'This run has not learned anything yet. Let it finish first.')
  const recorded = objectIn(config['config'])
  const data = objectIn(recorded['data'])
  const names = model['classNames']
  return {
    folder,
    text: textIn(data['text']) ?? '',
    pair: textIn(data['text_pair']) ?? textIn(data['question']),
    label: textIn(data['label']) ?? textIn(data['answers']),
    marks: recorded['task'] === 'token-classification',
    asks: recorded['task'] === 'question-answering' ? asksOf(config) : null,
    classNames: Array.isArray(names) ? names.map(String) : [],
    weightsHash: textIn(objectIn(report?.['run'])['weightsHash']) ?? ''
  }
}

/** Each question in its first wording. */
const asksOf = (config: Json): readonly AskedOfEach[] =>
  [...questionsIn(config)].map(([name, [words = name]]) => ({ name, words }))

async function readJson(folder: string, name: string): Promise<Json | null> {
  const text = await readFile(join(folder, name), 'utf8').catch(() => null)
  if (text === null) return null
  try {
    return objectIn(JSON.parse(text))
  } catch {
    throw new InputError('run-damaged', `The file ${name} of this run is damaged. Train the run again.`)
  }
}

const objectIn = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {}) // JSON has text keys.
const textIn = (value: unknown): string | null => (typeof value === 'string' ? value : null)
