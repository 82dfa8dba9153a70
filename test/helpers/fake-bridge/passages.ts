import type { Measured, RunId } from '../../../src/preload/contract/common.ts'
import type {
  Passage,
  PassageDocument,
  PassageError,
  PassageErrorKind,
  PassageKind,
  PassageRequest,
  PassageReview,
  PassagesApi,
  PassageVerdict
} from '../../../src/preload/contract/passages.ts'
import type { Groups, VerdictSummary } from '../../../src/preload/contract/results.ts'
import type { RunResult } from '../../../src/preload/contract/runs.ts'
import { drawn, letter } from './letters.ts'

/** The run that marks passages. */
export const MARKS_RUN = 'rm' as RunId

const KINDS = ['AGE', 'DATE', 'NAME', 'SYMPTOM'] as const
const PATTERNS: Readonly<Record<string, RegExp>> = {
  AGE: /\d+(?:-year-old| years)/g,
  DATE: /(?:the day before yesterday|this (?:morning|week)|two months|five weeks|last year)/g,
  NAME: /M[sr] [A-Z][a-z]+/g,
  SYMPTOM: /(?:chest pain|redness of the leg|weight loss|visual loss|Hip pain|Hypos|eczema|heartburn)/g
}

/** What stands in a letter: everything that the patterns find. */
export const passagesIn = (text: string): readonly Passage[] =>
  Object.entries(PATTERNS)
    .flatMap(([kind, pattern]) =>
      [...text.matchAll(pattern)].map(({ index, 0: found }) => ({ start: index, end: index + found.length, kind }))
    )
    .sort((a, b) => a.start - b.start)

const DOCUMENTS = Array.from({ length: 60 }, (_, n) => ({ line: n + 2, text: letter(n), truth: passagesIn(letter(n)) }))

/** What the fake model makes of the passage with this number. */
function saidOf(passage: Passage, n: number): Passage | null {
  const luck = drawn(n * 3 + 1)
  if (luck > 0.2) return passage
  if (luck > 0.11) return null
  if (luck > 0.05) return { ...passage, end: passage.end - 3 }
  return { ...passage, kind: passage.kind === 'NAME' ? 'SYMPTOM' : 'NAME' }
}

const surenessOf = (n: number): number => 0.55 + 0.44 * drawn(n + 11)
const errorOf = (truth: Passage, said: Passage | null): PassageErrorKind =>
  said === null ? 'missed' : said.kind === truth.kind ? 'boundary' : 'type'
const isSame = (a: Passage, b: Passage | null): boolean => a.start === b?.start && a.end === b.end && a.kind === b.kind

const JUDGED = DOCUMENTS.flatMap(({ line, text, truth }) =>
  truth.map((passage, i) => ({ line, text, truth: passage, said: saidOf(passage, line * 7 + i), sure: surenessOf(line * 7 + i) }))
)

const ERRORS: readonly PassageError[] = JUDGED.filter(({ truth, said }) => !isSame(truth, said))
  .map(({ line, text, truth, said, sure }): PassageError => ({
    key: `${line}|${truth.start}`,
    line,
    error: errorOf(truth, said),
    truth,
    said,
    sure: said && sure,
    before: text.slice(Math.max(0, truth.start - 32), truth.start),
    text: text.slice(truth.start, truth.end),
    after: text.slice(truth.end, truth.end + 32),
    verdict: null
  }))
  .sort((a, b) => (b.sure ?? 0) - (a.sure ?? 0))

const measured = (value: number, half: number): Measured => ({ value, low: value - half, high: Math.min(1, value + half) })

function kindOf(name: string, i: number): PassageKind {
  const own = JUDGED.filter(({ truth }) => truth.kind === name)
  const found = own.filter(({ truth, said }) => isSame(truth, said)).length
  const share = found / own.length
  const rule = (more: number) => ({
    precision: measured(Math.min(0.98, share + more + 0.03), 0.05 + 0.02 * i),
    recall: measured(Math.min(0.97, share + more), 0.06 + 0.02 * i),
    f1: measured(Math.min(0.975, share + more + 0.015), 0.05 + 0.02 * i)
  })
  return {
    name,
    there: own.length,
    found,
    said: JUDGED.filter(({ said }) => said?.kind === name).length,
    strict: rule(0),
    partial: rule(0.03),
    overlap: rule(0.06)
  }
}

function confusion(): PassageReview['confusion'] {
  const place = (passage: Passage | null): number => (passage ? KINDS.findIndex((kind) => kind === passage.kind) : KINDS.length)
  const counts = Array.from({ length: KINDS.length + 1 }, () => new Array<number>(KINDS.length + 1).fill(0))
  for (const { truth, said } of JUDGED) counts[place(truth)]![place(said)]!++
  counts[KINDS.length]![2] = 3
  return counts
}

