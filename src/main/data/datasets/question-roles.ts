import type { ColumnSummary, DataEdit, Roles } from '../../../preload/contract/data.ts'
import type { ColumnFacts } from './column-stats.ts'

interface SeenColumn {
  readonly facts: ColumnFacts
  readonly kind: ColumnSummary['looksLike']
}

const QUESTION_NAME = /^(?:questions?|query|queries|fragen?)$/i
const ANSWER_NAME = /^(?:answers?|antwort(?:en)?)$/i
const TEXT_NAME = /^(?:context|text|passage|paragraph|document|article|kontext)s?$/i
/** SQuAD's column with the article that a text is of. */
const ARTICLE = 'title'

/** Whether the same questions are asked of every text, and marks answer them. */
export const asksOfEach = ({ task, questions }: Pick<Roles, 'task' | 'questions'>): boolean =>
  task === 'question-answering' && questions != null

/**
 * The roles of a table with a row for each question: answers as SQuAD has them, or columns that are called question and answer beside a text. Null where the
 * table looks like no such one. Few different answers ("yes", "no") stand in no text, and are classes.
 */
export function guessQuestions(columns: readonly SeenColumn[]): Roles | null {
  const question = columns.find(({ facts, kind }) => QUESTION_NAME.test(facts.name) && kind !== 'empty')
  const given = columns.find(({ kind }) => kind === 'answers')
  const written = columns.find((each) => ANSWER_NAME.test(each.facts.name) && mayBeWords(each))
  const answer = given ?? written
  const others = columns.filter((each) => each !== question && each !== answer)
  // Short texts of which each is asked several questions look like classes.
  const called = others.find(({ facts, kind }) => TEXT_NAME.test(facts.name) && kind !== 'empty')
  const text = called ?? longest(others.filter(({ kind }) => kind === 'text'))
  if (!answer || !text || (!given && !question)) return null
  const group = groupIn(columns)
  return {
    task: 'question-answering',
    text: text.facts.name,
    textPair: question?.facts.name ?? null,
    answer: answer.facts.name,
    questions: null,
    separator: null,
    group,
    belonging: group === null ? 'unknown' : null
  }
}

/** Different answers up to which they are rather classes. */
const FEW_ANSWERS = 12

const mayBeWords = ({ facts: { distinct }, kind }: SeenColumn): boolean =>
  kind === 'text' || kind === 'other' || (kind === 'classes' && distinct !== null && distinct > FEW_ANSWERS)

const longest = (columns: readonly SeenColumn[]): SeenColumn | undefined =>
  columns.toSorted((a, b) => b.facts.meanLength - a.facts.meanLength)[0]

/** An id that repeats, else the article; an id of each question says nothing of what belongs together. */
function groupIn(columns: readonly SeenColumn[]): string | null {
  const id = columns.find(({ facts, kind }) => kind === 'id' && facts.repeats)
  const article = columns.find(({ facts }) => facts.name === ARTICLE && facts.repeats)
  return (id ?? article)?.facts.name ?? null
}

/** The questions after kinds of marks were renamed or made one: what answered them answers them still. */
export function withRenamedKinds({ answer, questions }: Roles, edits: readonly DataEdit[]): Roles['questions'] {
  if (questions == null) return questions
  return edits.reduce((asked, edit) => {
    if (edit.kind !== 'rename' || edit.column !== answer) return asked
    const { from, to } = edit
    const kinds = new Map<string, readonly string[]>()
    for (const [kind, wordings] of Object.entries(asked)) {
      const now = from.includes(kind) ? to : kind
      if (now !== '') kinds.set(now, [...new Set([...(kinds.get(now) ?? []), ...wordings])])
    }
    return Object.fromEntries(kinds)
  }, questions)
}

/** What such roles lack, as one sentence; null where nothing is missing. */
export function missingQuestion({ text, textPair, answer, questions }: Roles): string | null {
  if (answer === null) return 'No column with answers is chosen. Choose the one that holds what answers each question.'
  if (questions == null && textPair === null)
    return 'No question is asked. Choose the column with the questions, or ask the same ones of every text where marks answer them.'
  if (questions != null && Object.keys(questions).length === 0)
    return 'No question is asked. Write one for at least one kind of marks.'
  const asked = questions == null ? textPair : null
  if (asked !== null && (asked === text || asked === answer))
    return 'The question stands in the same column as the text or the answer. Choose three different columns.'
  return null
}
