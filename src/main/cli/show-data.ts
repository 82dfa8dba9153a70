import { readdir, stat } from 'node:fs/promises'
import { harmless } from '../base/wording.ts'
import { ColumnStats, looksLike, type ColumnFacts } from '../data/datasets/column-stats.ts'
import { isUnanswered } from '../data/questions/parse-answers.ts'
import { guessRoles } from '../data/datasets/roles.ts'
import type { Rejected } from '../data/documents/rejected.ts'
import { importerAt } from '../data/importers/at.ts'
import { TITLES } from '../data/source/encoding.ts'
import { writeCsv } from '../data/write-csv.ts'
import { whole } from '../report/numbers.ts'
import { factLines } from './facts.ts'
import type { Output } from './output.ts'

/** Entries of the list of what was left out that a page shows; --rejected writes them all. */
const SHOWN = 20

/** Entries that are kept for the list. */
const MOST_KEPT = 1_000_000

/** What lies in a model's folder and in no other. */
const OF_A_MODEL = /\.(?:safetensors|bin|onnx|gguf)$|^(?:config|tokenizer(?:_config)?|adapter_config)\.json$/i

/** Whether a path is data rather than a model: a file, or a folder in which nothing is a model's. */
export async function isData(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null)
  if (found?.isDirectory() !== true) return found !== null
  const names = await readdir(path).catch((): string[] => [])
  return names.length > 0 && !names.some((name) => OF_A_MODEL.test(name))
}

/** What data hold, from one reading. */
export interface DataInspection {
  readonly kind: string
  readonly encoding: string
  readonly delimiter: string | null
  readonly rows: number
  readonly columns: readonly {
    readonly name: string
    readonly looks_like: ReturnType<typeof looksLike>
    /** Null above 1,000. */
    readonly distinct: number | null
    readonly empty: number
  }[]
  /** What the columns most likely are. */
  readonly guess: { readonly text: string | null; readonly label: string | null; readonly group: string | null }
  /** Of questions with answers as SQuAD has them, how many have one; null for other data. */
  readonly questions: { readonly answered: number; readonly unanswered: number } | null
  /** How much could not be read. */
  readonly left_out: number
}

/** `attune inspect PATH` for data. Rows and documents that cannot be read are listed, and written to `rejectedFile` as CSV where one is named. */
export async function showData(path: string, rejectedFile: string | null, output: Output): Promise<number> {
  const rejected: Rejected[] = []
  const inspection = await inspectData(path, (one) => rejected.length < MOST_KEPT && rejected.push(one))
  const cells = rejected.map(({ file, place, reason }) => [file, place, reason])
  if (rejectedFile !== null) await writeCsv(rejectedFile, ['file', 'place', 'reason'], cells)
  if (output.isJson) output.event({ event: 'finished', ...inspection, rejected: rejected.slice(0, 1000) })
  else output.print(pageOf(inspection, rejected))
  return 0
}

async function inspectData(path: string, onRejected: (rejected: Rejected) => unknown): Promise<DataInspection> {
  const importer = await importerAt(path)
  const { format, columns } = await importer.probe(path, { leaveOut: true })
  const stats = columns.map((name) => new ColumnStats(name))
  let [rows, leftOut] = [0, 0]
  const asked = ['context', 'question', 'answers'].every((name) => columns.includes(name)) ? { answered: 0, unanswered: 0 } : null
  const reading = importer.rows(path, format, undefined, (one) => {
    leftOut++
    onRejected(one)
  })
  for await (const { values } of reading) {
    rows++
    if (asked) countAnswers(asked, values['answers'] ?? '')
    for (const [i, name] of columns.entries()) stats[i]?.add(values[name] ?? '')
  }
  const facts = stats.map((one) => one.facts())
  const { text, answer, group } = guessRoles(facts)
  return {
    kind: importer.title,
    encoding: TITLES[format.encoding],
    delimiter: format.delimiter,
    rows,
    columns: facts.map(columnOf),
    guess: asked && asked.answered > 0 ? { text: 'context', label: 'answers', group } : { text, label: answer, group },
    questions: asked && asked.answered > 0 ? asked : null,
    left_out: leftOut
  }
}

function countAnswers(counts: { answered: number; unanswered: number }, cell: string): void {
  const isNone = isUnanswered(cell)
  if (isNone !== null) counts[isNone ? 'unanswered' : 'answered']++
}

const columnOf = (facts: ColumnFacts): DataInspection['columns'][number] => ({
  name: facts.name,
  looks_like: looksLike(facts),
  distinct: facts.distinct,
  empty: facts.empty
})

const KINDS = {
  text: 'texts',
  classes: 'classes',
  number: 'numbers',
  id: 'ids',
  empty: 'nothing',
  other: 'short texts',
  marks: 'marked passages',
  answers: 'answers'
} as const
const DELIMITERS: Readonly<Record<string, string>> = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar' }

function pageOf(
  { kind, encoding, delimiter, rows, columns, guess, questions, left_out }: DataInspection,
  rejected: readonly Rejected[]
): string {
  const between = delimiter === null ? '' : `, cells divided by ${DELIMITERS[delimiter] ?? delimiter}`
  const lines = factLines([
    ['Read as', kind === 'Folder' ? 'a folder' : `${kind}, ${encoding}${between}`],
    ['Rows', whole(rows)],
    ...columns.map((column, i) => [i === 0 ? 'Columns' : '', columnLine(column)] as const),
    ['Text', guess.text ?? 'no column looks like texts'],
    ...(questions === null
      ? [['Label', guess.label ?? 'no column looks like classes or numbers'] as const]
      : [
          [
            'Questions',
            `${whole(questions.answered)} with an answer, ${whole(questions.unanswered)} without (task: question-answering)`
          ] as const
        ]),
    ...(guess.group === null ? [] : [['Group', `${guess.group} (its values repeat)`] as const]),
    ['Left out', left_out === 0 ? 'nothing' : whole(left_out)]
  ])
  const list = rejected.slice(0, SHOWN).map(({ file, place, reason }) => {
    const where = place === null ? '' : ` (${place})`
    return `  ${harmless(file)}${where}: ${harmless(reason)}\n`
  })
  const more = left_out > SHOWN ? `  and ${whole(left_out - SHOWN)} more: --rejected FILE.csv writes all of them\n` : ''
  return `${lines}\n${list.join('')}${more}`
}

function columnLine({ name, looks_like, distinct, empty }: DataInspection['columns'][number]): string {
  const different = distinct === null ? 'more than 1,000 different' : `${whole(distinct)} different`
  return `${harmless(name)}: ${KINDS[looks_like]}, ${different}${empty > 0 ? `, ${whole(empty)} empty` : ''}`
}
