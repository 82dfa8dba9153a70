import type { QuestionFacts } from '../../../preload/contract/data.ts'
import type { Dataset } from '../dataset-types.ts'
import { binsOf } from './bins.ts'
import { wordsIn } from './column-stats.ts'

/** What is asked of the texts of a data set; null where nothing is. */
export function questionFacts({ labels, texts, classNames, classCounts, count }: Dataset): QuestionFacts | null {
  if (labels.kind !== 'answers') return null
  const lengths = labels.values.flatMap(([answer], row) =>
    answer ? [wordsIn((texts[row] ?? '').slice(answer.start, answer.end))] : []
  )
  const kinds = classNames.map((name, kind) => ({ name, count: classCounts[kind] ?? 0 }))
  return {
    asked: count,
    unanswered: count - lengths.length,
    texts: new Set(texts).size,
    kinds: labels.kinds === null ? null : kinds.toSorted((a, b) => b.count - a.count),
    answerLengths: binsOf(lengths)
  }
}
