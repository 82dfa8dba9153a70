import type { RunId } from '../../../../../preload/contract/common.ts'
import type { ComparedPair, Comparison, UnfitRun } from '../../../../../preload/contract/compare.ts'
import type { RunSummary } from '../../../../../preload/contract/runs.ts'
import { words } from '../../../lib/words/index.ts'

/** The p-value that decides about a pair. */
export const decidingP = ({ tests }: ComparedPair): number => tests[0]?.adjustedP ?? 1

/** Whether rows are questions: those of runs that answer some are decided by F1 of answers. */
export const areQuestions = ({ metric }: Pick<Comparison, 'metric'>): boolean => metric === 'answer_f1'

/** What the tests come to, in sentences; empty where nothing could be tested. */
export function verdictSentences({ pairs, ...comparison }: Comparison, letterOf: (id: RunId) => string): readonly string[] {
  const [only] = pairs
  const shared = words.compare.shared(comparison.rows, areQuestions(comparison))
  if (only && pairs.length === 1 && only.better === null)
    return [words.compare.apart(letterOf(only.first), letterOf(only.second), decidingP(only), shared)]
  const decided = pairs.filter(({ better }) => better !== null)
  const runs = new Set(pairs.flatMap(({ first, second }) => [first, second]))
  if (pairs.length > 1 && decided.length === 0)
    return [words.compare.noneApart(runs.size, Math.min(...pairs.map(decidingP)), shared)]
  const winners = Map.groupBy(decided, ({ better }) => better ?? '')
  const sentences = [...winners].map(([better, won]) => {
    const losers = won.map(({ first, second }) => letterOf(first === better ? second : first))
    return words.compare.better(letterOf(better as RunId), losers, Math.max(...won.map(decidingP)), shared) // The key is the run that won.
  })
  const undecided = pairs.length - decided.length
  return undecided > 0 ? [...sentences, words.compare.restApart(undecided)] : sentences
}

/** Why a run was not tested against the others, in one sentence or two. */
export function unfitSentence(unfit: UnfitRun, run: RunSummary, others: readonly RunSummary[], rows: number, letter: string): string {
  const { compare } = words
  switch (unfit.reason) {
    case 'other-rows': {
      const isSameData = others.some(({ dataset }) => dataset.id === run.dataset.id)
      return `${compare.otherRows(letter, unfit.shared, rows)} ${isSameData ? compare.otherSplit : compare.otherData}`
    }
    case 'other-labels':
      return compare.otherLabels(letter, unfit.shared)
    case 'other-task':
      if (run.task === 'question-answering') return compare.questionsNotThat(letter)
      if (others.some(({ task }) => task === 'question-answering')) return compare.thatNotQuestions(letter)
      if (run.task === 'token-classification') return compare.marksNotTexts(letter)
      return others.some(({ task }) => task === 'token-classification') ? compare.textsNotMarks(letter) : compare.otherTask(letter)
    case 'other-classes':
      return compare.otherClasses(letter)
    case 'no-answers':
      return run.test === null ? compare.notTestedYet(letter) : compare.noAnswers(letter)
  }
}
