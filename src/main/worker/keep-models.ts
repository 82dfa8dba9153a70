import { openRuntime } from '../engine/runtime/index.ts'
import type { AnsweringInput } from './open-answering.ts'
import { attributeText } from './attribute-run.ts'
import { failureOf } from './failure-of.ts'
import { KeptModels } from './kept-models.ts'
import type { Mailbox } from './mailbox.ts'
import { passagesInTexts } from './passages-in-texts.ts'
import { answerTexts } from './predict-run.ts'
import type { FinishedEvent, KeptTask, PerformRequest, TrainerEvent } from './protocol.ts'

export interface KeepInput extends Pick<AnsweringInput, 'cacheFolderOf' | 'keptIn' | 'signal'> {
  readonly requests: Mailbox<PerformRequest>
  readonly emit: (event: TrainerEvent) => void
}

/** Answers with whichever run or export each task names, one after the other, until it is told to stop. Opened models stay open. */
export async function keepModels({ requests, emit, ...input }: KeepInput): Promise<FinishedEvent> {
  const { signal } = input
  const models = new KeptModels({ openRuntime: (threads) => openRuntime({ threads }), input: { ...input, emit } })
  try {
    for (;;) {
      const request = await requests.next(signal)
      if (request === null) return { event: 'finished' }
      const { id, task } = request
      try {
        emit({ event: 'answered', id, result: await perform(models, task, signal) })
      } catch (error) {
        if (signal.aborted) return { event: 'finished' }
        emit({ event: 'unanswered', id, failure: failureOf(error) })
      }
    }
  } finally {
    await models.dispose()
  }
}

function perform(models: KeptModels, task: KeptTask, signal: AbortSignal): Promise<FinishedEvent> {
  const what = {
    mayBeUnfinished: task.kind === 'answer',
    takesPassages: task.kind !== 'attribute',
    takesQuestions: task.kind === 'answer'
  }
  return models.with(task.runFolder, what, (model) => {
    if (task.kind === 'passages') return passagesInTexts(model, task.texts, signal)
    if (task.kind === 'answer')
      return answerTexts({ model, texts: task.texts, questions: task.questions ?? null, signal, emit: () => undefined })
    return attributeText({ model, text: task.text, pair: task.pair, signal })
  })
}
