import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { counted } from '../base/wording.ts'
import type { QuestionAnsweringConfig, RunConfig } from '../config/config-types.ts'
import type { Dataset, DatasetSpec } from '../data/dataset-types.ts'
import type { AnswerStretch } from '../data/questions/parse-answers.ts'
import type { Split } from '../data/split.ts'
import { openTokenCache } from '../engine/text/cache.ts'
import type { TokenTable } from '../engine/text/token-table.ts'
import type { Tokenizer } from '../engine/text/tokenizer.ts'
import { buildAnswerExamples, type AnswerExamples } from '../engine/training/answer-examples.ts'
import type { AnswerReading } from '../engine/training/find-answers.ts'
import type { RunSettings } from '../engine/training/run-settings.ts'
import { offsetTable } from './prepare-marks.ts'
import type { PrepareContext } from './prepare.ts'
import { plainTable } from './text-examples.ts'

/** The `data` section as the data layer wants it: the question stands for the second text, the answers for the label. */
export function askedSpec(data: QuestionAnsweringConfig['data'], classNames?: readonly string[]): DatasetSpec {
  const { question, questions, answers, ...rest } = data
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null))
  const wordings = questions && mapValues(questions, (one) => (typeof one === 'string' ? [one] : one))
  const asked = { ...(question !== null && { text_pair: question }), ...(wordings && { questions: wordings }), label: answers }
  // The keys of the section are those of the specification; null stands for a key left out.
  return { ...given, ...asked, task: 'question-answering', ...(classNames ? { classNames } : {}) } as unknown as DatasetSpec
}

const mapValues = <T, U>(values: Readonly<Record<string, T>>, make: (value: T) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, make(value)]))

/** How a run finds answers in texts. */
export interface Answering {
  readonly reading: AnswerReading
}

/** How a run finds answers; null for one that does something else. */
export function answeringOf(config: RunConfig): Answering | null {
  if (config.task !== 'question-answering') return null
  const { max_answer_length: maxAnswerLength, n_best_size: nBest } = config.head
  return { reading: { maxAnswerLength, nBest } }
}

/** The right answers to each row's question. */
export const answersIn = ({ labels }: Dataset): readonly (readonly AnswerStretch[])[] =>
  labels.kind === 'answers' ? labels.values : []

/** Texts and questions, each once, as tokens, and which of them each row has. */
export interface AskedTokens {
  readonly documents: TokenTable
  readonly questions: TokenTable
  readonly documentOf: Int32Array
  readonly questionOf: Int32Array
}

interface Numbered {
  readonly values: readonly string[]
  readonly numberOf: Int32Array
}

function numbered(values: readonly string[]): Numbered {
  const numbers = new Map<string, number>()
  const numberOf = Int32Array.from(values, (value) => {
    const number = numbers.get(value) ?? numbers.size
    numbers.set(value, number)
    return number
  })
  return { values: [...numbers.keys()], numberOf }
}

function hashOf(texts: readonly string[]): string {
  const hash = createHash('sha256')
  for (const text of texts) hash.update(`${text.length} ${text}\n`)
  return hash.digest('hex')
}

/** Tokens of every text and question, those of the texts from the cache on disk where they are there. */
export async function tokeniseAsked(dataset: Dataset, tokenizer: Tokenizer, context: PrepareContext): Promise<AskedTokens> {
  const { cacheFolder, signal, onProgress, onNote, onTokensFound } = context
  const [texts, questions] = [numbered(dataset.texts), numbered(dataset.pairs ?? [])]
  const key = {
    tokenizer: tokenizer.contentHash,
    dataset: hashOf(texts.values),
    options: { columns: 1, offsets: true }
  }
  const report = (done: number, total: number): void => onProgress('tokenising', done, total)
  const { table, fromCache, warning } = await openTokenCache(join(cacheFolder, 'tokens')).getOrBuild(key, () =>
    offsetTable(tokenizer, texts.values, { signal, onProgress: report })
  )
  if (warning !== null) onNote('token-cache', warning)
  if (fromCache) onTokensFound?.(texts.values.length)
  return {
    documents: table,
    questions: await plainTable(tokenizer, questions.values, null, { signal }),
    documentOf: texts.numberOf,
    questionOf: questions.numberOf
  }
}

/** Questions and texts as a model that finds answers reads them, in order. */
export async function askedExamples(
  tokenizer: Tokenizer,
  settings: RunSettings,
  texts: readonly string[],
  pairs: readonly string[],
  signal: AbortSignal
): Promise<AnswerExamples> {
  const [documents, questions] = [numbered(texts), numbered(pairs)]
  return buildAnswerExamples({
    tokenizer,
    documents: await offsetTable(tokenizer, documents.values, { signal }),
    questions: await plainTable(tokenizer, questions.values, null, { signal }),
    documentOf: documents.numberOf,
    questionOf: questions.numberOf,
    texts,
    rows: Int32Array.from(texts, (_, i) => i),
    answers: null,
    settings
  })
}

/**
 * Says how many answers cannot be found whatever is learned: they stand in no window as a whole, or are longer than answers may be.
 */
export function noteLostAnswers(
  dataset: Dataset,
  parts: readonly AnswerExamples[],
  { reading }: Answering,
  onNote: PrepareContext['onNote']
): void {
  const answers = answersIn(dataset)
  let [all, lost, long] = [0, 0, 0]
  for (const { rows, rowOf, answers: places } of parts) {
    const lengths = new Map<number, number>()
    rowOf.forEach((row, sequence) => {
      const last = places.last[sequence] ?? 0
      if (last > 0) lengths.set(row, last - (places.first[sequence] ?? 0) + 1)
    })
    for (const row of rows) {
      if ((answers[row]?.length ?? 0) === 0) continue
      all++
      const length = lengths.get(row)
      if (length === undefined) lost++
      else if (length > reading.maxAnswerLength) long++
    }
  }
  const of = (count: number): string => `${counted(count, 'answer')} of ${all} cannot be found`
  if (lost > 0)
    onNote(
      'answers_cut',
      `${of(lost)}: no window of the text holds ${lost === 1 ? 'it' : 'them'} whole. Raise training.max_length or training.stride.`
    )
  if (long > 0)
    onNote(
      'answers_long',
      `${of(long)}: ${long === 1 ? 'it is' : 'they are'} longer than ${counted(reading.maxAnswerLength, 'token')}. Raise head.max_answer_length.`
    )
}

/** Cuts the questions of every part to sequences. */
export async function cutAsked(
  dataset: Dataset,
  split: Pick<Split, 'train' | 'validation' | 'test'>,
  tokenizer: Tokenizer,
  settings: RunSettings,
  answering: Answering,
  context: PrepareContext
): Promise<Record<'train' | 'validation' | 'test', AnswerExamples>> {
  const asked = await tokeniseAsked(dataset, tokenizer, context)
  const { texts } = dataset
  const cut = (rows: Int32Array): AnswerExamples =>
    buildAnswerExamples({ tokenizer, ...asked, texts, rows, answers: answersIn(dataset), settings })
  const examples = { train: cut(split.train), validation: cut(split.validation), test: cut(split.test) }
  noteLostAnswers(dataset, [examples.train, examples.validation, examples.test], answering, context.onNote)
  return examples
}
