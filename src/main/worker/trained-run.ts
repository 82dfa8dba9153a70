import { stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { RunConfig } from '../config/config-types.ts'
import { InputError } from '../base/errors.ts'
import { readFile } from '../base/sealed/fs.ts'
import { Arena } from '../engine/training/arena.ts'
import { Attributor } from '../engine/training/attribution.ts'
import type { Examples } from '../engine/training/examples.ts'
import { Evaluator, type EvaluatorOptions } from '../engine/training/evaluator.ts'
import type { OnSmaller } from '../engine/training/in-parts.ts'
import { findBest, loadArena } from '../engine/training/checkpoints.ts'
import { openModelFolder, type ModelFolder } from '../engine/training/model-folder.ts'
import type { ModelDefinition, ParameterSelection } from '../engine/training/model-definition.ts'
import { layOut } from '../engine/training/parameter-groups.ts'
import { groupSettingsOf, lossOptionsOf, selectionOf } from '../engine/training/plan.ts'
import type { RunSettings } from '../engine/training/run-settings.ts'
import type { Runtime } from '../engine/runtime/port.ts'
import { loadTokenizer, type Tokenizer } from '../engine/text/tokenizer.ts'
import { loadNewestCheckpoint, type LoadedCheckpoint } from '../engine/weights/run-checkpoint.ts'
import { prepareWeights } from '../engine/weights/prepared.ts'
import type { ProblemName } from '../engine/training/options.ts'
import { readDecision, type FixedDecision } from '../report/fixed-decision.ts'
import { attributeWords, type AttributedWord } from './attribute-words.ts'
import { baseKeysOf, changedPart, type BaseKeys } from './base-keys.ts'
import { hasCrf, modelDefinitionOf } from './model-definition.ts'
import { crfOf, markingOf } from './prepare-marks.ts'
import { readTexts } from './read-texts.ts'
import { readRecord } from './run-folder.ts'
import { foldsOf } from './run-parts.ts'
import { settingsOf } from './settings.ts'
import { MODEL_FILE, MODEL_SO_FAR, type RunModel } from './run-model.ts'

/** What a run was made with, as it was recorded. */
export interface RecordedRun {
  readonly config: RunConfig
  readonly model: RunModel
  /** Where its checkpoints lie: of several seeds, the first is what answers. */
  readonly weightsFolder: string
}

/** Which runs may be opened. */
export interface OpenOptions {
  /** One that is not finished will do with its best weights so far. */
  readonly mayBeUnfinished?: boolean
  /** One that marks passages will do. */
  readonly takesPassages?: boolean
  /** One that finds answers will do. */
  readonly takesQuestions?: boolean
  /** Whoever opens several runs may have their base model at hand. */
  readonly openFolder?: typeof openBaseFolder
  /** Told when memory did not suffice for the rows of a batch. */
  readonly onSmaller?: OnSmaller
}

/** Reads it. A run that is not finished is refused, and one that marks passages or finds answers, unless the options say otherwise. */
export async function readRunConfiguration(
  folder: string,
  { mayBeUnfinished = false, takesPassages = false, takesQuestions = false }: OpenOptions = {}
): Promise<RecordedRun> {
  await readRecord(folder)
  const read = async (name: string): Promise<unknown> => {
    try {
      return JSON.parse(await readFile(join(folder, name), 'utf8'))
    } catch (error) {
      if (error instanceof InputError) throw error
      const sentence = `The run in ${folder} has no usable ${name}: it was not trained to its end. Go on with it (attune train … --resume) first.`
      const inApp = 'This run was not trained to its end. Resume it first.'
      throw new InputError('run-unfinished', sentence, { file: join(folder, name), inApp }, { cause: error })
    }
  }
  const stored = await read('config.json')
  if (!hasSections(stored, ['config']) || !hasSections(stored['config'], ['data', 'training', 'method']))
    throw damaged(folder, 'config.json')
  const config = stored['config'] as unknown as RunConfig // As trainRun wrote it, as far as has been looked at.
  if (config.task === 'masked-lm') {
    const sentence = `The run in ${folder} learned to fill in words (masked-lm); it gives no labels. Name a run of text-classification or regression.`
    const inApp = 'This run learned to fill in words and gives no answers. Choose one that learned classes or numbers.'
    throw new InputError('run-task', sentence, { file: folder, inApp })
  }
  if (config.task === 'token-classification' && !takesPassages) throw marksPassages(folder)
  if (config.task === 'question-answering' && !takesQuestions) throw findsAnswers(folder)
  if (foldsOf(config) !== null) throw testedByFolds(folder)
  const { seeds } = config.training
  const inside = seeds.length < 2 ? '' : `seed-${seeds[0] ?? ''}`
  const readModel = (): Promise<unknown> => read(join(inside, MODEL_FILE))
  const model = await (mayBeUnfinished ? read(join(inside, MODEL_SO_FAR)).catch(readModel) : readModel())
  if (!hasSections(model, ['calibration', 'classNames', 'base'])) throw damaged(folder, MODEL_FILE)
  return { config, model: model as unknown as RunModel, weightsFolder: join(folder, inside) } // As above.
}

/** Refuses a run or an export that finds answers, where nothing is asked. */
export function findsAnswers(folder: string): InputError {
  const sentence = `The model in ${folder} finds answers to questions in texts (question-answering), which is not done here. Use attune predict, serve, evaluate or export.`
  const inApp =
    'This model answers questions about texts, which is not asked here: choose one that learned classes, numbers or passages.'
  return new InputError('run-task', sentence, { file: folder, inApp })
}

/** Refuses a run or an export that marks passages, where whole texts are to be answered. */
export function marksPassages(folder: string): InputError {
  const sentence = `The model in ${folder} marks passages in texts (token-classification), which is not answered here. Use attune predict, serve, evaluate, export or deidentify.`
  const inApp = 'This model marks passages in texts, which is not answered here: choose one that learned classes or numbers.'
  return new InputError('run-task', sentence, { file: folder, inApp })
}

const testedByFolds = (folder: string): InputError => {
  const sentence = `The run in ${folder} was tested by folds: each of its models was trained without the rows that it was tested on, and none is meant to answer. Train once without folds.`
  const inApp =
    'This run was tested by folds, so that it has no model that learned from all rows. Train once without folds, then use that run.'
  return new InputError('run-folds', sentence, { file: folder, inApp })
}

function hasSections(value: unknown, names: readonly string[]): value is Record<string, object> {
  return isObject(value) && names.every((name) => isObject(value[name]))
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

function damaged(folder: string, name: string): InputError {
  const sentence = `The file ${name} of the run in ${folder} is damaged. Restore it from a copy, or train the run again.`
  const inApp = `The file ${name} of this run is damaged. Restore it from a backup, or train the run again.`
  return new InputError('run-damaged', sentence, { file: join(folder, name), inApp })
}

/** A base model as its folder holds it now; no weights are read. */
export interface OpenedBase {
  readonly base: ModelFolder
  readonly tokenizer: Tokenizer
  readonly keys: BaseKeys
}

export async function openBaseFolder(folder: string): Promise<OpenedBase> {
  const [base, tokenizer] = [await openModelFolder(folder), await loadTokenizer(folder)]
  return { base, tokenizer, keys: await baseKeysOf(base, tokenizer) }
}

/** Opens what the run was made from, and refuses a model that has been moved away or exchanged since. */
async function openBase(
  folder: string,
  config: RunConfig,
  facts: RunModel,
  openFolder: typeof openBaseFolder
): Promise<OpenedBase> {
  const isThere = await stat(config.model).then(
    (found) => found.isDirectory(),
    () => false
  )
  if (!isThere) {
    const sentence = `The model that the run in ${folder} was made from is no longer in ${config.model}. Put it back there.`
    const inApp = `The model that this run was made from (${basename(config.model)}) is no longer where it was. Put it back there, or connect its drive.`
    throw new InputError('run-base-missing', sentence, { file: config.model, inApp })
  }
  const opened = await openFolder(config.model)
  const changed = changedPart(facts.base, opened.keys)
  if (changed === null) return opened
  const sentence = `The model in ${config.model} is not the one that the run in ${folder} was made from: its ${changed} changed. Put the original back.`
  const inApp = `The model ${basename(config.model)} is not the one that this run was made from: its ${changed} changed. Put the original back.`
  throw new InputError('run-base-changed', sentence, { file: config.model, inApp })
}

/** A finished run as it lies on disk: what it was made from and what it learned. */
export interface TrainedParts {
  readonly config: RunConfig
  readonly facts: RunModel
  readonly decision: FixedDecision
  readonly base: ModelFolder
  readonly tokenizer: Tokenizer
  readonly settings: RunSettings
  readonly definition: ModelDefinition
  readonly selection: ParameterSelection
  /** Its best weights. */
  readonly checkpoint: LoadedCheckpoint
}

/** Opens and checks them; no weights are read. Throws an InputError where the run is unfinished or the base model is gone. */
export async function openTrained(folder: string, options: OpenOptions = {}): Promise<TrainedParts> {
  const { config, model: facts, weightsFolder } = await readRunConfiguration(folder, options)
  const decision = await readDecision(folder)
  const { base, tokenizer } = await openBase(folder, config, facts, options.openFolder ?? openBaseFolder)
  const settings = settingsOf({
    task: config.task,
    problem: facts.problem as ProblemName, // Written by trainRun.
    training: config.training,
    modelMaxLength: base.maxTokens,
    validationRows: 1,
    seed: config.training.seed,
    crf: hasCrf(config)
  })
  const definition = modelDefinitionOf(config, base, facts.classNames)
  const checkpoint = (await findBest(weightsFolder)) ?? (await loadNewestCheckpoint(weightsFolder, 'step'))
  if (!checkpoint)
    throw new InputError('run-unfinished', `The run in ${folder} has no checkpoint to answer with. Train it again.`, {
      file: folder,
      inApp: 'This run has no checkpoint to answer with. Train it again.'
    })
  const selection = selectionOf(definition, settings)
  return { config, facts, decision, base, tokenizer, settings, definition, selection, checkpoint }
}

const readWeights = async (arena: Arena, name: string): Promise<Float32Array> =>
  (await arena.read(arena.weights, name)) as Float32Array // Weights are float32.

interface OpenedRun {
  readonly config: RunConfig
  readonly facts: RunModel
  readonly settings: RunSettings
  readonly decision: FixedDecision
  readonly tokenizer: Tokenizer
  readonly evaluator: Evaluator
  readonly runtime: Runtime
  /** What the evaluator was made from. */
  readonly parts: EvaluatorOptions
}

/** A finished run's model, ready to answer. */
export class TrainedModel {
  readonly config: RunConfig
  readonly facts: RunModel
  readonly settings: RunSettings
  /** How a person decided that the answers are read. */
  readonly decision: FixedDecision
  readonly #opened: OpenedRun
  readonly #tokenizer: Tokenizer
  readonly #evaluator: Evaluator

  private constructor(opened: OpenedRun) {
    const { config, facts, settings, decision, tokenizer, evaluator } = opened
    this.#opened = opened
    this.config = config
    this.facts = facts
    this.settings = settings
    this.decision = decision
    this.#tokenizer = tokenizer
    this.#evaluator = evaluator
  }

  /**
   * Opens base model and the run's best weights. Throws an InputError where the run is unfinished or the base model is gone.
   */
  static async open(runtime: Runtime, folder: string, cacheFolder: string, options: OpenOptions = {}): Promise<TrainedModel> {
    const opened = await openTrained(folder, options)
    const { config, facts: stored, decision, base, tokenizer, settings, definition, selection, checkpoint } = opened
    const { groups, size } = layOut(selection.parameters, groupSettingsOf(settings, base.config.layers))
    const arena = new Arena(runtime, groups, size, null)
    await loadArena(arena, checkpoint, false)
    const need = [...definition.stored].map((name) => base.storedNames.get(name) ?? name)
    const prepared = await prepareWeights(base.checkpoint, join(cacheFolder, 'weights'), { need })
    const parts: EvaluatorOptions = {
      definition,
      selection,
      weights: { folder: prepared.folder, locate: (name) => prepared.locate(base.storedNames.get(name) ?? name) },
      state: (slot) => arena.weight(slot),
      loss: lossOptionsOf(settings),
      collate: {
        padId: tokenizer.specialTokens.pad ?? base.config.padId,
        positionOffset: base.architecture.positionOffset(base.config)
      },
      batchSize: settings.evaluationBatchSize,
      pooling: settings.windowPooling,
      boundary: null,
      ...(options.onSmaller && { onSmaller: options.onSmaller })
    }
    const evaluator = await Evaluator.open(runtime, parts)
    const marking = markingOf(config, stored.classNames)
    // A run that is not finished has not written down yet what its random field learned.
    const isUntold = marking !== null && stored.crf === undefined
    const facts = isUntold ? { ...stored, ...(await crfOf(marking, (name) => readWeights(arena, name))) } : stored
    return new TrainedModel({ config, facts, settings, decision, tokenizer, evaluator, runtime, parts })
  }

  /** Bytes of what the run learned, which are held in memory. */
  get learnedBytes(): number {
    return 4 * this.#opened.parts.selection.trainableCount
  }

  /** Logits in the order of the texts. */
  async logits(
    texts: readonly string[],
    pairs: readonly string[] | null,
    signal: AbortSignal,
    onProgress: (done: number, total: number) => void
  ): Promise<{ logits: Float32Array; examples: Examples }> {
    const examples = await this.encode(texts, pairs, signal)
    return { logits: await this.evaluate(examples, signal, onProgress), examples }
  }

  /** Texts, with their pairs, as the model reads them: one example a text, in order. */
  encode(texts: readonly string[], pairs: readonly string[] | null, signal: AbortSignal): Promise<Examples> {
    const { config, facts, settings } = this
    return readTexts({ config, classNames: facts.classNames, tokenizer: this.#tokenizer, settings }, texts, pairs, signal)
  }

  /** Logits of what `encode` made: [rows, labels], or [units, tags] where passages are marked. */
  evaluate(examples: Examples, signal: AbortSignal, onProgress: (done: number, total: number) => void): Promise<Float32Array> {
    return this.#evaluator.logits(examples, null, signal, onProgress)
  }

  /** What each word of a text speaks for or against in the logit `label`. */
  async attribute(text: string, pair: string | null, label: number, signal: AbortSignal): Promise<readonly AttributedWord[]> {
    const { runtime, parts, tokenizer, settings } = this.#opened
    const attributor = await Attributor.open(runtime, parts)
    try {
      return await attributeWords({ attributor, tokenizer, settings }, { text, pair, label }, signal)
    } finally {
      await attributor.dispose()
    }
  }

  async dispose(): Promise<void> {
    await this.#evaluator.dispose()
  }
}
