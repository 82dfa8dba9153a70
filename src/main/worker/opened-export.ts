import type { RunConfig } from '../config/config-types.ts'
import type { Examples } from '../engine/training/examples.ts'
import type { OnSmaller } from '../engine/training/in-parts.ts'
import type { ProblemName } from '../engine/training/options.ts'
import type { RunSettings } from '../engine/training/run-settings.ts'
import type { AttributedWord } from './attribute-words.ts'
import { hasCrf } from './model-definition.ts'
import { markingOf } from './prepare-marks.ts'
import { settingsOf } from './settings.ts'

export interface ExportedAbout {
  /** How texts are cut. */
  readonly config: RunConfig
  readonly problem: string
  /** Classes, kinds of passages, or names of questions; empty for a regression. */
  readonly classNames: readonly string[]
  /** Where the base model of an adapter lies; left out for merged models. */
  readonly baseFolder?: string
  /** Whether the prepared weights stay in the cache folder: where the same model will be asked again. */
  readonly keepsWeights?: boolean
  /** Told when memory did not suffice for the rows of a batch. */
  readonly onSmaller?: OnSmaller | undefined
}

/** A model, ready to answer texts. */
export interface TextModel {
  /** How texts are cut. */
  readonly settings: RunSettings
  /** Texts, with their pairs, as the model reads them: one example a text, in order. */
  readonly encode: (texts: readonly string[], pairs: readonly string[] | null, signal: AbortSignal) => Promise<Examples>
  /** Logits of what `encode` made: [rows, labels], [units, tags] where passages are marked, or [tokens, first and last] where questions are answered. */
  readonly evaluate: (
    examples: Examples,
    signal: AbortSignal,
    onProgress: (done: number, total: number) => void
  ) => Promise<Float32Array>
  readonly dispose: () => Promise<void>
}

/** What each word of a text speaks for or against in the logit `label`. */
export type Attribute = (
  text: string,
  pair: string | null,
  label: number,
  signal: AbortSignal
) => Promise<readonly AttributedWord[]>

/** An exported model. It has no `attribute` where its form has no gradients. */
export interface OpenedExport extends TextModel {
  readonly attribute?: Attribute
}

/** What a model said to texts: logits [texts, labels], or [units, tags] where passages are marked, and the texts as it read them. */
export interface Answered {
  readonly logits: Float32Array
  readonly examples: Examples
}

/** Asks a model about texts. */
export async function answeredBy(
  model: Pick<TextModel, 'encode' | 'evaluate'>,
  texts: readonly string[],
  pairs: readonly string[] | null,
  signal: AbortSignal,
  onProgress: (done: number, total: number) => void
): Promise<Answered> {
  const examples = await model.encode(texts, pairs, signal)
  return { logits: await model.evaluate(examples, signal, onProgress), examples }
}

/** Number of an exported model's outputs: first and last of an answer, tags, classes or one. */
export function outputCount({ config, classNames }: Pick<ExportedAbout, 'config' | 'classNames'>): number {
  if (config.task === 'question-answering') return 2
  return markingOf(config, classNames)?.tags.size ?? Math.max(1, classNames.length)
}

/** How an exported model reads texts: as the run did. */
export const settingsOfExport = ({ config, problem }: ExportedAbout, modelMaxLength: number): RunSettings =>
  settingsOf({
    task: config.task,
    problem: problem as ProblemName, // Written by trainRun.
    training: config.training,
    modelMaxLength,
    validationRows: 1,
    seed: config.training.seed,
    crf: hasCrf(config)
  })
