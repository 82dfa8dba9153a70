import type { Finding, FixId, Roles } from '../../../preload/contract/data.ts'
import type { Dataset } from '../dataset-types.ts'
import type { Split } from '../split.ts'
import { counted, shown, shownList } from '../../base/wording.ts'
import { questionFindings } from './question-findings.ts'
import type { RowCounts } from './report.ts'

export interface FindingsInput {
  readonly roles: Roles
  readonly counts: RowCounts
  readonly dataset: Dataset | null
  readonly split: Split | null
}

export type Bare = Omit<Finding, 'hasRows' | 'fixes'>
type Rule = (input: FindingsInput) => Bare | readonly Bare[] | null

/** Findings that are about certain rows, with what would put them right. */
const ABOUT_ROWS: Readonly<Record<string, readonly FixId[]>> = {
  unlabelled: ['drop'],
  'empty-texts': ['drop'],
  'empty-questions': ['drop'],
  duplicates: ['drop'],
  'conflicting-duplicates': [],
  'rare-classes': ['drop'],
  'similar-classes': ['merge'],
  'several-answers': []
}

const whole = (finding: Bare, input: FindingsInput): Finding => {
  const fixes = ABOUT_ROWS[finding.code] ?? []
  const isUseless = finding.code === 'duplicates' && input.split?.duplicates.sets === input.split?.duplicates.conflictingSets
  return { ...finding, hasRows: Object.hasOwn(ABOUT_ROWS, finding.code), fixes: isUseless ? [] : fixes }
}

/** Below this a class can hardly be learned, and its part of the test says nothing. */
export const FEW_OF_A_CLASS = 20
const FEW_ROWS = 100

/** What a person should know about the data, the gravest first. */
export function findingsOf(input: FindingsInput): readonly Finding[] {
  const weights = ['stops', 'look', 'fyi']
  return rules
    .flatMap((rule) => rule(input) ?? [])
    .map((finding) => whole(finding, input))
    .sort((a, b) => weights.indexOf(a.weight) - weights.indexOf(b.weight))
}

const oneClass: Rule = ({ roles, counts: { classes } }) => {
  if (roles.task !== 'text-classification' || roles.answer === null || classes.length !== 1) return null
  const [only] = classes
  const sentence = 'Every answer is the same. A classifier needs examples of at least two classes.'
  return { code: 'one-class', sentence, rows: only?.count ?? 0, weight: 'stops' }
}

/** What a row is labelled with: an empty list of marks says that somebody looked, and found nothing. */
const answersOf = ({ task }: Roles): string =>
  task === 'token-classification' ? 'list of marks' : task === 'question-answering' ? 'list of answers' : 'answer'

const unlabelled: Rule = ({ roles, counts: { unlabelled: rows } }) =>
  roles.answer === null || rows === 0
    ? null
    : {
        code: 'unlabelled',
        sentence: `${counted(rows, 'row has', 'rows have')} no ${answersOf(roles)} and ${rows === 1 ? 'is' : 'are'} left out.`,
        rows,
        weight: 'look'
      }

const emptyTexts: Rule = ({ roles, counts: { emptyTexts: rows } }) =>
  roles.text === null || rows === 0
    ? null
    : {
        code: 'empty-texts',
        sentence: `${counted(rows, 'row has', 'rows have')} no text and ${rows === 1 ? 'is' : 'are'} left out.`,
        rows,
        weight: 'look'
      }

const duplicates: Rule = ({ roles, split }) => {
  if (!split || split.duplicates.sets === 0) return null
  const { extraRows, conflictingSets, conflictingRows } = split.duplicates
  const what = roles.task === 'question-answering' ? 'text and the question' : 'text'
  const sentence = `${counted(extraRows, 'row repeats', 'rows repeat')} the ${what} of another row; each stays in one part with the row it repeats.`
  const repeated: Bare = { code: 'duplicates', sentence, rows: extraRows, weight: 'fyi' }
  if (conflictingSets === 0) return repeated
  const [one, many] =
    roles.task === 'question-answering'
      ? ['question about one text stands', 'questions about one text stand']
      : ['text stands', 'texts stand']
  const disagree = `${counted(conflictingSets, one, many)} in several rows with different ${roles.task === 'token-classification' ? 'marks' : 'answers'}. Look which is right.`
  return [repeated, { code: 'conflicting-duplicates', sentence: disagree, rows: conflictingRows, weight: 'look' }]
}

