import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from './node24.mjs'

/**
 * Writes what a run that answers questions says: of each question about a text its windows (token ids, and the scores of each token as first and last), and
 * the answer in code points. For comparison with other programs.
 */
export async function writeQuestionAnswers(runFolder, asked, cacheFolder, file) {
  const from = (path) => import(join(root, 'src/main', path))
  const { openRuntime } = await from('engine/runtime/index.ts')
  const { answerBy, findAnswers, windowsByRow } = await from('engine/training/find-answers.ts')
  const { codePointOffsets } = await from('data/spans/span.ts')
  const { howOf } = await from('worker/question-reading.ts')
  const { TrainedModel } = await from('worker/trained-run.ts')
  const { signal } = new globalThis.AbortController()
  const runtime = await openRuntime({ threads: 1 })
  const model = await TrainedModel.open(runtime, runFolder, cacheFolder, { takesQuestions: true })
  try {
    const texts = asked.map(({ text }) => text)
    const questions = asked.map(({ question }) => question)
    const { logits, examples } = await model.logits(texts, questions, signal, () => undefined)
    const how = howOf(model)
    const windows = windowsByRow(examples)
    const answers = findAnswers(examples, logits, how).map((read, row) => {
      const found = answerBy(read, how.threshold)
      const points = codePointOffsets(texts[row])
      return {
        ...asked[row],
        windows: windows.get(row).map((sequence) => ({
          ids: [...examples.sequences[sequence].ids],
          scores: [...examples.tagged.units[sequence]].map((unit) => [...logits.subarray(2 * unit, 2 * unit + 2)])
        })),
        answer: found && [points[found.start], points[found.end]]
      }
    })
    await writeFile(file, JSON.stringify(answers))
  } finally {
    await model.dispose()
    await runtime.dispose()
  }
}
