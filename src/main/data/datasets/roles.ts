import type { ColumnSummary, Roles } from '../../../preload/contract/data.ts'
import { looksLike, type ColumnFacts } from './column-stats.ts'
import { asksOfEach, guessQuestions, missingQuestion } from './question-roles.ts'

/** Names that people give to the column to be learned. */
const ANSWER_NAME = /^(?:label|labels|class|category|answer|target|type|tag|score|rating|urgency|priority|outcome|result|y)$/i

/** The roles that a table's columns most likely have. The person sees them as a sentence and changes what is wrong. */
export function guessRoles(columns: readonly ColumnFacts[]): Roles {
  const kinds = columns.map((facts) => ({ facts, kind: looksLike(facts) }))
  const asked = guessQuestions(kinds)
  if (asked) return asked
  const text = longest(kinds.filter(({ kind }) => kind === 'text').map(({ facts }) => facts))
  // Whoever marked passages means to have them found; a column of a few answers beside them says who marked the text, or where it comes from.
  const marks = kinds.find(({ facts, kind }) => kind === 'marks' && hasSome(facts))?.facts ?? null
  const others = kinds.filter(({ facts }) => facts !== text)
  const classes = preferred(others.filter(({ kind }) => kind === 'classes').map(({ facts }) => facts))
  const number = preferred(others.filter(({ kind }) => kind === 'number').map(({ facts }) => facts))
  const isScore = number !== null && (classes === null || (ANSWER_NAME.test(number.name) && !ANSWER_NAME.test(classes.name)))
  const group = others.find(({ facts, kind }) => kind === 'id' && facts.repeats)?.facts ?? null
  return {
    task: marks ? 'token-classification' : isScore ? 'regression' : 'text-classification',
    text: text?.name ?? null,
    textPair: null,
    answer: (marks ?? (isScore ? number : classes))?.name ?? null,
    separator: null,
    group: group?.name ?? null,
    // Ids that repeat ask the question; without any there is nothing to ask about.
    belonging: group === null ? 'unknown' : null
  }
}

/** Whether a column of marks has any: `[]` alone says that nothing is marked. */
const hasSome = ({ meanLength }: ColumnFacts): boolean => meanLength > '[]'.length

const longest = (columns: readonly ColumnFacts[]): ColumnFacts | null =>
  columns.reduce<ColumnFacts | null>((best, each) => (best === null || each.meanLength > best.meanLength ? each : best), null)

/** A column that is called what answers are called, else the last one: answers tend to stand at the end. */
const preferred = (columns: readonly ColumnFacts[]): ColumnFacts | null =>
  columns.find(({ name }) => ANSWER_NAME.test(name)) ?? columns.at(-1) ?? null

/** The column of marks whose passages are counted: that of the roles, else one that looks like it. */
export function marksColumn({ task, answer, questions }: Roles, columns: readonly ColumnSummary[]): string | null {
  if (task === 'token-classification' || asksOfEach({ task, questions })) return answer
  return columns.find(({ looksLike: kind }) => kind === 'marks')?.name ?? null
}

/** Why training cannot start with these roles, as one sentence; null where it can. */
export function missingRole(roles: Roles, columns: readonly string[]): string | null {
  const { task, text, answer, group, belonging } = roles
  if (text === null) return 'No column is chosen to be read. Choose the column with the text.'
  if (answer === null && task === 'token-classification')
    return 'No column with marks is chosen. Choose the one that says what is marked in each text.'
  if (task === 'question-answering') {
    const missing = missingQuestion(roles)
    if (missing !== null) return missing
  }
  if (answer === null) return 'No column is chosen to be predicted. Choose the column with the answer.'
  if (text === answer) return 'The text and the answer are the same column. Choose two different columns.'
  if (belonging === null) return 'Several rows may belong to one person or matter. Say which column tells, or that none does.'
  if (belonging === 'column' && group === null) return 'Choose the column that says which rows belong together.'
  const pair = task === 'question-answering' && !asksOfEach(roles) ? roles.textPair : null
  const unknown = [text, answer, pair, belonging === 'column' ? group : null].find(
    (name) => name !== null && !columns.includes(name)
  )
  return unknown === undefined || unknown === null ? null : `The table has no column '${unknown}'. Choose one that it has.`
}
