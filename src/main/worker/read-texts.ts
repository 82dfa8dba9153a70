import type { RunConfig } from '../config/config-types.ts'
import type { Tokenizer } from '../engine/text/tokenizer.ts'
import type { Examples } from '../engine/training/examples.ts'
import type { RunSettings } from '../engine/training/run-settings.ts'
import { askedExamples } from './prepare-answers.ts'
import { markedExamples, markingOf } from './prepare-marks.ts'
import { examplesOf } from './text-examples.ts'

/** What decides how a model reads texts. */
export interface TextReader {
  readonly config: RunConfig
  readonly classNames: readonly string[]
  readonly tokenizer: Tokenizer
  readonly settings: RunSettings
}

/** Texts, with their pairs or questions, as a model of any task reads them: one example a text, in order. */
export function readTexts(
  { config, classNames, tokenizer, settings }: TextReader,
  texts: readonly string[],
  pairs: readonly string[] | null,
  signal: AbortSignal
): Promise<Examples> {
  const marking = markingOf(config, classNames)
  if (marking) return markedExamples(tokenizer, settings, marking, texts, null, signal)
  if (config.task === 'question-answering') return askedExamples(tokenizer, settings, texts, pairs ?? texts.map(() => ''), signal)
  return examplesOf(tokenizer, settings, texts, pairs, signal)
}
