import { defined } from '../../base/assert.ts'
import { InputError } from '../../base/errors.ts'
import type { Runtime } from '../runtime/port.ts'
import type { Tokenizer } from '../text/tokenizer.ts'
import type { TokenTable } from '../text/token-table.ts'
import { Arena } from './arena.ts'
import { collate, epochBatches, type CollateSettings } from './batches.ts'
import { arenaHash, findBest, findCheckpoint, loadArena, saveArena } from './checkpoints.ts'
import { buildExamples, type Examples } from './examples.ts'
import { Evaluator } from './evaluator.ts'
import type { WeightSource } from './feeding.ts'
import { buildTrainingGraph } from './graphs.ts'
import { initialiseWeights } from './initialise.ts'
import { initialState, TrainingLoop, type TrainingData, type WeightedBatch } from './loop.ts'
import { continuationTokens, maskBatch, type MaskingSettings } from './masked-lm.ts'
import { selectParameters, type ModelDefinition, type ParameterSelection } from './model-definition.ts'
import type { ModelFolder } from './model-folder.ts'
import { collatePacked, packingRoom, packLayout } from './packing.ts'
import { layOut } from './parameter-groups.ts'
import { everLearns, groupSettingsOf, loopSettingsOf, lossOptionsOf, phaseOfEpoch, stepsOf } from './plan.ts'
import type { LoopState, TrainingEvent } from './ports.ts'
import { prefixBoundary, PrefixCache, type PrefixBoundary } from './prefix.ts'
import type { RunSettings } from './run-settings.ts'
import { Stepper } from './stepper.ts'
import { batchTargets, type Targets, type TargetSettings } from './targets.ts'

export interface SplitRows {
  readonly train: Int32Array
  readonly validation: Int32Array
  readonly test: Int32Array
}

export interface TextRunInput {
  readonly runtime: Runtime
  readonly model: ModelFolder
  readonly definition: ModelDefinition
  readonly weights: WeightSource
  readonly tokenizer: Tokenizer
  readonly table: TokenTable
  /** Null for masked-lm. */
  readonly targets: Targets | null
  readonly targetSettings: TargetSettings
  readonly split: SplitRows
  readonly settings: RunSettings
  /** The run's folder: checkpoints go there. */
  readonly folder: string
  readonly cacheFolder: string
  readonly modelKey: string
  readonly planHash: string
  readonly signal: AbortSignal
  /** Asks to train no further. */
  readonly finish: AbortSignal
  readonly emit: (event: TrainingEvent) => void
  /** Progress of what comes before the first step. */
  readonly onPrepare: (what: 'prefix', done: number, total: number) => void
  readonly now: () => number
  /** Validation metrics from logits [rows, labels] of the validation rows. */
  readonly judge: (logits: Float32Array, rows: Int32Array) => Readonly<Record<string, number>>
}

/** Drops parameters that no phase of gradual unfreezing reaches: they stay frozen weights. */
function learningOnly(selection: ParameterSelection, settings: RunSettings): ParameterSelection {
  const parameters = selection.parameters.filter((parameter) => parameter.origin !== 'base' || everLearns(parameter, settings))
  return { ...selection, parameters, trainableCount: parameters.reduce((sum, { size }) => sum + size, 0) }
}

/** What a run trains: the method's selection, less what gradual unfreezing never reaches. */
export function selectionOf(definition: ModelDefinition, settings: RunSettings): ParameterSelection {
  return learningOnly(selectParameters(definition), settings)
}

/** One run of fine-tuning a text model: from tokens to trained weights in the run's folder. */
export class TextRun {
  readonly #input: TextRunInput
  readonly selection: ParameterSelection
  readonly arena: Arena
  readonly train: Examples
  readonly validation: Examples
  readonly test: Examples
  readonly totalSteps: number
  readonly collate: CollateSettings
  readonly #masking: MaskingSettings | null
  #caches = new Map<Examples, PrefixCache>()
  #evaluator: Evaluator | undefined
  #restored: LoopState | undefined

  constructor(input: TextRunInput) {
    const { runtime, model, definition, settings, tokenizer, table, split } = input
    this.#input = input
    this.selection = selectionOf(definition, settings)
    const { groups, size } = layOut(this.selection.parameters, groupSettingsOf(settings, definition.config.layers))
    this.arena = new Arena(runtime, groups, size, settings.optimizer)
    const cut = (rows: Int32Array): Examples => buildExamples(tokenizer, table, rows, settings)
    this.train = cut(split.train)
    this.validation = cut(split.validation)
    this.test = cut(split.test)
    this.totalSteps = stepsOf(settings, this.train.sequences.length).total
    this.collate = {
      padId: tokenizer.specialTokens.pad ?? model.config.padId,
      positionOffset: model.architecture.positionOffset(model.config)
    }
    this.#masking = settings.task === 'masked-lm' ? maskingOf(this.collate, tokenizer, settings) : null
  }

