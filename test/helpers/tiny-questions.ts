import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { codePointOffsets } from '../../src/main/data/spans/span.ts'
import { makeTinyMarks, type TinyMarks } from './tiny-marks.ts'
import { tinyDocuments } from './tiny-marks.ts'

/** What is asked of every text, in the letters of the tiny vocabulary. */
export const tinyQuestions = { NAME: ['face dab', 'fade dab'], PLACE: 'bed ace' } as const

export interface TinyQuestions extends TinyMarks {
  /** Writes `<name>.yaml` with these settings in `training`, and `extra` in place of sections. */
  readonly questionsConfig: (
    name: string,
    training: Readonly<Record<string, unknown>>,
    extra?: Readonly<Record<string, object>>
  ) => Promise<string>
}

/** Names and places of the tiny texts as SQuAD's own JSON has them, every question in its first wording. */
export function squadFile(count: number, seed: number): string {
  const paragraphs = tinyDocuments(count, seed).map(({ id, text, spans }) => {
    const points = codePointOffsets(text)
    const answers = (label: string) =>
      spans
        .filter((span) => span.label === label)
        .map(({ start, end }) => ({ text: text.slice(start, end), answer_start: points[start] ?? 0 }))
    const asked = [
      ['NAME', tinyQuestions.NAME[0]],
      ['PLACE', tinyQuestions.PLACE]
    ] as const
    return { context: text, qas: asked.map(([label, question]) => ({ id: `${id}-${label}`, question, answers: answers(label) })) }
  })
  return JSON.stringify({
    version: 'v2.0',
    data: paragraphs.map((paragraph, i) => ({ title: `t${i}`, paragraphs: [paragraph] }))
  })
}

/** The tiny project with marks, `squad.json`, and a run.yaml that learns to answer two questions about each text. */
export async function makeTinyQuestions(folder: string, words = 6): Promise<TinyQuestions> {
  const project = await makeTinyMarks(folder, words)
  await writeFile(join(folder, 'squad.json'), squadFile(40, 2))
  const data = { file: 'marks.jsonl', text: 'text', answers: 'marks', id: 'id', questions: tinyQuestions }
  return {
    ...project,
    questionsConfig: (name, training, extra = {}) =>
      project.marksConfig(
        name,
        { num_train_epochs: 30, learning_rate: 0.01, ...training },
        {
          task: 'question-answering' as unknown as object, // The section is a name in a file of JSON.
          data,
          ...extra
        }
      )
  }
}
