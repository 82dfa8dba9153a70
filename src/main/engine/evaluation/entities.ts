import type { Mark } from '../../base/mark.ts'
import { AVERAGE_KEYS, clearCounts, emptyCounts, f1, share, writeAverages } from './averages.ts'
import { matchMarks, type Matching } from './entity-matching.ts'
import { measureOnce, type Measure } from './intervals.ts'

/** What is measured of passages: strict numbers as seqeval has them, and F1 by softer rules of SemEval-2013 task 9.1, as nervaluate has them. */
export const ENTITY_KEYS = [...AVERAGE_KEYS, 'exact_f1', 'partial_f1', 'type_f1'] as const
export type EntityKey = (typeof ENTITY_KEYS)[number]

/** The passages of documents as they are and as they were found. */
export interface EntityData {
  readonly types: readonly string[]
  /** Of each document, in order and apart. */
  readonly truth: readonly (readonly Mark[])[]
  readonly said: readonly (readonly Mark[])[]
}

const softer = ['exact', 'partial', 'type'] as const satisfies readonly Matching[]

/** The rules by which each type is measured: among its own marks alone, exact is strict. */
const typeRules = ['strict', 'partial', 'type'] as const satisfies readonly Matching[]
export type TypeRule = (typeof typeRules)[number]

/** Numbers per type and rule that `entityMeasure` writes after those of the whole. */
export const TYPE_KEYS = ['precision', 'recall', 'f1'] as const
const PER_TYPE = typeRules.length * TYPE_KEYS.length

export const indexOfType = (type: number, key: (typeof TYPE_KEYS)[number], rule: TypeRule = 'strict'): number =>
  ENTITY_KEYS.length + type * PER_TYPE + typeRules.indexOf(rule) * TYPE_KEYS.length + TYPE_KEYS.indexOf(key)

/** Counts of each document and type: passages found exactly, said, and there, [documents · types]. */
export interface TypeCounts {
  readonly hit: Float64Array
  readonly predicted: Float64Array
  readonly actual: Float64Array
}

export const isSameMark = (a: Mark, b: Mark): boolean => a.start === b.start && a.end === b.end && a.label === b.label

export function typeCounts({ types, truth, said }: EntityData): TypeCounts {
  const size = truth.length * types.length
  const counts = { hit: new Float64Array(size), predicted: new Float64Array(size), actual: new Float64Array(size) }
  const idOf = new Map(types.map((type, id) => [type, id]))
  const add = (into: Float64Array, document: number, { label }: Mark): void => {
    const at = document * types.length + (idOf.get(label) ?? 0)
    into[at] = (into[at] ?? 0) + 1
  }
  for (const [document, marks] of truth.entries()) {
    for (const mark of marks) add(counts.actual, document, mark)
    for (const mark of said[document] ?? []) {
      add(counts.predicted, document, mark)
      if (marks.some((each) => isSameMark(each, mark))) add(counts.hit, document, mark)
    }
  }
  return counts
}

/** [documents, 3] for each of the softer rules: what is right, what was said, what is there. */
function softCounts({ truth, said }: EntityData, matching: Matching): Float64Array {
  const counts = new Float64Array(truth.length * 3)
  for (const [document, marks] of truth.entries()) {
    const { correct, partial, incorrect, spurious, missed } = matchMarks(marks, said[document] ?? [], matching)
    const judged = correct + partial + incorrect
    counts.set([correct + 0.5 * partial, judged + spurious, judged + missed], document * 3)
  }
  return counts
}

/** What one document has of one type: how much is right by a rule among the marks of that type alone, and how many were said and are there. */
interface TypedCount {
  readonly document: number
  readonly type: number
  readonly right: number
  readonly said: number
  readonly there: number
}

/** Of the documents that have a type, there or said; types that a document has nothing of cost nothing. */
export function typedCounts({ types, truth, said }: EntityData, rule: TypeRule): readonly TypedCount[] {
  return truth.flatMap((marks, document) => {
    const answers = said[document] ?? []
    const present = new Set([...marks, ...answers].map(({ label }) => label))
    return types.flatMap((label, type) => {
      if (!present.has(label)) return []
      const of = (all: readonly Mark[]): readonly Mark[] => all.filter((mark) => mark.label === label)
      const { correct, partial, incorrect, spurious, missed } = matchMarks(of(marks), of(answers), rule)
      const judged = correct + partial + incorrect
      return [{ document, type, right: correct + 0.5 * partial, said: judged + spurious, there: judged + missed }]
    })
  })
}

/** Every number of `ENTITY_KEYS`, then precision, recall and F1 of each type by each rule, over documents counted by their weights. */
export function entityMeasure(data: EntityData): Measure {
  const { length: documents } = data.truth
  const { length: types } = data.types
  const counts = typeCounts(data)
  const soft = softer.map((matching) => softCounts(data, matching))
  const byType = (['partial', 'type'] as const).map((rule) => ({ rule, counts: typedCounts(data, rule) }))
  const sums = emptyCounts(types)
  const measure = (weights: Int32Array, out: Float64Array): void => {
    clearCounts(sums)
    for (const key of ['hit', 'predicted', 'actual'] as const) {
      for (let document = 0; document < documents; document++) {
        const weight = weights[document] ?? 0
        if (weight === 0) continue
        for (let type = 0; type < types; type++)
          sums[key][type] = (sums[key][type] ?? 0) + weight * (counts[key][document * types + type] ?? 0)
      }
    }
    // seqeval averages over the types that occur in the truth or the answers.
    writeAverages(sums, true, out, 0)
    soft.forEach((own, i) => (out[AVERAGE_KEYS.length + i] = softF1(own, weights)))
    for (let type = 0; type < types; type++) {
      const [hit, predicted, actual] = [sums.hit[type] ?? 0, sums.predicted[type] ?? 0, sums.actual[type] ?? 0]
      out.set([share(hit, predicted), share(hit, actual), f1(hit, predicted, actual)], indexOfType(type, 'precision'))
    }
    for (const { rule, counts } of byType) writeTyped(counts, rule, types, weights, out)
  }
  return { rows: documents, size: ENTITY_KEYS.length + types * PER_TYPE, measure }
}

function writeTyped(counts: readonly TypedCount[], rule: TypeRule, types: number, weights: Int32Array, out: Float64Array): void {
  const sums = new Float64Array(3 * types)
  for (const { document, type, right, said, there } of counts) {
    const weight = weights[document] ?? 0
    if (weight === 0) continue
    for (const [i, value] of [right, said, there].entries()) sums[3 * type + i] = (sums[3 * type + i] ?? 0) + weight * value
  }
  for (let type = 0; type < types; type++) {
    const [right = 0, said = 0, there = 0] = sums.subarray(3 * type, 3 * type + 3)
    out.set([share(right, said), share(right, there), f1(right, said, there)], indexOfType(type, 'precision', rule))
  }
}

function softF1(counts: Float64Array, weights: Int32Array): number {
  let [right, said, there] = [0, 0, 0]
  weights.forEach((weight, document) => {
    right += weight * (counts[3 * document] ?? 0)
    said += weight * (counts[3 * document + 1] ?? 0)
    there += weight * (counts[3 * document + 2] ?? 0)
  })
  return f1(right, said, there)
}

/** The numbers of `ENTITY_KEYS` by name. */
export function entityMetrics(data: EntityData): Record<EntityKey, number> {
  const values = measureOnce(entityMeasure(data))
  // Every key is set here.
  return Object.fromEntries(ENTITY_KEYS.map((key, index) => [key, values[index] ?? 0])) as Record<EntityKey, number>
}