const rareClasses: Rule = ({ roles, counts: { classes } }) => {
  if (roles.task !== 'text-classification' || roles.answer === null) return null
  const rare = classes.filter(({ count }) => count < FEW_OF_A_CLASS)
  if (rare.length === 0 || rare.length === classes.length) return null
  const names = shownList(rare.map(({ name }) => name))
  const sentence = `${rare.length === 1 ? 'The class' : 'The classes'} ${names} ${rare.length === 1 ? 'has' : 'have'} fewer than ${FEW_OF_A_CLASS} rows: expect little there, and a wide interval.`
  return { code: 'rare-classes', sentence, rows: rare.reduce((sum, { count }) => sum + count, 0), weight: 'look' }
}

const fewRows: Rule = ({ counts: { usable } }) =>
  usable === 0 || usable >= FEW_ROWS
    ? null
    : {
        code: 'few-rows',
        sentence: `There are only ${counted(usable, 'usable row')}. The test will be small, so its interval will be wide.`,
        rows: usable,
        weight: 'look'
      }

/** Names that differ only in capitals or spaces. */
export function similarGroups(names: readonly string[]): readonly (readonly string[])[] {
  const byFolded = new Map<string, string[]>()
  for (const name of names) {
    const folded = name.toLowerCase().replace(/\s+/g, '')
    byFolded.set(folded, [...(byFolded.get(folded) ?? []), name])
  }
  return [...byFolded.values()].filter((group) => group.length > 1)
}

const similarClasses: Rule = ({ roles, counts: { classes } }) => {
  if (roles.task !== 'text-classification' || roles.answer === null) return null
  const groups = similarGroups(classes.map(({ name }) => name))
  const names = new Set(groups.flat())
  if (groups.length === 0) return null
  const rows = classes.filter(({ name }) => names.has(name)).reduce((sum, { count }) => sum + count, 0)
  const list = groups.map((group) => group.map(shown).join(' and ')).slice(0, 3)
  const sentence = `${list.join('; ')} differ only in capitals or spaces. If they mean the same, write them alike.`
  return { code: 'similar-classes', sentence, rows, weight: 'look' }
}

/** Share of the labelled rows from which on a separator in answers is no accident. */
const SEVERAL = 0.02

const severalAnswers: Rule = ({ roles, counts: { classes } }) => {
  if (roles.task !== 'text-classification' || roles.answer === null || roles.separator !== null) return null
  const all = classes.reduce((sum, { count }) => sum + count, 0)
  for (const separator of [';', '|']) {
    const several = classes.filter(({ name }) => name.includes(separator))
    const rows = several.reduce((sum, { count }) => sum + count, 0)
    const parts = classes.flatMap(({ name }) => name.split(separator).map((part) => part.trim()))
    // Parts that come back in other cells are answers; a separator inside of one answer divides what stands there alone.
    if (rows < Math.max(2, SEVERAL * all) || new Set(parts).size === parts.length) continue
    const sentence = `${counted(rows, 'row has', 'rows have')} several answers in one cell, divided by '${separator}'. Each may be a class of its own.`
    return { code: 'several-answers', sentence, rows, weight: 'look' }
  }
  return null
}

/** What reading and splitting noticed; duplicates and similar classes have a finding of their own. */
const notes: Rule = ({ dataset, split }) =>
  [...(dataset?.notes ?? []), ...(split?.notes ?? [])]
    .filter(({ code }) => code !== 'duplicates' && code !== 'similar_classes')
    .map(({ code, message }): Bare => ({
      code: code.replaceAll('_', '-'),
      sentence: message,
      rows: 0,
      // How the parts follow each other is what the person asked for.
      weight: code === 'split_by_date' ? 'fyi' : 'look'
    }))

const rules: readonly Rule[] = [
  oneClass,
  unlabelled,
  emptyTexts,
  ({ roles, counts, dataset }) => questionFindings(roles, counts, dataset),
  duplicates,
  severalAnswers,
  similarClasses,
  rareClasses,
  fewRows,
  notes
]
