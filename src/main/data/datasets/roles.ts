import type { Roles } from '../../../preload/contract/data.ts'
import { looksLike, type ColumnFacts } from './column-stats.ts'

/** Names that people give to the column to be learned. */
const ANSWER_NAME = /^(?:label|labels|class|category|answer|target|type|tag|score|rating|urgency|priority|outcome|result|y)$/i

/** The roles that a table's columns most likely have. The person sees them as a sentence and changes what is wrong. */
export function guessRoles(columns: readonly ColumnFacts[]): Roles {
  const kinds = columns.map((facts) => ({ facts, kind: looksLike(facts) }))
  const text = longest(kinds.filter(({ kind }) => kind === 'text').map(({ facts }) => facts))
  // Beside marks a column of a few answers is most likely no answer: who marked the text, or where it comes from.
  const hasMarks = kinds.some(({ kind }) => kind === 'marks')
  const others = kinds.filter(
    ({ facts }) => facts !== text && (!hasMarks || ANSWER_NAME.test(facts.name) || looksLike(facts) === 'id')
  )
  const classes = preferred(others.filter(({ kind }) => kind === 'classes').map(({ facts }) => facts))
  const number = preferred(others.filter(({ kind }) => kind === 'number').map(({ facts }) => facts))
  const isScore = number !== null && (classes === null || (ANSWER_NAME.test(number.name) && !ANSWER_NAME.test(classes.name)))
  const group = others.find(({ facts, kind }) => kind === 'id' && facts.repeats)?.facts ?? null
  return {
    task: isScore ? 'regression' : 'text-classification',
    text: text?.name ?? null,
    textPair: null,
    answer: (isScore ? number : classes)?.name ?? null,
    separator: null,
    group: group?.name ?? null,
    // Ids that repeat ask the question; without any there is nothing to ask about.
    belonging: group === null ? 'unknown' : null
  }
}

const longest = (columns: readonly ColumnFacts[]): ColumnFacts | null =>
  columns.reduce<ColumnFacts | null>((best, each) => (best === null || each.meanLength > best.meanLength ? each : best), null)

/** A column that is called what answers are called, else the last one: answers tend to stand at the end. */
const preferred = (columns: readonly ColumnFacts[]): ColumnFacts | null =>
  columns.find(({ name }) => ANSWER_NAME.test(name)) ?? columns.at(-1) ?? null

/** Why training cannot start with these roles, as one sentence; null where it can. */
export function missingRole({ text, answer, group, belonging }: Roles, columns: readonly string[]): string | null {
  if (text === null) return 'No column is chosen to be read. Choose the column with the text.'
  if (answer === null) return 'No column is chosen to be predicted. Choose the column with the answer.'
  if (text === answer) return 'The text and the answer are the same column. Choose two different columns.'
  if (belonging === null) return 'Several rows may belong to one person or matter. Say which column tells, or that none does.'
  if (belonging === 'column' && group === null) return 'Choose the column that says which rows belong together.'
  const unknown = [text, answer, belonging === 'column' ? group : null].find((name) => name !== null && !columns.includes(name))
  return unknown === undefined || unknown === null ? null : `The table has no column '${unknown}'. Choose one that it has.`
}

/** Why training cannot start here with data that hold marks and no answer. */
export const marksOnly = (column: string): string =>
  `These are texts with marked passages (column '${column}'). Training on marks runs from the command line; the guide says how. To sort the texts instead, choose a column with the answer.`