  /** Puts weights and optimizer state back as the newest checkpoint has them. Returns its step, or null where the run has none. */
  async restore(): Promise<number | null> {
    const found = await findCheckpoint(this.#input.folder, this.#input.planHash)
    if (found) await loadArena(this.arena, found.loaded, true)
    this.#restored = found?.state
    return found?.state.step ?? null
  }

  /** Trains to the end (or the signal), from the start or from what `restore` found, and leaves the best weights in the arena. */
  async fit(): Promise<{ readonly steps: number; readonly weightsHash: string }> {
    const { model, settings, folder, planHash, emit, now, signal, finish } = this.#input
    if (!this.#restored) await initialiseWeights(this.arena, model, settings.seed)
    const loop = new TrainingLoop(
      loopSettingsOf(settings, this.totalSteps),
      this.#data(),
      this.arena,
      {
        emit,
        now,
        signal,
        finish,
        save: (kind, state) => saveArena(folder, this.arena, kind, state, planHash),
        evaluate: () => this.#validate()
      },
      (phase) => this.#openPhase(phase),
      this.#restored ?? initialState(this.arena.groups.length)
    )
    const state = await loop.run()
    const weightsHash = await arenaHash(this.arena)
    const best = await findBest(folder)
    if (best) await loadArena(this.arena, best, false)
    return { steps: state.step, weightsHash }
  }

  /** What runs frozen and therefore without dropout, as a phrase; null where nothing does. */
  prefixPhrase(): string | null {
    const boundary = this.#boundary()
    if (!boundary) return null
    const { layers } = this.#input.definition.config
    const last = boundary.perToken ? Number(boundary.name.replace('layer.', '')) : layers - 1
    return last === layers - 1 ? 'the embeddings and all layers' : `the embeddings and layers 0 to ${last}`
  }

  /** Logits of a split with the weights as they stand, [rows, labels]. */
  async logits(examples: Examples): Promise<Float32Array> {
    const boundary = this.#boundary()
    const cache = boundary ? await this.#cacheOf(examples, boundary) : null
    return (await this.#openEvaluator()).logits(examples, cache, this.#input.signal)
  }

  /** Mean masked-lm loss of a split. */
  async maskedLoss(examples: Examples): Promise<number> {
    const { settings, signal } = this.#input
    return (await this.#openEvaluator()).maskedLoss(examples, defined(this.#masking, 'masking'), settings.seed, signal)
  }

  async dispose(): Promise<void> {
    await this.#evaluator?.dispose()
    for (const cache of this.#caches.values()) await cache.close()
  }

  async #validate(): Promise<Readonly<Record<string, number>>> {
    if (this.#masking) {
      const loss = await this.maskedLoss(this.validation)
      return { loss, perplexity: Math.exp(loss) }
    }
    return this.#input.judge(await this.logits(this.validation), this.validation.rows)
  }

  /** The run's one evaluation program: it reads the arena, so it always sees the weights as they stand. */
  async #openEvaluator(): Promise<Evaluator> {
    const { runtime, definition, weights, settings } = this.#input
    this.#evaluator ??= await Evaluator.open(runtime, {
      definition,
      selection: this.selection,
      weights,
      state: (slot) => this.arena.weight(slot),
      loss: lossOptionsOf(settings),
      collate: this.collate,
      batchSize: settings.evaluationBatchSize,
      pooling: settings.windowPooling,
      boundary: this.#boundary()
    })
    return this.#evaluator
  }

  async #openPhase(phase: number): Promise<Stepper> {
    const { runtime, definition, weights, settings } = this.#input
    const wanted = this.#wantedIn(phase)
    const boundary = this.#boundary()
    if (boundary) await this.#cacheOf(this.train, boundary)
    const from = boundary?.name
    const accumulate = settings.accumulation > 1
    const built = buildTrainingGraph(definition, this.selection, {
      loss: lossOptionsOf(settings),
      accumulate,
      wanted,
      packed: settings.packing,
      ...(from === undefined ? {} : { from })
    })
    const { optimizer, beta1, beta2, epsilon, momentum } = settings
    return Stepper.open(runtime, this.arena, built, weights, {
      optimizer,
      update: { beta1, beta2, epsilon, momentum },
      accumulate
    })
  }