type Handlers = { readonly [Name in keyof PassagesApi]: (argument: never) => unknown }

export function passagesHandlers(): Handlers {
  const verdicts = new Map<string, PassageVerdict>()
  const summary = (): VerdictSummary => {
    const countOf = (kind: PassageVerdict): number => [...verdicts.values()].filter((each) => each === kind).length
    const labelWrong = countOf('label-wrong')
    return {
      labelWrong,
      modelWrong: countOf('model-wrong'),
      unclear: countOf('unclear'),
      waiting: labelWrong,
      dataset: null,
      changedAfter: 0,
      changedBefore: 0
    }
  }
  const rows = (): readonly PassageError[] => ERRORS.map((row) => ({ ...row, verdict: verdicts.get(row.key) ?? null }))
  return {
    review: (): PassageReview => {
      const count = (error: PassageErrorKind): number => ERRORS.filter((each) => each.error === error).length
      return {
        documents: DOCUMENTS.length,
        flawless: DOCUMENTS.length - new Set(ERRORS.map(({ line }) => line)).size,
        errors: ERRORS.length,
        byError: { missed: count('missed'), invented: 0, boundary: count('boundary'), type: count('type') },
        kinds: KINDS.map(kindOf),
        confusion: confusion(),
        verdicts: summary()
      }
    },
    errors: ({ only, truth, said, from, count }: PassageRequest) => {
      const kept = rows().filter(
        (row) =>
          (only === 'all' || (only === 'judged' ? row.verdict !== null : row.error === only)) &&
          (truth === null || row.truth?.kind === truth) &&
          (said === null || row.said?.kind === said)
      )
      return { total: kept.length, from, rows: kept.slice(from, from + count) }
    },
    document: ({ line }: { line: number }): PassageDocument => {
      const marks = JUDGED.filter((each) => each.line === line).flatMap(({ truth, said, sure }): PassageDocument['marks'] =>
        isSame(truth, said)
          ? [{ ...truth, state: 'right', sure }]
          : [{ ...truth, state: 'true', sure: null }, ...(said ? [{ ...said, state: 'found' as const, sure }] : [])]
      )
      return { line, text: DOCUMENTS.find((document) => document.line === line)?.text ?? '', marks }
    },
    judge: ({ key, verdict }: { key: string; verdict: PassageVerdict | null }) => {
      if (verdict === null) verdicts.delete(key)
      else verdicts.set(key, verdict)
      return summary()
    },
    revise: () => 'letters-2',
    groups: (): Groups => ({
      by: 'column:clinic',
      ways: [
        { id: 'column:clinic', title: 'clinic' },
        { id: 'length', title: 'Length of the text' }
      ],
      metric: 'found',
      metrics: [{ id: 'found', title: 'Passages found (recall)', isShare: true }],
      rows: ['cardiology', 'thyroid', 'skin'].map((name, i) => ({
        name,
        rows: 58 - 13 * i,
        value: measured(0.86 - 0.03 * i, 0.08),
        difference: measured(0.02 - 0.03 * i, 0.09),
        p: 0.6 - 0.2 * i,
        isMerged: false,
        isFew: false
      })),
      merged: 0
    })
  }
}

/** What the Result screen says of it. */
export function marksResultOf(id: RunId): RunResult {
  const there = JUDGED.length
  const found = JUDGED.filter(({ truth, said }) => isSame(truth, said)).length
  const marked = JUDGED.filter(({ said }) => said !== null).length
  return {
    id,
    headline: `Finds 75–85 % of the passages (95 % interval; ${found} of ${there} in 60 unseen documents here).`,
    beside: `Of the ${marked} passages it marks, ${found} are exactly right. F1 over all passages: 0.84 (0.80–0.88); a dictionary of the marked passages, 0.71.`,
    verdict: { tone: 'good', sentence: 'Better than what it was set beside.' },
    warnings: [],
    testRows: DOCUMENTS.length,
    testLooks: 1,
    baselines: [{ id: 'dictionary', title: 'Dictionary of the marked passages', difference: '+0.15 (0.09–0.21) in micro-F1' }],
    metrics: [
      { id: 'micro_f1', title: 'Micro-F1', model: measured(0.84, 0.04), baselines: [measured(0.71, 0.05)] },
      { id: 'partial_f1', title: 'F1, overlap counts half', model: measured(0.89, 0.03), baselines: [measured(0.74, 0.05)] }
    ],
    classes: KINDS.map(kindOf).map(({ name, there: rows, strict }) => ({ name, rows, ...strict })),
    confusion: null,
    calibration: null,
    int8: null,
    settings: [
      { name: 'method', value: 'Full fine-tuning' },
      { name: 'training.num_train_epochs', value: 12 }
    ],
    seeds: null,
    learningCurve: null,
    folds: null,
    seconds: 512
  }
}
