import { defined } from '../../base/assert.ts'
import { lazy } from '../../base/lazy.ts'
import { blockOf } from '../optimizers/state.ts'
import { frozenLinears, int8Forward, type FrozenLinear } from '../graph/passes/int8-forward.ts'
import { readTensor } from '../weights/read-tensor.ts'
import { Arena } from './arena.ts'
import type { CollateSettings } from './batches.ts'
import { arenaHash, findBest, findCheckpoint, loadArena, saveArena } from './checkpoints.ts'
import { crfSteps } from './crf-batches.ts'
import type { Examples } from './examples.ts'
import { Evaluator } from './evaluator.ts'
import { buildEvaluationGraph, buildTrainingGraph, type TrainingGraph } from './graphs.ts'
import { drawsMasks, maskBytes } from './host-masks.ts'
import { onceMore } from './in-parts.ts'
import { initialiseWeights } from './initialise.ts'
import { Int8Weights } from './int8-weights.ts'
import { TrainingLoop } from './loop.ts'
import { initialState, type TrainingData } from './loop-settings.ts'
import { maskingOf, type MaskingSettings } from './masked-lm.ts'
import type { ParameterSelection } from './model-definition.ts'
import { layOut } from './parameter-groups.ts'
import { applyingShort, HalfAppliedError, smallerLooksSentence, wentBackSentence, withMicroBatch } from './back-off.ts'
import { groupSettingsOf, loopSettingsOf, lossOptionsOf, phaseOfEpoch, selectionOf, stepsOf } from './plan.ts'
import type { LoopState } from './ports.ts'
import { PrefixCache, prefixInUse, type PrefixBoundary, type PrefixInput } from './prefix.ts'
import { PrefixCaches } from './prefix-caches.ts'
import type { Sizes } from './memory.ts'
import { Stepper } from './stepper.ts'
import { TextBatches } from './text-batches.ts'
import type { TextRunInput } from './text-run-input.ts'

