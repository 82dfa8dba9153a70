import type { Dataset } from '../data/dataset-types.ts'
import {
  bestThreshold,
  KnownAnswers,
  nearestSentence,
  scoreAnswer,
  type AnswerBaseline,
  type AnswerPlace,
  type QuestionScore
} from '../engine/evaluation/index.ts'
import { answersIn } from './prepare-answers.ts'

interface Parts {
  readonly train: Int32Array
  readonly validation: Int32Array
  readonly test: Int32Array
}

/** What needs no training of a model: the sentence nearest to the question, and the answers that were right before. */
export function answerBaselines(dataset: Dataset, split: Parts, mayBeNone: boolean): AnswerBaseline[] {
  return [nearest(dataset, split, mayBeNone), known(dataset, split)]
}

function scored(dataset: Dataset, row: number, said: AnswerPlace | null): QuestionScore {
  const text = dataset.texts[row] ?? ''
  const words = ({ start, end }: AnswerPlace): string => text.slice(start, end)
  return scoreAnswer((answersIn(dataset)[row] ?? []).map(words), said ? words(said) : '')
}

/** How like the question a sentence must be to be said at all is fitted on validation. */
function nearest(dataset: Dataset, { validation, test }: Parts, mayBeNone: boolean): AnswerBaseline {
  const find = (row: number) => nearestSentence(dataset.texts[row] ?? '', dataset.pairs?.[row] ?? '')
  const choices = Array.from(validation, (row) => {
    const found = find(row)
    return { noneGap: -(found?.score ?? 0), said: scored(dataset, row, found).f1, none: scored(dataset, row, null).f1 }
  })
  const threshold = mayBeNone && choices.length > 0 ? bestThreshold(choices) : Infinity
  const scores = Array.from(test, (row) => {
    const found = find(row)
    return scored(dataset, row, found && -found.score <= threshold ? found : null)
  })
  return { id: 'nearest', title: 'Sentence nearest to the question (BM25)', scores }
}

function known(dataset: Dataset, { train, test }: Parts): AnswerBaseline {
  const answers = answersIn(dataset)
  const learned = Array.from(train, (row) => {
    const [first] = answers[row] ?? []
    const answer = first ? (dataset.texts[row] ?? '').slice(first.start, first.end) : null
    return { question: dataset.pairs?.[row] ?? '', answer }
  })
  const dictionary = new KnownAnswers(learned)
  const scores = Array.from(test, (row) =>
    scored(dataset, row, dictionary.find(dataset.texts[row] ?? '', dataset.pairs?.[row] ?? ''))
  )
  return { id: 'known', title: 'Most frequent known answer', scores }
}
