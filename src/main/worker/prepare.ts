import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { RunConfig } from '../config/config-types.ts'
import { learningRateNote } from '../config/run-config.ts'
import { defined } from '../base/assert.ts'
import { InputError } from '../base/errors.ts'
import { counted, shown, shownList } from '../base/wording.ts'
import { loadDataset } from '../data/dataset.ts'
import type { Dataset, DatasetSpec } from '../data/dataset-types.ts'
import type { FoldChoice } from '../data/folds.ts'
import type { ShareChoice } from '../data/shares.ts'
import type { Split } from '../data/split.ts'
import { checkTokenizerFits } from '../engine/text/check.ts'
import { openTokenCache } from '../engine/text/cache.ts'
import type { TokenTable } from '../engine/text/token-table.ts'
import { loadTokenizer, type Tokenizer } from '../engine/text/tokenizer.ts'
import { buildExamples, type Examples } from '../engine/training/examples.ts'
import type { WeightSource } from '../engine/training/feeding.ts'
import type { ModelDefinition } from '../engine/training/model-definition.ts'
import { openModelFolder, type ModelFolder } from '../engine/training/model-folder.ts'
import type { ProblemName } from '../engine/training/options.ts'
import type { RunSettings } from '../engine/training/run-settings.ts'
import type { Targets, TargetSettings } from '../engine/training/targets.ts'
import type { StartValues } from '../engine/training/initialise.ts'
import { selectionOf } from '../engine/training/plan.ts'
import type { Computing } from '../engine/training/prefix.ts'
import { prepareWeights, requireFloats } from '../engine/weights/prepared.ts'
import { startOf } from './adapter-start.ts'
import { buildTokenExamples, type TokenExamples } from '../engine/training/token-examples.ts'
import { answeringOf, askedSpec, cutAsked, type Answering } from './prepare-answers.ts'
import { checkNames } from './check-names.ts'
import { checkDisk, planDisk, type DiskNeed } from './disk.ts'
import { hasCrf, modelDefinitionOf } from './model-definition.ts'
import { markingOf, marksIn, noteTornMarks, tagWeights, tokeniseMarked, type Marking } from './prepare-marks.ts'
import { noteWindows } from './note-windows.ts'
import type { PhaseName } from './protocol.ts'
import { splitFor } from './split-run.ts'
import { settingsOf } from './settings.ts'
import { plainTable } from './text-examples.ts'

export interface PrepareContext {
  /** Where caches go: prepared weights, tokens, frozen prefixes. */
  readonly cacheFolder: string
  readonly seed: number
  /** The fold to test on; null for a run that is tested once. */
  readonly fold?: FoldChoice | null
  /** The share of the training rows to learn from; null where nothing is said of shares. */
  readonly share?: ShareChoice | null
  /** Rows to a micro-batch where those of run.yaml take too much memory. */
  readonly microBatch?: number | undefined
  /** What will compute the run. */
  readonly computing: Computing
  readonly signal: AbortSignal
  readonly onProgress: (phase: PhaseName, done: number, total: number) => void
  readonly onNote: (code: string, message: string) => void
  /** Told of how many rows the tokens were on disk already. */
  readonly onTokensFound?: (rows: number) => void
}

/** Everything a run needs before the first step, all of it checked. */
export interface PreparedRun {
  readonly dataset: Dataset
  readonly split: Split
  readonly tokenizer: Tokenizer
  readonly examples: { readonly train: Examples; readonly validation: Examples; readonly test: Examples }
  readonly model: ModelFolder
  readonly definition: ModelDefinition
  readonly weights: WeightSource
  readonly recheck: () => Promise<void>
  readonly modelKey: string
  /** What an adapter gives the run to start from; null where there is none. */
  readonly start: StartValues | null
  /** Says what that adapter is. */
  readonly startKey: string | null
  /** What the run will write, by file system. */
  readonly disk: readonly DiskNeed[]
  /** Null for masked-lm, and where passages are marked or answers found. */
  readonly targets: Targets | null
  /** How passages are marked; null where whole texts are answered. */
  readonly marking: Marking | null
  /** How answers are found in texts; null where something else is learned. */
  readonly answering: Answering | null
  readonly targetSettings: TargetSettings
  readonly settings: RunSettings
  readonly problem: ProblemName
  /** The fold that is the test; null where the test is cut once. */
  readonly fold: FoldChoice | null
  /** The share of the training rows that is learned from; null where nothing is said of shares. */
  readonly share: ShareChoice | null
}

