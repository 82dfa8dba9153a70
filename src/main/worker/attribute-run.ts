import type { AnsweringModel } from './answering-model.ts'
import type { FinishedEvent } from './protocol.ts'
import { answersOf } from './read-answers.ts'

export interface AttributeInput {
  readonly model: AnsweringModel
  readonly text: string
  readonly pair: string | null
  readonly signal: AbortSignal
}

/** What the words of one text speak for or against in the model's answer to it. Nothing of the text is kept. */
export async function attributeText({ model, text, pair, signal }: AttributeInput): Promise<FinishedEvent> {
  const examples = await model.encode([text], pair === null ? null : [pair], signal)
  const logits = await model.evaluate(examples, signal, () => undefined)
  const [answer] = answersOf(model, logits)
  const { classNames } = model.facts
  const label = labelOf(classNames, answer?.label ?? '', logits)
  const words = await model.attribute(text, pair, label, signal)
  return { event: 'finished', label: classNames[label] ?? null, words }
}

/** The logit that the answer comes from: that of the class said, of several the most probable one, of none the nearest to being said; a score's only one. */
function labelOf(classNames: readonly string[], said: string | readonly string[] | number, logits: Float32Array): number {
  if (classNames.length === 0) return 0
  if (typeof said === 'string') return Math.max(0, classNames.indexOf(said))
  return logits.indexOf(Math.max(...logits))
}
