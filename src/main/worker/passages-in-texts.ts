import { defined } from '../base/assert.ts'
import type { FoundMark } from '../engine/evaluation/index.ts'
import { readTags, tagSureness } from '../engine/training/read-tags.ts'
import type { AnsweringModel } from './answering-model.ts'
import { tagReading } from './mark-reading.ts'
import { markingOf } from './prepare-marks.ts'
import type { FinishedEvent } from './protocol.ts'

/** What a run marks in one text, in UTF-16 units, and how sure it is of all its tags. */
export interface PassagesInText {
  readonly marks: readonly FoundMark[]
  readonly sureness: number
}

/** Marks the passages of texts; nothing of them is kept. */
export async function passagesInTexts(
  model: AnsweringModel,
  texts: readonly string[],
  signal: AbortSignal
): Promise<FinishedEvent> {
  const examples = await model.encode(texts, null, signal)
  const logits = await model.evaluate(examples, signal, () => undefined)
  const { config, facts } = model
  const reading = tagReading(defined(markingOf(config, facts.classNames), 'a run that marks passages'), facts)
  const tagged = defined(examples.tagged, 'units')
  const sureness = tagSureness(tagged, logits, reading)
  const found = readTags(tagged, logits, reading).map((marks, row): PassagesInText => ({ marks, sureness: sureness[row] ?? 1 }))
  return { event: 'finished', found }
}