/** The `data` section as the data layer wants it. */
export function datasetSpec(config: RunConfig, classNames?: readonly string[]): DatasetSpec {
  if (config.task === 'question-answering') return askedSpec(config.data, classNames)
  const given = Object.entries(config.data).filter(([, value]) => value !== null)
  const problem = config.task === 'text-classification' ? { problem_type: config.problem_type } : {}
  // The keys of the section are those of the specification; null stands for a key left out.
  return { ...Object.fromEntries(given), task: config.task, ...problem, ...(classNames ? { classNames } : {}) } as DatasetSpec
}

/** Reads data and model, checks that they fit together, and tokenises. */
export async function prepareRun(config: RunConfig, context: PrepareContext): Promise<PreparedRun> {
  const { seed, signal, onNote, fold = null, share = null } = context
  const overrides = {
    ...(config.training.hidden_dropout_prob === null ? {} : { hidden: config.training.hidden_dropout_prob }),
    ...(config.training.attention_probs_dropout_prob === null ? {} : { attention: config.training.attention_probs_dropout_prob }),
    ...(config.training.classifier_dropout === null ? {} : { classifier: config.training.classifier_dropout }),
    ...(config.task === 'token-classification' ? { tokenHead: true as const } : {}),
    ...(config.task === 'question-answering' ? { answerHead: true as const } : {})
  }
  const model = await openModelFolder(config.model, overrides)
  const tokenizer = await loadTokenizer(config.model)
  const spec = datasetSpec(config)
  const dataset = await loadDataset(spec, signal)
  for (const { code, message } of dataset.notes) onNote(code, message)
  const split = splitFor(config, dataset, seed, { fold, share })
  for (const { code, message } of split.notes) onNote(code, message)
  const problem = dataset.problemType ?? 'masked-lm'
  const settings = settingsOf({
    task: config.task,
    problem,
    training: config.training,
    modelMaxLength: model.maxTokens,
    validationRows: split.validation.length,
    seed,
    microBatch: context.microBatch,
    crf: hasCrf(config)
  })
  checkTokenizerFits(tokenizer, {
    vocabSize: model.config.vocabularySize,
    maxPositions: model.maxTokens,
    maxLength: config.training.max_length ?? settings.maxLength,
    roles: config.task === 'masked-lm' ? ['pad', 'mask'] : ['pad'],
    pairs: dataset.pairs !== null
  })
  noteSmallVocabulary(tokenizer, model, onNote)
  const definition = modelDefinitionOf(config, model, dataset.classNames)
  const selection = selectionOf(definition, settings)
  checkNames(config, definition, selection)
  const note = learningRateNote(config, selection.totalCount)
  if (note !== null) onNote('learning-rate', note)
  const targets = targetsOf(dataset)
  const marking = markingOf(config, dataset.classNames)
  const answering = answeringOf(config)
  const rowSettings = targetSettingsOf(config, settings, targets, dataset, split.train)
  const start = await startOf(config, model, dataset.classNames, rowSettings)
  if (start?.note) onNote('adapter-head', start.note)
  const need = [...definition.stored].map((name) => model.storedNames.get(name) ?? name)
  requireFloats(model.checkpoint, need)
  // Nothing is written before all of this has been checked.
  const made = marking
    ? await cutMarked(dataset, split, tokenizer, settings, marking, context)
    : answering
      ? { examples: await cutAsked(dataset, split, tokenizer, settings, answering, context), tagWeights: null }
      : await cutTexts(dataset, split, tokenizer, settings, context)
  const { examples } = made
  noteWindows(Object.values(examples), settings, answering !== null, onNote)
  const targetSettings = made.tagWeights ? { ...rowSettings, classWeights: made.tagWeights } : rowSettings
  const modelKey = modelKeyOf(model)
  const disk = await planDisk({
    config,
    cacheFolder: context.cacheFolder,
    model,
    definition,
    selection,
    settings,
    need,
    modelKey,
    examples,
    split,
    computing: context.computing
  })
  checkDisk(disk)
  const prepared = await prepareWeights(model.checkpoint, join(context.cacheFolder, 'weights'), {
    need,
    signal,
    onProgress: (done, total) => context.onProgress('preparing', done, total)
  })
  return {
    dataset,
    split,
    tokenizer,
    examples,
    model,
    definition,
    weights: { folder: prepared.folder, locate: (name) => prepared.locate(model.storedNames.get(name) ?? name) },
    recheck: prepared.recheck,
    modelKey,
    start: start?.values ?? null,
    startKey: start?.key ?? null,
    disk,
    targets,
    marking,
    answering,
    targetSettings,
    settings,
    problem,
    fold,
    share
  }
}

