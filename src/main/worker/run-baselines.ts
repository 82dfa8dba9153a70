import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { StoppedError } from '../base/errors.ts'
import { atOnce, inTurns, type Turns } from '../base/turns.ts'
import type { Baseline } from '../engine/evaluation/index.ts'
import { baseFeatures } from '../engine/training/base-features.ts'
import type { SparedWork } from '../engine/training/prefix.ts'
import { areFittedBeside, judgedSize } from '../engine/training/run-memory.ts'
import type { TextRun } from '../engine/training/text-run.ts'
import { baselineSplit, keywordBaseline, majorityBaseline, probeBaseline, type BaselineInput } from './baselines.ts'
import { textOf, type PreparedRun } from './prepare.ts'
import { isUntested } from './shares.ts'
import type { TrainInput } from './train-run.ts'

/** The base model's vectors of a part's rows, [rows, width]. */
type FeaturesOf = (run: TextRun, examples: TextRun['train']) => Promise<Float32Array>

type RunInput = Pick<TrainInput, 'config' | 'runtime' | 'cacheFolder' | 'selection' | 'signal'>

/**
 * The baselines of a run that answers whole texts. Fitting them takes one thread while the library leaves JavaScript waiting: where their numbers are small
 * (`areFittedBeside`), it is done in turns beside training, test and base model, with the same results.
 */
export class RunBaselines {
  readonly #input: RunInput
  readonly #prepared: PreparedRun
  readonly #common: BaselineInput | null
  readonly #features: FeaturesOf
  readonly #isBeside: boolean
  readonly #stopping = new AbortController()
  #keywords: Promise<Baseline> | undefined

  constructor(input: RunInput, prepared: PreparedRun, features: FeaturesOf = featuresOf(input, prepared)) {
    this.#input = input
    this.#prepared = prepared
    this.#features = features
    const { targets, dataset, split, settings, examples, definition } = prepared
    const areWanted = targets && input.config.training.baselines && split.test.length > 0 && !isUntested(input, prepared)
    this.#isBeside = areFittedBeside(judgedSize(Object.values(examples), definition.config.width))
    this.#common = areWanted
      ? {
          targets,
          classNames: dataset.classNames,
          split,
          textOf: (row) => textOf(dataset, row),
          balanced: settings.classWeights === 'balanced'
        }
      : null
  }

  /** Begins to fit what needs no model, once the library has its next batch. To be called after each one. */
  begin(): void {
    const common = this.#common
    if (!common || !this.#isBeside || this.#keywords) return
    this.#keywords = heard(setImmediate().then(() => this.#fit(keywordBaseline(common))))
  }

  /** Has the base model look at the rows; the result may go on being fitted. */
  async look(run: TextRun): Promise<{ readonly fitted: Promise<readonly Baseline[]> }> {
    const common = this.#common
    if (!common) return { fitted: Promise.resolve([]) }
    const { split, definition } = this.#prepared
    const { width } = definition.config
    const train = (await this.#features(run, run.train)).subarray(0, baselineSplit(split).train.length * width)
    const validation = await this.#features(run, run.validation)
    const beside = this.#isBeside ? this.#fit(probeBaseline(common, { train, validation }, width)) : null
    const test = await this.#features(run, run.test)
    const fitted = async (): Promise<readonly Baseline[]> => {
      const keywords = await (this.#keywords ?? this.#fit(keywordBaseline(common)))
      const probe = await (beside ?? this.#fit(probeBaseline(common, { train, validation }, width)))
      return [majorityBaseline(common), keywords, probe(test)]
    }
    return { fitted: heard(fitted()) }
  }

  /** What is still being fitted is not wanted any more. */
  dispose(): void {
    this.#stopping.abort()
  }

  #fit<T>(work: Turns<T>): Promise<T> {
    const signal = AbortSignal.any([this.#stopping.signal, this.#input.signal])
    return heard(this.#isBeside ? inTurns(untilAborted(work, signal)) : Promise.resolve().then(() => atOnce(work)))
  }
}

function featuresOf({ runtime, cacheFolder, signal }: RunInput, { definition, weights, modelKey }: PreparedRun): FeaturesOf {
  return (run, examples) => {
    const options = {
      ...{ folder: join(cacheFolder, 'prefix'), modelKey, collate: run.collate, signal, onSmaller: run.onSmaller },
      onSpared: (work: SparedWork) => run.caches.count(work)
    }
    return baseFeatures(runtime, definition, weights, examples, options)
  }
}

function* untilAborted<T>(work: Turns<T>, signal: AbortSignal): Turns<T> {
  for (;;) {
    if (signal.aborted) throw new StoppedError()
    const { done, value } = work.next()
    if (done === true) return value
    yield
  }
}

/** Whoever waits for it hears of its failure; until then the run may fail itself. */
function heard<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined)
  return promise
}
