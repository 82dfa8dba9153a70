import type { Finding, Roles } from '../../../preload/contract/data.ts'
import type { Dataset } from '../dataset-types.ts'
import type { Split } from '../split.ts'
import { counted, shownList } from '../../base/wording.ts'
import type { RowCounts } from './report.ts'

export interface FindingsInput {
  readonly roles: Roles
  readonly counts: RowCounts
  readonly dataset: Dataset | null
  readonly split: Split | null
}

type Rule = (input: FindingsInput) => Finding | readonly Finding[] | null

/** Below this a class can hardly be learned, and its part of the test says nothing. */
const FEW_OF_A_CLASS = 20
const FEW_ROWS = 100

/** What a person should know about the data, the gravest first. */
export function findingsOf(input: FindingsInput): readonly Finding[] {
  const weights = ['stops', 'look', 'fyi']
  return rules.flatMap((rule) => rule(input) ?? []).sort((a, b) => weights.indexOf(a.weight) - weights.indexOf(b.weight))
}

const oneClass: Rule = ({ roles, counts: { classes } }) => {
  if (roles.task !== 'text-classification' || roles.answer === null || classes.length !== 1) return null
  const [only] = classes
  const sentence = 'Every answer is the same. A classifier needs examples of at least two classes.'
  return { code: 'one-class', sentence, rows: only?.count ?? 0, weight: 'stops' }
}

const unlabelled: Rule = ({ roles, counts: { unlabelled: rows } }) =>
  roles.answer === null || rows === 0
    ? null
    : {
        code: 'unlabelled',
        sentence: `${counted(rows, 'row has', 'rows have')} no answer and ${rows === 1 ? 'is' : 'are'} left out.`,
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

const duplicates: Rule = ({ split }) => {
  if (!split || split.duplicates.sets === 0) return null
  const { extraRows, conflictingSets, conflictingRows } = split.duplicates
  const sentence = `${counted(extraRows, 'row repeats', 'rows repeat')} the text of another row; each stays in one part with the row it repeats.`
  const repeated: Finding = { code: 'duplicates', sentence, rows: extraRows, weight: 'fyi' }
  if (conflictingSets === 0) return repeated
  const disagree = `${counted(conflictingSets, 'text stands', 'texts stand')} in several rows with different answers. Look which is right.`
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

/** What reading and splitting noticed; duplicates have a finding of their own. */
const notes: Rule = ({ dataset, split }) =>
  [...(dataset?.notes ?? []), ...(split?.notes ?? [])]
    .filter(({ code }) => code !== 'duplicates')
    .map(({ code, message }): Finding => ({ code: code.replaceAll('_', '-'), sentence: message, rows: 0, weight: 'look' }))

const rules: readonly Rule[] = [oneClass, unlabelled, emptyTexts, duplicates, rareClasses, fewRows, notes]
