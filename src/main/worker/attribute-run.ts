import type { Runtime } from '../engine/runtime/port.ts'
import type { TrainerEvent } from './protocol.ts'
import { answersOf } from './read-answers.ts'
import { TrainedModel } from './trained-run.ts'

export interface AttributeInput {
  readonly runFolder: string
  readonly text: string
  readonly pair: string | null
  readonly runtime: Runtime
  readonly cacheFolder: string
  readonly signal: AbortSignal
}

/** What the words of one text speak for or against in the run's answer to it. Nothing of the text is kept. */
export async function attributeRun(input: AttributeInput): Promise<Extract<TrainerEvent, { event: 'finished' }>> {
  const { runFolder, text, pair, signal } = input
  const model = await TrainedModel.open(input.runtime, runFolder, input.cacheFolder)
  try {
    const { logits } = await model.logits([text], pair === null ? null : [pair], signal, () => undefined)
    const [answer] = answersOf(model, logits)
    const { classNames } = model.facts
    const label = labelOf(classNames, answer?.label ?? '', logits)
    const words = await model.attribute(text, pair, label, signal)
    return { event: 'finished', label: classNames[label] ?? null, words }
  } finally {
    await model.dispose()
  }
}

/** The logit that the answer comes from: that of the class said, of several the most probable one, of none the nearest to being said; a score's only one. */
function labelOf(classNames: readonly string[], said: string | readonly string[] | number, logits: Float32Array): number {
  if (classNames.length === 0) return 0
  if (typeof said === 'string') return Math.max(0, classNames.indexOf(said))
  return logits.indexOf(Math.max(...logits))
}