interface CutRows {
  readonly examples: PreparedRun['examples']
  /** A weight for each tag; null where all count alike. */
  readonly tagWeights: Float64Array | null
}

async function cutTexts(
  dataset: Dataset,
  split: Split,
  tokenizer: Tokenizer,
  settings: RunSettings,
  context: PrepareContext
): Promise<CutRows> {
  const table = await tokenise(dataset, tokenizer, context)
  const cut = (rows: Int32Array): Examples => buildExamples(tokenizer, table, rows, settings)
  return { examples: { train: cut(split.train), validation: cut(split.validation), test: cut(split.test) }, tagWeights: null }
}

async function cutMarked(
  dataset: Dataset,
  split: Split,
  tokenizer: Tokenizer,
  settings: RunSettings,
  marking: Marking,
  context: PrepareContext
): Promise<CutRows> {
  const table = await tokeniseMarked(dataset, tokenizer, context)
  const { texts } = dataset
  const { tags, options } = marking
  const cut = (rows: Int32Array): TokenExamples =>
    buildTokenExamples({ tokenizer, table, texts, rows, marks: marksIn(dataset), tags, labelled: options.labelled, settings })
  const examples = { train: cut(split.train), validation: cut(split.validation), test: cut(split.test) }
  noteTornMarks(dataset, [examples.train, examples.validation, examples.test], marking, context.onNote)
  return { examples, tagWeights: tagWeights(settings.classWeights, marking, examples.train) }
}

/** Below this share of the model's tokens, a tokenizer is probably another model's. */
const usualVocabularyShare = 0.9

function noteSmallVocabulary(tokenizer: Tokenizer, model: ModelFolder, onNote: PrepareContext['onNote']): void {
  const { vocabularySize: known } = model.config
  if (tokenizer.vocabularySize >= usualVocabularyShare * known) return
  const sizes = `tokenizer.json knows ${counted(tokenizer.vocabularySize, 'token')}, the model ${counted(known, 'token')}`
  onNote(
    'tokenizer-small',
    `${sizes}. Check that the two belong together: with another model's tokenizer nothing can be learned.`
  )
}

/** Token ids of every row, from the cache on disk where they are there. */
async function tokenise(
  dataset: Dataset,
  tokenizer: Tokenizer,
  { cacheFolder, signal, onProgress, onNote, onTokensFound }: PrepareContext
): Promise<TokenTable> {
  const cache = openTokenCache(join(cacheFolder, 'tokens'))
  const columns = dataset.pairs ? 2 : 1
  const key = { tokenizer: tokenizer.contentHash, dataset: dataset.contentHash, options: { columns } }
  const onTokens = (done: number, total: number): void => onProgress('tokenising', done, total)
  const { table, fromCache, warning } = await cache.getOrBuild(key, () =>
    plainTable(tokenizer, dataset.texts, dataset.pairs, { signal, onProgress: onTokens })
  )
  if (warning !== null) onNote('token-cache', warning)
  if (fromCache) onTokensFound?.(dataset.texts.length)
  return table
}