  #wantedIn(phase: number): ReadonlySet<string> {
    return new Set(
      this.arena.groups
        .filter((group) => group.phase <= phase)
        .flatMap(({ slots }) => slots.map(({ parameter }) => parameter.name))
    )
  }

  /** The frozen prefix that is read from disk; null where there is none, it is off, or it would not fit the budget. */
  #boundary(): PrefixBoundary | null {
    const { definition, settings } = this.#input
    if (!settings.prefixCache.isOn || settings.task === 'masked-lm' || settings.gradualUnfreezing) return null
    const boundary = prefixBoundary(definition, this.selection)
    if (!boundary) return null
    const bytes = [this.train, this.validation, this.test].reduce(
      (sum, { lengths }) => sum + PrefixCache.bytes(lengths, definition.config.width, boundary),
      0
    )
    return bytes <= settings.prefixCache.budgetBytes ? boundary : null
  }

  async #cacheOf(examples: Examples, boundary: PrefixBoundary): Promise<PrefixCache> {
    const known = this.#caches.get(examples)
    if (known) return known
    const { runtime, definition, weights, cacheFolder, modelKey, signal, onPrepare } = this.#input
    const cache = await PrefixCache.open(runtime, definition, this.selection, weights, examples, {
      boundary,
      width: definition.config.width,
      folder: cacheFolder,
      modelKey,
      collate: this.collate,
      signal,
      onProgress: (done, total) => onPrepare('prefix', done, total)
    })
    this.#caches.set(examples, cache)
    return cache
  }

  #data(): TrainingData {
    const { settings, definition } = this.#input
    const { seed, batchSize, groupByLength } = settings
    return {
      batchesOf: (epoch) => epochBatches(this.train.lengths, { seed, epoch, batchSize, groupByLength }),
      phaseOf: (epoch) => phaseOfEpoch(epoch, settings, definition.config.layers),
      batch: (rows, { step, microStep }) => this.#batch(rows, `${step}/${microStep}`)
    }
  }

  async #batch(rows: Int32Array, draw: string): Promise<WeightedBatch> {
    const { settings, targets, targetSettings } = this.#input
    const { sequences, lengths, rowOf, share } = this.train
    const chosen = Array.from(rows, (row) => sequences[row] ?? { ids: new Int32Array(0), typeIds: null })
    const tokens = chosen.reduce((sum, { ids }) => sum + ids.length, 0)
    if (this.#masking) {
      const packing = settings.packing ? { packRoom: packingRoom(settings.maxLength) } : {}
      const { batch, count } = maskBatch(chosen, { ...this.#masking, ...packing }, settings.seed, draw)
      return { batch, weight: count, tokens }
    }
    const ownLengths = chosen.map(({ ids }) => ids.length)
    const layout = settings.packing ? packLayout(ownLengths, packingRoom(settings.maxLength)) : null
    const batch = layout ? collatePacked(chosen, this.collate, layout) : collate(chosen, this.collate)
    const dataRows = rows.map((row) => rowOf[row] ?? 0)
    const part = Float64Array.from(rows, (row) => share[row] ?? 1)
    const made = batchTargets(defined(targets, 'targets'), targetSettings, dataRows, part)
    const cache = this.#caches.get(this.train)
    const prefix = cache ? await cache.input(rows, lengths, batch.sizes['time'] ?? 1, layout) : {}
    return { batch: { sizes: batch.sizes, inputs: { ...batch.inputs, ...made.inputs, ...prefix } }, weight: made.weight, tokens }
  }
}

function maskingOf(
  settings: CollateSettings,
  tokenizer: Tokenizer,
  { maskProbability, wholeWordMask }: RunSettings
): MaskingSettings {
  const continues = wholeWordMask ? continuationTokens(tokenizer) : null
  if (wholeWordMask && !continues) {
    const sentence =
      'whole_word_mask cannot be used with this model: its vocabulary does not mark where words begin (##, Ġ or ▁). Remove it.'
    throw new InputError('words-unmarked', sentence, { key: 'training.whole_word_mask' })
  }
  const { specialTokens, specialIds, vocabularySize } = tokenizer
  return {
    ...settings,
    maskId: defined(specialTokens.mask, 'the mask token'),
    vocabularySize,
    specialIds,
    probability: maskProbability,
    continues
  }
}
