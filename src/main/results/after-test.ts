import type { VerdictSummary } from '../../preload/contract/results.ts'
import type { AfterTest } from '../report/after-test.ts'
import type { FixedDecision } from '../report/fixed-decision.ts'

/** What was decided and corrected since a run's test, for its report. */
export function afterTestOf({ alarm, person }: FixedDecision, verdicts: VerdictSummary, looks: number): AfterTest {
  const { labelWrong, modelWrong, unclear, changedAfter, changedBefore } = verdicts
  return {
    looks,
    alarm: alarm && { className: alarm.className, threshold: alarm.threshold, goal: alarm.goal, test: alarm.test },
    personBelow: person?.below ?? null,
    verdicts: { labelWrong, modelWrong, unclear },
    changedAfter,
    changedBefore
  }
}
