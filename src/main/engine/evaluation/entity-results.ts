import { defined } from '../../base/assert.ts'
import { SIGNIFICANCE } from '../../base/significance.ts'
import type { Mark } from '../../base/mark.ts'
import type { BaselineComparison } from './compare.ts'
import { ENTITY_KEYS, entityMeasure, indexOfType, typeCounts, typedCounts, type EntityData, type EntityKey } from './entities.ts'
import { markErrors, type FoundMark, type MarkErrorKind } from './entity-errors.ts'
import { matchMarks, type MatchCounts } from './entity-matching.ts'
import { keyed, percentileEstimate, resample, wilson, type Estimate, type Resampled } from './intervals.ts'
import { holm, pairedBootstrap } from './paired.ts'
import type { EvaluationOptions, IntervalMethod } from './results.ts'

export interface EntityInput extends EntityData {
  readonly said: readonly (readonly FoundMark[])[]
}

export interface EntityBaseline {
  readonly id: string
  readonly title: string
  readonly said: readonly (readonly Mark[])[]
}

export interface EntityRow {
  readonly name: string
  /** Passages of the type that are there, that were said, and that were found exactly. */
  readonly support: number
  readonly predicted: number
  readonly found: number
  readonly precision: Estimate | null
  readonly recall: Estimate | null
  readonly f1: Estimate | null
  /** By softer rules, among the marks of this type alone: an overlap counts half (`partial`), or whole (`type`). Reports made before lack it. */
  readonly softer?: { readonly partial: SoftRow; readonly type: SoftRow }
}

/** A type by a softer rule. */
export type SoftRow = Pick<EntityRow, 'precision' | 'recall' | 'f1'>

/** A stretch of a document, in UTF-16 units, and its type as a number. */
export interface ErrorMark {
  readonly start: number
  readonly end: number
  readonly type: number
}

export interface EntityError {
  readonly row: number
  readonly kind: MarkErrorKind
  readonly truth: ErrorMark | null
  readonly said: ErrorMark | null
  /** 0 where nothing was said. */
  readonly confidence: number
}

/** Everything the report says of passages found in test documents, as plain JSON. */
export interface EntityResult {
  readonly kind: 'spans'
  /** Documents. */
  readonly rows: number
  readonly intervals: IntervalMethod
  readonly primary: EntityKey
  readonly metrics: Record<EntityKey, Estimate | null>
  readonly classNames: readonly string[]
  readonly perType: readonly EntityRow[]
  /** Passages by rule of SemEval-2013. */
  readonly matching: {
    readonly strict: MatchCounts
    readonly exact: MatchCounts
    readonly partial: MatchCounts
    readonly type: MatchCounts
  }
  readonly errors: Record<EntityError['kind'], number>
  /** Documents with every passage right and none invented. */
  readonly flawless: number
  /** The surest first, then what was missed. */
  readonly worstErrors: readonly EntityError[]
  readonly baselines: readonly BaselineComparison<EntityKey>[]
}

const PRIMARY: EntityKey = 'micro_f1'
const DEFAULT_WORST = 50

/** Judges found passages, with bootstrap intervals over documents (or groups of them), and baselines beside on the same resamples. */
export function evaluateEntities(
  input: EntityInput,
  options: Omit<EvaluationOptions, 'baselines' | 'primary'> & { readonly baselines?: readonly EntityBaseline[] }
): EntityResult {
  const { seed, groups = null, baselines = [], worst = DEFAULT_WORST } = options
  const { types, truth } = input
  const measures = [input, ...baselines.map(({ said }) => ({ types, truth, said }))].map(entityMeasure)
  const resampled = resample(measures, options)
  const model = defined(resampled[0], 'the resampled model')
  const errors = errorsOf(input, options.rowIds)
  const counts = { missed: 0, invented: 0, boundary: 0, type: 0 }
  for (const { kind } of errors) counts[kind]++
  const wrong = new Set(errors.map(({ row }) => row))
  return {
    kind: 'spans',
    rows: truth.length,
    intervals: { level: model.level, resamples: model.resamples, seed, unit: groups ? 'groups' : 'rows' },
    primary: PRIMARY,
    metrics: metricsOf(input, model),
    classNames: types,
    perType: rowsOf(input, model),
    matching: {
      strict: matched(input, 'strict'),
      exact: matched(input, 'exact'),
      partial: matched(input, 'partial'),
      type: matched(input, 'type')
    },
    errors: counts,
    flawless: truth.length - wrong.size,
    worstErrors: errors.toSorted((a, b) => b.confidence - a.confidence || a.row - b.row).slice(0, worst),
    baselines: compare(baselines, resampled)
  }
}

const sumOf = (counts: Float64Array): number => counts.reduce((sum, count) => sum + count, 0)

/** Shares of passages with the wider interval of two, see `widened`. */
function metricsOf(input: EntityInput, model: Resampled): Record<EntityKey, Estimate | null> {
  const { hit, predicted, actual } = typeCounts(input)
  const [found, said, there] = [hit, predicted, actual].map(sumOf)
  const plain = keyed(ENTITY_KEYS, (index) => percentileEstimate(model, index))
  return {
    ...plain,
    micro_precision: widened(plain.micro_precision, wilson(found ?? 0, said ?? 0, model.level)),
    micro_recall: widened(plain.micro_recall, wilson(found ?? 0, there ?? 0, model.level))
  }
}

