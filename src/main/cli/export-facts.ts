import { harmless } from '../base/wording.ts'
import { capital, metricTitle } from '../report/metrics.ts'
import { significant, whole } from '../report/numbers.ts'
import type { FinishedEvent } from '../worker/protocol.ts'
import { numberAt, objectAt, textAt } from './facts.ts'

type Fact = readonly [title: string, value: string]

/** What an export came to: metrics before and after, and what changed. */
export function exportFacts(finished: FinishedEvent): Fact[] {
  const replay = objectAt(finished, 'replay')
  const [before, after] = [objectAt(replay, 'before'), objectAt(replay, 'after')]
  const [rows, of] = [numberAt(replay, 'rows') ?? 0, numberAt(replay, 'of') ?? 0]
  const part = textAt(replay, 'part') ?? ''
  return [
    [
      'Export',
      `${textAt(finished, 'out') ?? ''} (${textAt(finished, 'format') ?? ''}, ${textAt(finished, 'dtype') ?? ''}, ${finished['is_plain'] === false ? 'encrypted with the passphrase' : 'not encrypted'})`
    ],
    ['Replayed', rows === of ? `all ${whole(of)} ${part} rows` : `an even sample of ${whole(rows)} of ${whole(of)} ${part} rows`],
    ...Object.keys(before).map((name): Fact => {
      const [was, is] = [numberAt(before, name) ?? Number.NaN, numberAt(after, name) ?? Number.NaN]
      return [metricTitle(name), `${significant(was, 4)} before, ${significant(is, 4)} after`]
    }),
    ['Logits', `differ by at most ${(numberAt(replay, 'largest_logit_difference') ?? Number.NaN).toExponential(1)}`],
    ...changedFacts(replay),
    ...lossFacts(replay),
    ...optional('Training rows', textAt(objectAt(finished, 'memorisation'), 'sentence')),
    ...(finished['has_report'] === true
      ? [['Report', 'report.html beside the model; print it in a browser for a PDF'] as const]
      : []),
    ...optional('Licence', textAt(objectAt(finished, 'licence'), 'summary')),
    ['Signed by', textAt(finished, 'signed_by') ?? '']
  ]
}

/** What is answered otherwise: rows, questions where they are, or passages where they are marked. */
function changedFacts(replay: Readonly<Record<string, unknown>>): Fact[] {
  const changed = `${whole(numberAt(replay, 'changed_rows') ?? 0)} rows have another answer`
  const answers = objectAt(replay, 'answers')
  if (Object.keys(answers).length > 0) return changedQuestions(replay, answers)
  const passages = objectAt(replay, 'passages')
  const [before, after, others, ties] = ['before', 'after', 'changed', 'ties'].map((name) => numberAt(passages, name) ?? 0)
  if (Object.keys(passages).length === 0) return [['Changed', changed]]
  const tied = ties === 0 ? '' : `, ${whole(ties ?? 0)} of them too close to call`
  return [
    ['Passages', `${whole(before ?? 0)} before, ${whole(after ?? 0)} after`],
    ['Changed', `${whole(others ?? 0)} passages are found otherwise${tied}`]
  ]
}

function changedQuestions(replay: Readonly<Record<string, unknown>>, answers: Readonly<Record<string, unknown>>): Fact[] {
  const [before, after] = ['before', 'after'].map((name) => numberAt(answers, name) ?? 0)
  const [changed, ties] = ['changed_rows', 'ties'].map((name) => numberAt(replay, name) ?? 0)
  const tied = ties === 0 ? '' : `, ${whole(ties ?? 0)} of them too close to call`
  return [
    ['Answers', `${whole(before ?? 0)} given before, ${whole(after ?? 0)} after`],
    ['Changed', `${whole(changed ?? 0)} questions are answered otherwise${tied}`]
  ]
}

/** What a form that is judged by its metric lost, and what these rows can tell of that. */
function lossFacts(replay: Readonly<Record<string, unknown>>): Fact[] {
  const loss = objectAt(replay, 'loss')
  const [lost, allowed] = [numberAt(loss, 'lost'), numberAt(loss, 'allowed')]
  if (lost === null || allowed === null) return []
  const isError = textAt(loss, 'metric') === 'mae'
  const hundredths = (value: number): string => (100 * value).toFixed(1)
  const unit = isError ? '%' : `points of ${F1_NAMES[textAt(loss, 'metric') ?? ''] ?? 'F1'}`
  const found = `${hundredths(lost)} ${unit} (${hundredths(allowed)} allowed)`
  const interval = loss['interval'] as readonly [number, number] | null // As lossOf wrote it.
  const told = interval ? `; for all texts like these between ${interval.map(hundredths).join(' and ')}` : ''
  return [[isError ? 'Error rose by' : 'Lost', `${found}${told}`]]
}

const F1_NAMES: Readonly<Record<string, string>> = { micro_f1: 'micro-F1', macro_f1: 'macro-F1' }

const optional = (title: string, value: string | null): Fact[] => (value === null ? [] : [[title, value]])

/** What a check of an export found. */
export function verifyFacts(finished: FinishedEvent): Fact[] {
  const metrics = objectAt(finished, 'metrics')
  return [
    [
      'Whole',
      `${whole(numberAt(finished, 'files') ?? 0)} files and ${whole(numberAt(finished, 'entries') ?? 0)} entries of manifest.json fit`
    ],
    ['Signed by', textAt(finished, 'signed_by') ?? ''],
    ...reviewFacts(finished),
    ...Object.keys(metrics).map((name): Fact => [
      metricTitle(name),
      `${significant(numberAt(metrics, name) ?? Number.NaN, 4)}, within what the manifest allows`
    ])
  ]
}

/** How far an export has come, and who said so. */
export function reviewFacts(finished: FinishedEvent): Fact[] {
  const reviews: readonly unknown[] = Array.isArray(finished['reviews']) ? finished['reviews'] : []
  return [
    ['Status', textAt(finished, 'status') ?? ''],
    ...reviews.filter(isRecord).map((review): Fact => {
      const [status, name, note, date, key] = ['status', 'name', 'note', 'date', 'signedBy'].map((part) => {
        return harmless(textAt(review, part) ?? '')
      })
      return [
        capital(status ?? ''),
        `${date?.slice(0, 10) ?? ''} by ${name ?? ''}, key ${key ?? ''}${note === '' ? '' : `: ${note ?? ''}`}`
      ]
    })
  ]
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null
