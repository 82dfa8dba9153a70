import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { writeFileAtomic } from '../base/files.ts'
import { inCodePoints } from '../data/spans/span.ts'
import type { JudgedAnswer } from '../engine/evaluation/index.ts'
import { answersName, type PredictedPart } from '../report/predictions.ts'
import type { StoredAnswers, StoredQuestion } from '../report/stored-answers.ts'
import { documentNumbers } from './measure-answers.ts'
import type { DividedData } from './write-predictions.ts'

const keyOf = (content: string): string => createHash('sha256').update(content).digest('hex').slice(0, 16)

/** Keeps what was said to the questions of a part beside what is right, without the texts. Characters are counted as Python counts them. */
export async function writeAnswers(
  folder: string,
  part: PredictedPart,
  { dataset, split }: DividedData,
  rows: Int32Array,
  judged: readonly JudgedAnswer[]
): Promise<void> {
  const kinds = dataset.labels.kind === 'answers' ? dataset.labels.kinds : null
  const questions = Array.from(rows, (row, i): StoredQuestion => {
    const text = dataset.texts[row] ?? ''
    const place = inCodePoints(text)
    const { truth = [], said = null, score = 0, exact = 0, f1 = 0 } = judged[i] ?? {}
    const asked = kinds ? { question: dataset.classNames[kinds[row] ?? 0] ?? '' } : {}
    return {
      line: dataset.lines[row] ?? row,
      ...asked,
      key: keyOf(`${text.length} ${text} ${dataset.pairs?.[row] ?? ''}`),
      document: keyOf(text),
      truth: truth.map(({ start, end }) => place({ start, end })),
      said: said && place(said),
      score,
      exact,
      f1
    }
  })
  const stored: StoredAnswers = {
    format: 'attune-answers-1',
    part,
    classNames: dataset.classNames,
    splitHash: split.splitHash,
    groups: [...documentNumbers(dataset, rows).groups],
    questions
  }
  await writeFileAtomic(join(folder, answersName(part)), JSON.stringify(stored))
}
