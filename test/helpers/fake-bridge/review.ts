import type { DatasetId, Measured } from '../../../src/preload/contract/common.ts'
import type {
  Attribution,
  CalibrationView,
  Groups,
  PersonPoint,
  ResultsApi,
  ReviewRequest,
  ReviewRow,
  ThresholdPoint,
  Thresholds,
  Verdict,
  VerdictSummary
} from '../../../src/preload/contract/results.ts'
import { CLASSES, classOf, drawn, letter } from './letters.ts'
import { CONFUSION } from './results.ts'

type Handlers = { readonly [Name in keyof ResultsApi]: (argument: never) => unknown }

/** The rows of the confusion matrix, one by one, each with a letter of its class. */
const ROWS: readonly ReviewRow[] = CONFUSION.flatMap((line, label) =>
  line.flatMap((count, said) =>
    Array.from({ length: count }, (_, i): ReviewRow => {
      const n = letterOf(CLASSES[label]!, 40 * label + 7 * said + i)
      const [answer, predicted] = [CLASSES[label]!, CLASSES[said]!]
      return {
        line: n + 2,
        text: letter(n),
        answer,
        predicted,
        sureness: 0.95 - 0.45 * drawn(n),
        isRight: label === said,
        verdict: null
      }
    })
  )
).toSorted((a, b) => Number(a.isRight) - Number(b.isRight) || b.sureness! - a.sureness!)

function letterOf(name: string, from: number): number {
  for (let n = from; ; n++) if (classOf(n) === name) return n
}

const filtered = ({ only, answer, predicted }: Omit<ReviewRequest, 'id' | 'from' | 'count'>): readonly ReviewRow[] =>
  ROWS.filter(
    (row) =>
      (only !== 'errors' || !row.isRight) &&
      (answer === null || row.answer === answer) &&
      (predicted === null || row.predicted === predicted)
  )

const measured = (hits: number, of: number): Measured | null =>
  of === 0
    ? null
    : { value: hits / of, low: Math.max(0, hits / of - 0.9 / Math.sqrt(of)), high: Math.min(1, hits / of + 0.5 / Math.sqrt(of)) }

const POSITIVES = 27
const VALIDATION = 152

/** Verdicts on one run's rows. */
class FakeVerdicts {
  readonly #given = new Map<number, Verdict>()
  #taken = 0

  of(line: number): Verdict | null {
    return this.#given.get(line) ?? null
  }

  give({ line, verdict }: { line: number; verdict: Verdict | null }): VerdictSummary {
    if (verdict === null) this.#given.delete(line)
    else this.#given.set(line, verdict)
    return this.summary()
  }

  revise(): string {
    this.#taken = this.#countOf('label-wrong')
    return 'letters'
  }

  summary(): VerdictSummary {
    const labelWrong = this.#countOf('label-wrong')
    return {
      labelWrong,
      modelWrong: this.#countOf('model-wrong'),
      unclear: this.#countOf('unclear'),
      waiting: labelWrong - this.#taken,
      dataset: this.#taken > 0 ? ('letters' as DatasetId) : null,
      changedAfter: this.#taken,
      changedBefore: 0
    }
  }

  #countOf(kind: Verdict['kind']): number {
    return [...this.#given.values()].filter((verdict) => verdict.kind === kind).length
  }
}

/** Shades long words, some of them against the answer. */
export function attributionOf({ text }: { text: string }): Attribution {
  const words = Array.from(text.matchAll(/\S+/g), ({ index, 0: word }) => ({
    start: index,
    end: index + word.length,
    value: word.length < 5 ? 0 : drawn(word.length * 31 + word.charCodeAt(0)) - 0.25
  }))
  return { label: 'urgent', words }
}

/** A curve as a fair model draws it: most of the class is found before the false alarms begin. */
const CURVE: readonly ThresholdPoint[] = Array.from({ length: 60 }, (_, i): ThresholdPoint => {
  const alarms = Math.round((i / 59) ** 1.6 * VALIDATION)
  const hits = Math.round(Math.min(alarms, POSITIVES * (1 - Math.exp(-alarms / 17)) * (1 + 1e-4 * alarms)))
  return { threshold: 1 - (i / 59) ** 0.7, alarms, hits, recall: measured(hits, POSITIVES), precision: measured(hits, alarms) }
})

const PERSON: readonly PersonPoint[] = Array.from({ length: 40 }, (_, i): PersonPoint => {
  const kept = VALIDATION - 3 * i
  return {
    below: 0.3 + 0.017 * i,
    kept,
    coverage: kept / VALIDATION,
    accuracy: measured(Math.round(kept * (0.85 + 0.0035 * i)), kept)
  }
})

const choice = (id: string, goal: string, place: number) => ({ id, goal, point: CURVE[place]! })

/** Thresholds of one run; what is fixed stays fixed. */
class FakeThresholds {
  #fixed: Thresholds['fixed'] = null
  #person: PersonPoint | null = null
  #looks = 1
  #goal: string | null = null