/** What decides a frozen prefix besides the tokens: the weight files. */
function modelKeyOf({ checkpoint }: ModelFolder): string {
  const hash = createHash('sha256')
  for (const { file, size, mtimeNs, headerHash } of checkpoint.files) hash.update(`${file}|${size}|${mtimeNs}|${headerHash}\n`)
  return hash.digest('hex').slice(0, 32)
}

/** The same columns in one other file, not to be split. */
export function oneFile(spec: DatasetSpec, file: string): DatasetSpec {
  const { train: _train, validation: _validation, test: _test, split: _split, ...unsplit } = spec
  const { split_column: _column, split_date: _date, ...rest } = unsplit
  return { ...rest, file }
}

/** The data set's labels as the losses and metrics want them; null for masked-lm, and where passages are marked. */
export function targetsOf({ labels, classNames }: Dataset): Targets | null {
  switch (labels.kind) {
    case 'class':
      return { kind: 'single-label', labels: labels.values, classes: classNames.length }
    case 'multi_hot':
      return { kind: 'multi-label', labels: labels.values, classes: classNames.length }
    case 'target':
      return { kind: 'regression', values: labels.values, classes: 1 }
    case 'spans':
    case 'answers':
    case 'none':
      return null
  }
}

function targetSettingsOf(
  config: RunConfig,
  settings: RunSettings,
  targets: Targets | null,
  dataset: Dataset,
  train: Int32Array
): TargetSettings {
  const plain = { smoothing: settings.labelSmoothing, classWeights: null, shift: 0, scale: 1 }
  if (!targets) return plain
  if (targets.kind === 'regression') {
    if (config.task !== 'regression' || config.target_scaling === 'none') return plain
    const values = Float64Array.from(train, (row) => targets.values[row] ?? 0)
    const shift = values.reduce((sum, value) => sum + value, 0) / values.length
    const scale = Math.sqrt(values.reduce((sum, value) => sum + (value - shift) ** 2, 0) / values.length)
    return { ...plain, shift, scale: scale > 0 ? scale : 1 }
  }
  return { ...plain, classWeights: classWeightsOf(settings.classWeights, targets, dataset.classNames, train) }
}

function classWeightsOf(
  choice: RunSettings['classWeights'],
  targets: Exclude<Targets, { kind: 'regression' }>,
  classNames: readonly string[],
  train: Int32Array
): Float64Array | null {
  if (choice === 'none') return null
  if (choice === 'balanced') return balanced(targets, train)
  const unknown = Object.keys(choice).find((name) => !classNames.includes(name))
  if (unknown !== undefined) {
    const sentence = `training.class_weights names the class ${shown(unknown)}, which the data does not have. Its classes are ${shownList(classNames, 20)}.`
    throw new InputError('class-weights-unknown', sentence, { key: 'training.class_weights' })
  }
  return Float64Array.from(classNames, (name) => choice[name] ?? 1)
}

/** rows / (classes · rows of the class), scikit-learn's `balanced`; for several labels, absent over present rows (torch's pos_weight). */
function balanced(targets: Exclude<Targets, { kind: 'regression' }>, train: Int32Array): Float64Array {
  const counts = new Float64Array(targets.classes)
  for (const row of train) {
    if (targets.kind === 'single-label') {
      const label = targets.labels[row] ?? 0
      counts[label] = (counts[label] ?? 0) + 1
    } else
      for (let c = 0; c < targets.classes; c++) counts[c] = (counts[c] ?? 0) + (targets.labels[row * targets.classes + c] ?? 0)
  }
  const isSingle = targets.kind === 'single-label'
  return counts.map((count) =>
    count === 0 ? 1 : isSingle ? train.length / (targets.classes * count) : (train.length - count) / count
  )
}

/** The text of a row for the keyword baseline. */
export function textOf({ texts, pairs }: Dataset, row: number): string {
  const text = defined(texts[row], 'text')
  return pairs ? `${text} ${pairs[row] ?? ''}` : text
}
