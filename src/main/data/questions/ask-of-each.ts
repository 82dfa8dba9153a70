import type { Collected } from '../collect.ts'

/** Wordings of each question, by the type of the marks that answer it. */
export type FixedQuestions = Readonly<Record<string, readonly string[]>>

/**
 * A row for each question asked of each text: `pairs` becomes the question and `kinds` says which one. The wordings of a question take turns from
 * text to text.
 */
export function askOfEach(data: Collected, questions: FixedQuestions): Collected {
  const asked = Object.values(questions)
  const again = <T>(values: readonly T[]): T[] => values.flatMap((value) => asked.map(() => value))
  const { texts, labels, groups, ids, parts, dates, lines, fileOf, files } = data
  return {
    ...data,
    texts: again(texts),
    pairs: texts.flatMap((_, row) => asked.map((wordings) => wordings[row % wordings.length] ?? '')),
    labels: labels && again(labels),
    groups: groups && again(groups),
    ids: ids && again(ids),
    parts: parts && again(parts),
    dates: dates && again(dates),
    lines: again(lines),
    fileOf: again(fileOf),
    files: files.map((file) => ({ ...file, used: file.used * asked.length })),
    kinds: texts.flatMap(() => asked.map((_, kind) => kind))
  }
}
