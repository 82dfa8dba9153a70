import { InputError } from '../base/errors.ts'
import { predictedClasses, predictedLabels } from '../engine/evaluation/index.ts'
import type { Exporter } from '../export/define-exporter.ts'
import type { ExportType } from '../export/trained-tensors.ts'
import { isWithin, lossOf, lossSentence, type MeasuredLoss, type MetricTolerance } from './lost-metric.ts'
import { finite, metricsOf, readLogits, type Calibration } from './judge.ts'
import type { ReplayedPassages } from './compare-marks.ts'
import type { ReplayedAnswers } from './compare-questions.ts'
import type { LabelledRows } from './tested-labels.ts'

/** What an export may differ by from the run that was tested: in its answers, or, where weights are rounded so far that every logit moves, in what they are worth. */
export type Tolerance = AnswerTolerance | MetricTolerance

export interface AnswerTolerance {
  /** Of a logit, for logits up to 1; beyond, in proportion to the largest. */
  readonly logits: number
  /** Share of rows that may be answered otherwise, besides ties within twice the tolerance of logits. Accuracy can drop by no more than that. */
  readonly changed: number
}

/**
 * fp32 is the same arithmetic in another order; fp16 and bf16 round each weight to 11 and 8 bits. int8 and int4 are judged by the metric: points of macro-F1
 * that may be lost, or the share by which the mean absolute error of a regression may rise.
 */
const tolerances: Readonly<Record<ExportType | NonNullable<Exporter['rounding']>, Tolerance>> = {
  fp32: { logits: 1e-4, changed: 0 },
  fp16: { logits: 2e-2, changed: 0.005 },
  bf16: { logits: 1e-1, changed: 0.02 },
  int8: { rounding: 'int8', lost: 0.02, risen: 0.05 },
  int4: { rounding: 'int4', lost: 0.03, risen: 0.1 }
}

/** What an export in this form may differ by. */
export const toleranceOf = ({ rounding }: Pick<Exporter, 'rounding'>, dtype: ExportType): Tolerance =>
  tolerances[rounding ?? dtype]

/** How two sets of answers to the same rows compare. */
export interface Replay {
  readonly part: LabelledRows['part']
  readonly rows: number
  readonly of: number
  readonly before: Readonly<Record<string, number>>
  readonly after: Readonly<Record<string, number>>
  readonly largest_logit_difference: number
  readonly largest_logit: number
  readonly changed_rows: number
  /** Of them, those whose two best answers are too close to call. */
  readonly ties: number
  /** Where passages are marked; left out elsewhere. */
  readonly passages?: ReplayedPassages
  /** Where questions are answered, which are rows then; left out elsewhere. */
  readonly answers?: ReplayedAnswers
  readonly tolerance: Tolerance
  /** What the metric that decides lost; where the tolerance is one of answers it is left out. */
  readonly loss?: MeasuredLoss
}

export interface Compared {
  readonly rows: LabelledRows
  readonly calibration: Calibration
  readonly tolerance: Tolerance
  /** Logits of the run, and of the exported files; of a regression, in the data's own unit. */
  readonly logits: readonly [run: Float32Array, exported: Float32Array]
  /** What the run answered when it was tested. */
  readonly stored: Float64Array
  /** A group number per row: rows of one group are drawn together where the interval of a loss is estimated. */
  readonly groups: Int32Array | null
}

const own = { shift: 0, scale: 1 }

/** Judges both, and counts what changed. */
export function compareAnswers({ rows, calibration, tolerance, logits: [run, exported], stored, groups }: Compared): Replay {
  const answers = readLogits(rows.kind, exported, rows.classes, calibration, own)
  const { difference, largest } = differenceOf(run, exported)
  const changed = changedRows(rows, calibration, stored, answers)
  const before = rows.judged(stored, calibration)
  const after = rows.judged(answers, calibration)
  const isByMetric = 'rounding' in tolerance
  const near = isByMetric ? 0 : 2 * allowedOf(tolerance, largest)
  return {
    part: rows.part,
    rows: rows.places.length,
    of: rows.of,
    before: finite(metricsOf(before)),
    after: finite(metricsOf(after)),
    largest_logit_difference: difference,
    largest_logit: largest,
    changed_rows: changed.length,
    ties: isByMetric ? 0 : changed.filter((row) => isTie(rows, calibration, run, row, near)).length,
    tolerance,
    ...(isByMetric && { loss: lossOf(before, after, tolerance, groups) })
  }
}