/** What a training graph may differ in besides its phase. */
interface GraphChoice {
  /** Whether micro-batches add up. */
  readonly accumulate: boolean
  /** Layers whose values the backward pass makes again. */
  readonly recomputed: number
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
  readonly batches: TextBatches
  readonly #masking: MaskingSettings | null
  /** Of the frozen prefix. */
  readonly caches = new PrefixCaches((examples) => this.#openCache(examples, defined(this.boundary(), 'a frozen prefix')))
  #graph: (GraphChoice & { readonly phase: number; readonly built: TrainingGraph }) | undefined
  #recomputed = 0
  /** The frozen layers that training computes in 8 bits. */
  #linears: readonly FrozenLinear[] = []
  #int8: Int8Weights | undefined
  /** The evaluation graph, from the frozen prefix's boundary on. */
  readonly evaluationGraph = lazy(() =>
    buildEvaluationGraph(this.#input.definition, this.selection, {
      loss: lossOptionsOf(this.#input.settings),
      ...fromOption(this.boundary())
    })
  )
  #evaluator: Evaluator | undefined
  #loop: TrainingLoop | undefined
  #restored: LoopState | undefined
  #microBatch: number | null = null
  /** Logits of the validation rows as they were last looked at, and with the best weights since this process trains. */
  #looked: Float32Array | undefined
  #best: Float32Array | undefined

  constructor(input: TextRunInput) {
    const { runtime, model, definition, settings, tokenizer, examples } = input
    this.#input = input
    this.selection = selectionOf(definition, settings)
    const block = blockOf(settings.optimizer)
    const { groups, size } = layOut(this.selection.parameters, groupSettingsOf(settings, definition.config.layers), block)
    this.arena = new Arena(runtime, groups, size, settings.optimizer)
    this.train = examples.train
    this.validation = examples.validation
    this.test = examples.test
    this.totalSteps = stepsOf(settings, this.train.sequences.length).total
    this.collate = {
      padId: tokenizer.specialTokens.pad ?? model.config.padId,
      positionOffset: model.architecture.positionOffset(model.config)
    }
    this.#masking = settings.task === 'masked-lm' ? maskingOf(this.collate, tokenizer, settings) : null
    const { targets, targetSettings } = input
    this.batches = new TextBatches({
      examples: this.train,
      settings,
      targets,
      targetSettings,
      collate: this.collate,
      masking: this.#masking
    })
  }

  /** How many layers' values the backward pass makes again instead of keeping them, from the first that learns. The result stays the same. */
  get recomputed(): number {
    return this.#recomputed
  }

  /** Settles that, before the training starts. */
  recompute(layers: number): void {
    this.#recomputed = layers
  }

  /** Trains in micro-batches of at most so many rows, as many more of them to a step; null leaves them as they are. */
  cutTo(microBatch: number | null): void {
    this.#microBatch = microBatch
  }

  /** Puts weights and optimizer state back as the newest checkpoint has them. Returns its step, or null where the run has none. */
  async restore(): Promise<number | null> {
    const found = await findCheckpoint(this.#input.folder, this.#input.plans)
    if (found) await loadArena(this.arena, found.loaded, true)
    this.#restored = found?.state
    return found?.state.step ?? null
  }

  /** Trains to the end (or the signal), from the start or from what `restore` found, and leaves the best weights in the arena. */
  async fit(): Promise<{ readonly steps: number; readonly weightsHash: string }> {
    const { model, settings, start, folder, runtime } = this.#input
    if (!this.#restored) await initialiseWeights(this.arena, model, settings.seed, start)
    const state = await this.#train()
    // What follows needs less than training did, and memory of its own.
    await runtime.trim()
    const weightsHash = await arenaHash(this.arena)
    const best = await findBest(folder)
    if (best) await loadArena(this.arena, best, false)
    this.#looked = best ? this.#best : undefined
    return { steps: state.step, weightsHash }
  }

  /** The loop to its end; where memory runs out while a step is applied, from the last checkpoint once more, as long as there is a newer one each time. */
  async #train(): Promise<LoopState> {
    for (let wentBackTo = -1; ;) {
      this.#loop = this.#loopFrom(this.#restored)
      try {
        return await this.#loop.run()
      } catch (error) {
        if (!(error instanceof HalfAppliedError)) throw error
        const from = (await this.restore()) ?? (await this.#beginAgain())
        if (from === wentBackTo) throw applyingShort(error.step, error)
        wentBackTo = from
        await this.#input.onBack(from, wentBackSentence(error.step, from))
      }
    }
  }

  #loopFrom(restored: LoopState | undefined): TrainingLoop {
    const { settings, folder, plans, emit, now, memory, room, onWait, signal, finish, runtime } = this.#input
    return new TrainingLoop(
      loopSettingsOf(settings, this.totalSteps),
      this.#data(),
      this.arena,
      {
        emit,
        now,
        memory,
        ...(room && { room }),
        ...(onWait && { onWait }),
        signal,
        finish,
        trim: () => this.#makeRoom(),
        save: (kind, state) => {
          if (kind === 'best') this.#best = this.#looked
          return saveArena(folder, this.arena, kind, state, plans[0])
        },
        evaluate: () => this.#validate()
      },
      (phase, microBatch) => this.#openPhase(phase, microBatch),
      withMicroBatch(restored ?? initialState(this.arena.groups.length, runtime.precision === 'fp16'), this.#microBatch)
    )
  }

  /** Weights and optimizer state as they were before the first step. */
  async #beginAgain(): Promise<number> {
    const { model, settings, start } = this.#input
    await this.arena.forgetState()
    await initialiseWeights(this.arena, model, settings.seed, start)
    return 0
  }

  /** Gives back what can be had again: the pool, and on a card the evaluation's session, which has a pool of its own. */
  async #makeRoom(): Promise<void> {
    const { runtime } = this.#input
    if (runtime.provider !== 'cpu') {
      await this.#evaluator?.dispose()
      this.#evaluator = undefined
    }
    await runtime.trim()
  }

  /** Told how many rows are answered at a time since memory did not suffice for more: an event of the run. */
  readonly onSmaller = (rows: number): void => {
    const step = this.#loop?.state.step ?? this.#restored?.step ?? 0
    this.#input.emit({ event: 'smaller-batches', step, rows, sentence: smallerLooksSentence(rows) })
  }

  /** What runs frozen and therefore without dropout, as a phrase; null where nothing does. */
  prefixPhrase(): string | null {
    const boundary = this.boundary()
    if (!boundary) return null
    const { layers } = this.#input.definition.config
    const last = boundary.perToken ? Number(boundary.name.replace('layer.', '')) : layers - 1
    return last === layers - 1 ? 'the embeddings and all layers' : `the embeddings and layers 0 to ${last}`
  }

  /** Looks at some examples as an evaluation does; `cache` gives the frozen prefix's vectors. */
  async look(examples: Examples, cache: PrefixInput | null): Promise<unknown> {
    return this.answersOf(await this.#openEvaluator(), examples, cache)
  }

  /** Logits of some examples; for masked-lm their mean loss alone. */
  async answersOf(evaluator: Evaluator, examples: Examples, cache: PrefixInput | null = null): Promise<Float32Array> {
    const { settings, signal } = this.#input
    if (!this.#masking) return evaluator.logits(examples, cache, signal)
    return Float32Array.of(await evaluator.maskedLoss(examples, this.#masking, settings.seed, signal))
  }

  /** Logits of a split with the weights as they stand, [rows, labels], or [units, labels] where words are asked. */
  async logits(examples: Examples): Promise<Float32Array> {
    // The best weights have answered these rows already, when they were found to be the best.
    if (examples === this.validation && this.#looked) return this.#looked.slice()
    return this.#answer(examples)
  }

  async #answer(examples: Examples): Promise<Float32Array> {
    const boundary = this.boundary()
    const cache = boundary ? await this.caches.of(examples) : null
    return (await this.#openEvaluator()).logits(examples, cache, this.#input.signal)
  }

  /** The values of a trained tensor with the weights as they stand. */
  async tensor(name: string): Promise<Float32Array> {
    return (await this.arena.read(this.arena.weights, name)) as Float32Array // Weights are float32.
  }

  /** Mean masked-lm loss of a split. */
  async maskedLoss(examples: Examples): Promise<number> {
    const { settings, signal } = this.#input
    return (await this.#openEvaluator()).maskedLoss(examples, defined(this.#masking, 'masking'), settings.seed, signal)
  }

  async dispose(): Promise<void> {
    await this.#evaluator?.dispose()
    await this.caches.close()
  }

  async #validate(): Promise<Readonly<Record<string, number>>> {
    if (this.#masking) {
      const loss = await this.maskedLoss(this.validation)
      return { loss, perplexity: Math.exp(loss) }
    }
    this.#looked = await this.#answer(this.validation)
    return this.#input.judge(this.#looked.slice(), this.validation.rows, (name) => this.tensor(name))
  }

  /** The run's one evaluation program: it reads the arena, so it always sees the weights as they stand. */
  async #openEvaluator(): Promise<Evaluator> {
    const { runtime, definition, weights, settings } = this.#input
    const open = (): Promise<Evaluator> =>
      Evaluator.open(runtime, {
        definition,
        selection: this.selection,
        weights,
        state: (slot) => this.arena.weight(slot),
        loss: lossOptionsOf(settings),
        collate: this.collate,
        batchSize: settings.evaluationBatchSize,
        pooling: settings.windowPooling,
        boundary: this.boundary(),
        graph: this.evaluationGraph(),
        onSmaller: this.onSmaller
      })
    this.#evaluator ??= await onceMore(runtime, open)
    return this.#evaluator
  }

  async #openPhase(phase: number, microBatch: number | null): Promise<Stepper> {
    const boundary = this.boundary()
    if (boundary) await this.caches.of(this.train)
    // What larger batches left is of no use to smaller ones.
    if (microBatch !== null) await this.#input.runtime.trim()
    return this.openStepper(phase, microBatch)
  }

  /**
   * The programs of a phase, for micro-batches of at most `microBatch` rows where it is not null; `profile` begins the name of the file that the training
   * program's profile goes to.
   */
  async openStepper(phase: number, microBatch: number | null, profile?: string): Promise<Stepper> {
    const { runtime, weights, settings, onBatch } = this.#input
    const accumulate = settings.accumulation > 1 || microBatch !== null
    const built = this.graphOf(phase, { accumulate })
    const { optimizer, beta1, beta2, epsilon, momentum } = settings
    const masks = (sizes: Sizes): number => maskBytes(built.masks, sizes)
    const options = {
      optimizer,
      update: { beta1, beta2, epsilon, momentum },
      accumulate,
      int8: await this.int8(),
      drawsMasks: drawsMasks(runtime.provider),
      ...(onBatch && { onBatch }),
      maskRoom: masks(this.batches.sizesOf(this.batches.largest(masks, microBatch)))
    }
    return Stepper.open(runtime, this.arena, built, weights, options, profile)
  }

  /** The training graph of a phase; that of the last one asked for is kept, since what predicts a run and what runs it want the same. */
  graphOf(phase: number, choice: Partial<GraphChoice> = {}): TrainingGraph {
    const { accumulate = this.#input.settings.accumulation > 1, recomputed = this.#recomputed } = choice
    const known = this.#graph
    if (known?.phase === phase && known.accumulate === accumulate && known.recomputed === recomputed) return known.built
    const { definition, settings } = this.#input
    const float = buildTrainingGraph(definition, this.selection, {
      loss: lossOptionsOf(settings),
      accumulate,
      wanted: this.#wantedIn(phase),
      packed: settings.packing,
      recomputed,
      ...(settings.loss === 'crf' && this.train.tagged && { crfSteps: crfSteps(this.train.tagged) }),
      ...fromOption(this.boundary())
    })
    this.#linears = settings.frozenWeights === 'int8' ? frozenLinears(float.graph) : []
    const built = this.#linears.length === 0 ? float : { ...float, graph: int8Forward(float.graph) }
    this.#graph = { phase, accumulate, recomputed, built }
    return built
  }

  /** The frozen weights that training computes with in 8 bits, read at the first call; null where it does not. */
  async int8(): Promise<Int8Weights | null> {
    this.graphOf(this.lastPhase())
    if (this.#linears.length === 0) return null
    const { runtime, model, signal } = this.#input
    const read = (tensor: string): Promise<Float32Array<ArrayBuffer>> =>
      readTensor(model.checkpoint, model.storedNames.get(tensor) ?? tensor, { signal })
    this.#int8 ??= await Int8Weights.make(runtime, this.#linears, read, signal)
    return this.#int8
  }

  /** The phase in which the most is trained. */
  lastPhase(): number {
    const { settings, definition } = this.#input
    return phaseOfEpoch(Math.ceil(settings.epochs) - 1, settings, definition.config.layers)
  }

  #wantedIn(phase: number): ReadonlySet<string> {
    return new Set(
      this.arena.groups
        .filter((group) => group.phase <= phase)
        .flatMap(({ slots }) => slots.map(({ parameter }) => parameter.name))
    )
  }

  /** The frozen prefix that is read from disk, if any. */
  boundary(): PrefixBoundary | null {
    const { definition, settings } = this.#input
    return prefixInUse(definition, this.selection, settings, [this.train, this.validation, this.test])
  }

  #openCache(examples: Examples, boundary: PrefixBoundary): Promise<PrefixCache> {
    const { runtime, definition, weights, cacheFolder, modelKey, signal, onPrepare } = this.#input
    return PrefixCache.open(runtime, definition, this.selection, weights, examples, {
      ...{ boundary, width: definition.config.width, folder: cacheFolder, modelKey, collate: this.collate, signal },
      onProgress: (done, total) => onPrepare('prefix', done, total),
      onSmaller: this.onSmaller
    })
  }

  #data(): TrainingData {
    const { settings, definition } = this.#input
    return {
      windowsOf: (epoch) => this.batches.windowsOf(epoch),
      phaseOf: (epoch) => phaseOfEpoch(epoch, settings, definition.config.layers),
      batch: (rows, { step, microStep }) => this.batches.make(rows, `${step}/${microStep}`, this.caches.known(this.train))
    }
  }
}

const fromOption = (boundary: PrefixBoundary | null): { from?: string } => (boundary ? { from: boundary.name } : {})
