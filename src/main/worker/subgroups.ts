import { compareGroups, rowScores, type EvaluationInput } from '../engine/evaluation/index.ts'
import { lengthGroups, type SubgroupFacts } from '../report/subgroups.ts'
import { groupWords } from '../report/review-words.ts'

interface SubgroupInput {
  readonly answered: EvaluationInput
  /** Texts of the rows. */
  readonly texts: readonly string[]
  /** A number per row for rows that are not independent; null where all are. */
  readonly units: Int32Array | null
  readonly seed: number
  readonly resamples: number
}

/** Compares short, middling and long texts: the one grouping that every table of texts has. */
export function subgroupsOf({ answered, texts, units, seed, resamples }: SubgroupInput): SubgroupFacts {
  const { values, isShare } = rowScores(answered)
  const nameOf = lengthGroups(texts)
  const shortest = new Map<string, number>()
  for (const [row, name] of nameOf.entries())
    shortest.set(name, Math.min(shortest.get(name) ?? Number.POSITIVE_INFINITY, texts[row]?.length ?? 0))
  const names = [...shortest.keys()].sort((a, b) => (shortest.get(a) ?? 0) - (shortest.get(b) ?? 0))
  const groupOf = Int32Array.from(nameOf, (name) => names.indexOf(name))
  const compared = compareGroups(values, groupOf, names.length, { seed, units, isShare, resamples })
  return { by: groupWords.length, isShare, rows: compared.map((each, g) => ({ name: names[g] ?? '', ...each })) }
}