/** The largest difference of a logit, and the largest logit of the run; NaN where one of them is no number. */
export function differenceOf(
  run: Float32Array,
  exported: Float32Array
): { readonly difference: number; readonly largest: number } {
  let difference = 0
  let largest = 0
  exported.forEach((value, i) => {
    const gap = Math.abs(value - (run[i] ?? Number.NaN))
    difference = gap <= difference ? difference : gap
    largest = Math.max(largest, Math.abs(run[i] ?? 0))
  })
  return { difference, largest }
}

/** By how much a logit may differ. */
export const allowedOf = ({ logits }: AnswerTolerance, largest: number): number => logits * Math.max(1, largest)

function changedRows(
  { kind, classes, places }: LabelledRows,
  { thresholds }: Calibration,
  a: Float64Array,
  b: Float64Array
): number[] {
  if (kind === 'regression') return []
  const width = kind === 'single-label' ? 1 : classes
  const said = (answers: Float64Array): ArrayLike<number> =>
    kind === 'single-label' ? predictedClasses(answers, classes) : predictedLabels(answers, Float64Array.from(thresholds ?? []))
  const [before, after] = [said(a), said(b)]
  return [...places.keys()].filter((row) => {
    for (let c = row * width; c < (row + 1) * width; c++) if (before[c] !== after[c]) return true
    return false
  })
}

function isTie(
  { kind, classes }: LabelledRows,
  { thresholds, temperatures }: Calibration,
  logits: Float32Array,
  row: number,
  near: number
): boolean {
  const values = [...logits.subarray(row * classes, (row + 1) * classes)]
  if (kind === 'single-label') {
    const [first = 0, second = 0] = values.toSorted((a, b) => b - a)
    return first - second <= near
  }
  // sigmoid(logit / temperature) reaches the threshold p at temperature · log(p / (1 − p)).
  return values.some((value, c) => {
    const p = thresholds?.[c] ?? 0.5
    return Math.abs(value - (temperatures[c] ?? 1) * Math.log(p / (1 - p))) <= near
  })
}

/** What of a replay is counted as changed: passages where they are marked, else rows, which are questions where these are answered. */
function countedIn({ passages, answers, changed_rows: rows, ties, rows: all }: Replay) {
  return passages
    ? {
        changed: passages.changed,
        ties: passages.ties,
        all: passages.before,
        what: 'passages are found otherwise',
        each: 'passages'
      }
    : { changed: rows, ties, all, what: `${answers ? 'questions' : 'rows'} are answered otherwise`, each: 'answers' }
}

/** @throws InputError in one sentence where a replay is outside its tolerance; NaN is outside of every tolerance */
export function requireWithin(replay: Replay): void {
  const { tolerance, largest_logit_difference: difference, largest_logit: largest } = replay
  if ('rounding' in tolerance) {
    requireWorth(tolerance, replay)
    return
  }
  const { changed, ties, all, what } = countedIn(replay)
  const [allowed, most] = [allowedOf(tolerance, largest), Math.floor(tolerance.changed * all)]
  const otherwise = changed - ties
  if (difference <= allowed && otherwise <= most) return
  const found = `logits differ by up to ${difference.toPrecision(3)} (${allowed.toPrecision(3)} allowed) and ${otherwise} of ${all} ${what} (${most} allowed)`
  throw new InputError(
    'export-differs',
    `The exported files do not answer as the run was tested: ${found}. Nothing was kept; export as fp32.`
  )
}

function requireWorth(tolerance: MetricTolerance, replay: Replay): void {
  const { loss, largest_logit_difference: most } = replay
  if (loss && isWithin(loss) && Number.isFinite(most)) return
  const { changed, all, each } = countedIn(replay)
  const answers = loss?.metric === 'mae' ? `the answers by up to ${most.toPrecision(3)}` : `${changed} of ${all} ${each}`
  const found = loss
    ? `${tolerance.rounding} changed ${answers} and ${lossSentence(loss)}`
    : `${tolerance.rounding} cannot be measured on these rows`
  throw new InputError('export-differs', `${found}. Nothing was kept; export as fp16.`)
}