  /** Of the run `r1`, whose texts may have several classes, or of any other. */
  show({ id, className }: { id: string; className: string | null }): Thresholds {
    const isSeveral = id === 'r1'
    return {
      className: className ?? 'urgent',
      classes: CLASSES,
      rows: VALIDATION,
      positives: POSITIVES,
      curve: CURVE,
      choices: [
        choice('balance', 'Best balance of misses and false alarms (F1)', 24),
        choice('miss-20', 'Miss at most 1 in 20', 41),
        choice('alarms-10', 'At most 10 alarms in 100 texts', 14)
      ],
      without: CURVE[20]!,
      fixed: this.#fixed,
      person: isSeveral
        ? null
        : {
            curve: PERSON,
            choices: [
              { id: 'right-90', goal: 'Right in at least 90 of 100 that it answers itself', point: PERSON[14]! },
              { id: 'right-95', goal: 'Right in at least 95 of 100 that it answers itself', point: PERSON[30]! }
            ],
            fixed: this.#person
          },
      labels: isSeveral
        ? CLASSES.map((name, i) => ({ className: name, positives: POSITIVES, point: CURVE[20 + 3 * i]!, goal: this.#goal }))
        : null,
      testLooks: this.#looks
    }
  }

  fix(request: { id: string; className: string; threshold: number; goal: string }): Thresholds {
    this.#looks++
    const point = { threshold: request.threshold, alarms: 41, hits: 26, recall: measured(26, 28), precision: measured(26, 41) }
    const { className, threshold, goal } = request
    this.#fixed = {
      className,
      threshold,
      goal,
      fixedAt: '2026-11-25T10:00:00Z',
      test: { rows: ROWS.length, positives: 28, point }
    }
    return this.show(request)
  }

  every(request: { id: string; className: string }): Thresholds {
    this.#looks++
    this.#goal = 'Miss at most 1 in 20'
    return this.show(request)
  }

  drop(request: { id: string; className: string }): Thresholds {
    this.#fixed = null
    return this.show(request)
  }

  person(request: { id: string; className: string; below: number | null }): Thresholds {
    this.#person = PERSON.find(({ below }) => below === request.below) ?? null
    return this.show(request)
  }
}

/** Every row of a tested run, looked at again. */
export function reviewHandlers(): Handlers {
  const thresholds = new FakeThresholds()
  const verdicts = new FakeVerdicts()
  return {
    calibration: (): CalibrationView => {
      const bins = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.97].map((sure, i) => ({
        sure,
        right: Math.min(1, sure - 0.08 + 0.14 * drawn(i + 40)),
        count: 4 + i * i
      }))
      const reliability = { rows: VALIDATION, bins, ece: 0.041 }
      return {
        temperatures: [1.4],
        before: { ...reliability, bins: bins.map((bin) => ({ ...bin, right: bin.right * 0.85 })), ece: 0.093 },
        after: reliability,
        test: { ...reliability, rows: ROWS.length, ece: 0.052 }
      }
    },
    groups: ({ by, metric }: { by: string | null; metric: string | null }): Groups => ({
      by: by ?? 'column:clinic',
      ways: [
        { id: 'column:clinic', title: 'clinic' },
        { id: 'length', title: 'Length of the text' }
      ],
      metric: metric ?? 'right',
      metrics: [
        { id: 'right', title: 'Answered right', isShare: true },
        { id: 'found:urgent', title: 'Found of urgent (recall)', isShare: true }
      ],
      rows: [
        {
          name: 'north',
          rows: 74,
          value: measured(66, 74),
          difference: { value: 0.09, low: -0.02, high: 0.2 },
          p: 0.31,
          isMerged: false,
          isFew: false
        },
        {
          name: 'south',
          rows: 61,
          value: measured(43, 61),
          difference: { value: -0.19, low: -0.31, high: -0.06 },
          p: 0.012,
          isMerged: false,
          isFew: false
        },
        {
          name: '3 groups under 20 rows, merged',
          rows: 23,
          value: measured(20, 23),
          difference: { value: 0.03, low: -0.13, high: 0.17 },
          p: 1,
          isMerged: true,
          isFew: false
        }
      ],
      merged: 3
    }),
    reportPage: () => ({
      title: 'Test report',
      subtitle: 'Urgency v3 · Text classification, one label per text',
      headline: 'Right on 134 of 158 unseen letters (85 %, 95 % interval 79–90).',
      sections: [
        {
          title: 'Decided after the test',
          blocks: [
            { kind: 'list', items: ['3 test labels were changed after the test.', 'The test rows have been consulted 2 times.'] }
          ]
        },
        {
          title: 'Result on unseen rows',
          blocks: [
            {
              kind: 'table',
              columns: ['Metric', 'Model', '95 % interval'],
              rows: [
                ['Accuracy', '0.85', '0.79–0.90'],
                ['Macro-F1', '0.83', '0.77–0.89']
              ]
            },
            { kind: 'text', text: '↓ less is better' }
          ]
        }
      ]
    }),
    reportFile: () => 'o-report',
    judge: (request: { line: number; verdict: Verdict | null }) => verdicts.give(request),
    revise: () => verdicts.revise(),
    attribute: attributionOf,
    thresholds: (request: { id: string; className: string | null }) => thresholds.show(request),
    fixEvery: (request: { id: string; className: string }) => thresholds.every(request),
    fixThreshold: (request: { id: string; className: string; threshold: number; goal: string }) => thresholds.fix(request),
    dropThreshold: (request: { id: string; className: string }) => thresholds.drop(request),
    fixPerson: (request: { id: string; className: string; below: number | null }) => thresholds.person(request),
    review: () => {
      const wrong = filtered({ only: 'errors', answer: null, predicted: null })
      const kinds = Map.groupBy(wrong, ({ answer, predicted }) => `${answer}|${predicted}`)
      return {
        isWhole: true,
        verdicts: verdicts.summary(),
        rows: ROWS.length,
        errors: wrong.length,
        kinds: [...kinds.values()].map((rows) => ({ ...rows[0]!, count: rows.length })).toSorted((a, b) => b.count - a.count)
      }
    },
    rows: ({ from, count, ...filter }: ReviewRequest) => {
      const rows = filtered(filter)
        .map((row) => ({ ...row, verdict: verdicts.of(row.line) }))
        .filter(({ verdict }) => filter.only !== 'judged' || verdict !== null)
      return { total: rows.length, from, rows: rows.slice(from, from + count) }
    }
  }
}
