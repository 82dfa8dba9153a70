import type { VerdictSummary } from '../../preload/contract/results.ts'
import type { AfterTest } from '../report/after-test.ts'
import type { FixedAlarm, FixedDecision } from '../report/fixed-decision.ts'

/** What was decided and corrected since a run's test, for its report. */
export function afterTestOf({ alarm, person, labels }: FixedDecision, verdicts: VerdictSummary, looks: number): AfterTest {
  const { labelWrong, modelWrong, unclear, changedAfter, changedBefore } = verdicts
  return {
    looks,
    alarm: alarm && toldOf(alarm),
    labels: labels.map(toldOf),
    personBelow: person?.below ?? null,
    verdicts: { labelWrong, modelWrong, unclear },
    changedAfter,
    changedBefore
  }
}

const toldOf = ({ className, threshold, goal, test }: FixedAlarm): NonNullable<AfterTest['alarm']> => ({
  className,
  threshold,
  goal,
  test
})
