import { dirname } from 'node:path'
import type { RunId } from '../../preload/contract/common.ts'
import type { Thresholds } from '../../preload/contract/results.ts'
import { InputError } from '../base/errors.ts'
import { readDecision, writeDecision, type FixedAlarm, type FixedDecision } from '../report/fixed-decision.ts'
import { countTestLook } from '../report/test-looks.ts'
import type { StoredResults, TestedRun } from './stored-results.ts'
import { classFor, pointsForEvery, testOfAlarm, thresholdsOf } from './thresholds.ts'

export interface ThresholdToFix {
  readonly id: RunId
  readonly className: string
  readonly threshold: number
  /** What it was chosen for, in words. */
  readonly goal: string
}

interface DecidingOptions {
  readonly stored: StoredResults
  /** Changes a run's folder, one change after the other, and tells its report. */
  readonly change: (id: string, work: (run: TestedRun) => Promise<void>) => Promise<void>
  /** ISO 8601. */
  readonly now: () => string
}

/** How a run's probabilities are read: chosen on validation, counted once on the test, and kept with the run. */
export class Deciding {
  readonly #stored: StoredResults
  readonly #change: DecidingOptions['change']
  readonly #now: () => string

  constructor({ stored, change, now }: DecidingOptions) {
    this.#stored = stored
    this.#change = change
    this.#now = now
  }

  async thresholds({ id, className }: { readonly id: RunId; readonly className: string | null }): Promise<Thresholds> {
    const run = this.#stored.run(id)
    const validation = await this.#stored.forThresholds(id, 'validation')
    const named = classFor(validation, className, run.must_not_miss)
    return thresholdsOf(validation, named, await readDecision(run.folder), await this.#stored.testLooks(run, validation))
  }

  /** Fixes a threshold, looks at the test once with it, and counts that look. */
  async fixThreshold(request: ThresholdToFix): Promise<Thresholds> {
    const { id, className, threshold, goal } = request
    await this.#fix(id, () => Promise.resolve([{ className, threshold, goal }]))
    return this.thresholds(request)
  }

  /** Where a text may have several classes: fixes for each what a choice means on validation, and looks at the test once with all of them. */
  async fixEvery(request: { readonly id: RunId; readonly className: string; readonly choice: string }): Promise<Thresholds> {
    await this.#fix(request.id, async () => {
      const validation = await this.#stored.forThresholds(request.id, 'validation')
      if (validation.kind !== 'multi-label')
        throw new InputError('threshold-task', 'Thresholds for every class are for runs whose texts may have several.')
      return pointsForEvery(validation, request.choice)
    })
    return this.thresholds(request)
  }

  /** Fixes thresholds and counts one look at the test. */
  async #fix(id: RunId, points: () => Promise<readonly Pick<FixedAlarm, 'className' | 'threshold' | 'goal'>[]>): Promise<void> {
    await this.#change(id, async ({ folder }) => {
      const chosen = await points()
      const test = await this.#stored.forThresholds(id, 'test')
      if (chosen.length === 0 || chosen.some(({ className }) => !test.classNames.includes(className)))
        throw new InputError('class-unknown', 'This run does not know that class.')
      await countTestLook(dirname(folder), test.splitHash)
      const fixedAt = this.#now()
      const alarms = chosen.map((each) => ({ ...each, fixedAt, test: testOfAlarm(test, each.className, each.threshold) }))
      const before = await readDecision(folder)
      await writeDecision(
        folder,
        test.kind === 'multi-label' ? withLabels(before, alarms) : { ...before, alarm: alarms[0] ?? null }
      )
    })
  }

  /** Drops the threshold; where a text may have several classes, that of the class. */
  async dropThreshold(request: { readonly id: RunId; readonly className: string }): Promise<Thresholds> {
    await this.#change(request.id, async ({ folder }) => {
      const before = await readDecision(folder)
      const labels = before.labels.filter(({ className }) => className !== request.className)
      await writeDecision(folder, { ...before, alarm: null, labels })
    })
    return this.thresholds(request)
  }

  /** Which answers go to a person; `below` null: none. */
  async fixPerson(request: {
    readonly id: RunId
    readonly className: string
    readonly below: number | null
  }): Promise<Thresholds> {
    const { below } = request
    await this.#change(request.id, async ({ folder }) => {
      const person = below === null ? null : { below, fixedAt: this.#now() }
      await writeDecision(folder, { ...(await readDecision(folder)), person })
    })
    return this.thresholds(request)
  }
}

/** A class has one threshold: the newest. */
const withLabels = (before: FixedDecision, alarms: readonly FixedAlarm[]): FixedDecision => {
  const kept = before.labels.filter(({ className }) => !alarms.some((each) => each.className === className))
  return { ...before, labels: [...kept, ...alarms] }
}
