import type { Section } from './blocks.ts'
import type { FixedAlarm, FixedDecision } from './fixed-decision.ts'
import { quoted } from './names.ts'
import { decimal, percent } from './numbers.ts'
import { count, list, number, object, orNull, text, type Check } from './shape.ts'
import { afterTest as words } from './review-words.ts'
import { page } from './words.ts'

/** What people did with a run after it had been tested; written on its report. */
export interface AfterTest {
  /** Looks at the test rows until now. */
  readonly looks: number
  readonly alarm: Pick<FixedAlarm, 'className' | 'threshold' | 'goal' | 'test'> | null
  /** The same of each class with a threshold of its own, where a text may have several. Reports made before that lack it. */
  readonly labels?: readonly NonNullable<AfterTest['alarm']>[]
  /** Answers less sure than this go to a person. */
  readonly personBelow: number | null
  readonly verdicts: { readonly labelWrong: number; readonly modelWrong: number; readonly unclear: number }
  /** Test labels that were changed after this run, or an earlier one, was tested on them. */
  readonly changedAfter: number
  readonly changedBefore: number
}

const alarm = object<NonNullable<AfterTest['alarm']>>({
  className: text,
  threshold: number,
  goal: text,
  test: object<FixedAlarm['test']>({ rows: count, positives: count, alarms: count, hits: count })
})
const facts = object<AfterTest>({
  looks: count,
  alarm: orNull(alarm),
  labels: (value) => (value === undefined ? null : list(alarm)(value)),
  personBelow: orNull(number),
  verdicts: object<AfterTest['verdicts']>({ labelWrong: count, modelWrong: count, unclear: count }),
  changedAfter: count,
  changedBefore: count
})

/** Reports that nothing was done with lack it. */
export const checkAfterTest: Check = (value) => (value === undefined ? null : facts(value))

/** What was decided and corrected since; null where nothing was. */
export function afterSection(after: AfterTest | undefined): Section | null {
  if (!after) return null
  const { alarm: fixed, labels = [], personBelow, verdicts, changedAfter, changedBefore, looks } = after
  const judged = verdicts.labelWrong + verdicts.modelWrong + verdicts.unclear
  const items = [
    ...(changedAfter > 0 ? [words.changedAfter(changedAfter)] : []),
    ...(changedBefore > 0 ? [words.changedBefore(changedBefore)] : []),
    ...(fixed ? [alarmSentence(fixed)] : []),
    ...labels.map(alarmSentence),
    ...(personBelow === null ? [] : [words.person(percent(personBelow))]),
    ...(judged > 0 ? [words.verdicts(verdicts.labelWrong, verdicts.modelWrong, verdicts.unclear)] : []),
    words.looks(looks)
  ]
  return { title: page.headings.after, blocks: [{ kind: 'list', items }] }
}

function alarmSentence({ className, threshold, goal, test }: NonNullable<AfterTest['alarm']>): string {
  return words.alarm(quoted(className), decimal(threshold, 2), goal, test.hits, test.positives, test.alarms)
}

/** Says that answers follow the fixed thresholds of a run; null where none are fixed. */
export function followsSentence({ alarm: fixed, labels }: Pick<FixedDecision, 'alarm' | 'labels'>): string | null {
  const all = [...(fixed ? [fixed] : []), ...labels]
  const each = all.map(({ className, threshold }) => words.from(quoted(className), decimal(threshold, 2)))
  return each.length === 0 ? null : words.follows(each.join(', '))
}