function rowsOf(input: EntityInput, model: Resampled): EntityRow[] {
  const { hit, predicted, actual } = typeCounts(input)
  const { length: width } = input.types
  const soft = { partial: typedCounts(input, 'partial'), type: typedCounts(input, 'type') }
  const total = (counts: Float64Array, type: number): number =>
    counts.reduce((sum, count, at) => (at % width === type ? sum + count : sum), 0)
  return input.types.map((name, type) => {
    const [found, said, support] = [total(hit, type), total(predicted, type), total(actual, type)]
    const at = (key: 'precision' | 'recall' | 'f1'): Estimate | null => percentileEstimate(model, indexOfType(type, key))
    const softer = { partial: softRow(soft.partial, type, model, 'partial'), type: softRow(soft.type, type, model, 'type') }
    return {
      name,
      support,
      predicted: said,
      found,
      precision: widened(at('precision'), wilson(found, said, model.level)),
      recall: widened(at('recall'), wilson(found, support, model.level)),
      f1: at('f1'),
      softer
    }
  })
}

/** Wilson's formula takes halves as they are. */
function softRow(counts: ReturnType<typeof typedCounts>, type: number, model: Resampled, rule: 'partial' | 'type'): SoftRow {
  const own = counts.filter((count) => count.type === type)
  const total = (key: 'right' | 'said' | 'there'): number => own.reduce((sum, count) => sum + count[key], 0)
  const at = (key: 'precision' | 'recall' | 'f1'): Estimate | null => percentileEstimate(model, indexOfType(type, key, rule))
  return {
    precision: widened(at('precision'), wilson(total('right'), total('said'), model.level)),
    recall: widened(at('recall'), wilson(total('right'), total('there'), model.level)),
    f1: at('f1')
  }
}

/** The wider of two intervals: the bootstrap alone shrinks to a point where everything is right, and Wilson's knows nothing of documents. */
function widened(bootstrapped: Estimate | null, score: Estimate | null): Estimate | null {
  if (!bootstrapped || !score) return null
  const { value, low, high } = bootstrapped
  return { value, low: Math.min(low, score.low), high: Math.max(high, score.high) }
}

function matched({ truth, said }: EntityInput, matching: Parameters<typeof matchMarks>[2]): MatchCounts {
  const sums = { correct: 0, partial: 0, incorrect: 0, spurious: 0, missed: 0 }
  for (const [document, marks] of truth.entries()) {
    const own = matchMarks(marks, said[document] ?? [], matching)
    for (const key of Object.keys(sums) as (keyof MatchCounts)[]) sums[key] += own[key] // The keys of the object above.
  }
  return sums
}

/** Every passage that was missed or invented, or found with another stretch or type. */
function errorsOf({ types, truth, said }: EntityInput, rowIds: readonly number[] | undefined): EntityError[] {
  const idOf = new Map(types.map((type, id) => [type, id]))
  const place = (mark: Mark | null): ErrorMark | null =>
    mark && { start: mark.start, end: mark.end, type: idOf.get(mark.label) ?? 0 }
  return truth.flatMap((marks, document) =>
    markErrors(marks, said[document] ?? []).map((error): EntityError => ({
      row: rowIds?.[document] ?? document,
      kind: error.kind,
      truth: place(error.truth),
      said: place(error.said),
      confidence: error.said?.confidence ?? 0
    }))
  )
}

function compare(baselines: readonly EntityBaseline[], resampled: readonly Resampled[]): BaselineComparison<EntityKey>[] {
  const model = defined(resampled[0], 'the resampled model')
  const primary = ENTITY_KEYS.indexOf(PRIMARY)
  const paired = baselines.map((_, b) => {
    const own = defined(resampled[b + 1], 'each baseline among the resamples')
    return ENTITY_KEYS.map((_key, index) => pairedBootstrap(model, own, index))
  })
  const adjusted = holm(paired.map((own) => own[primary]?.p ?? 1))
  return baselines.map(({ id, title }, b) => {
    const own = defined(resampled[b + 1], 'each baseline among the resamples')
    const difference = paired[b]?.[primary]?.difference ?? null
    const adjustedP = adjusted[b] ?? 1
    const isShown = difference !== null && difference.value !== 0 && adjustedP < SIGNIFICANCE
    return {
      id,
      title,
      metrics: keyed(ENTITY_KEYS, (index) => percentileEstimate(own, index)),
      differences: keyed(ENTITY_KEYS, (index) => paired[b]?.[index]?.difference ?? null),
      tests: [{ metric: PRIMARY, method: 'paired-bootstrap', p: paired[b]?.[primary]?.p ?? 1, adjustedP }],
      verdict: !isShown ? 'not shown' : difference.value > 0 ? 'better' : 'worse'
    }
  })
}
