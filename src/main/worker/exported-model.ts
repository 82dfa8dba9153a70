import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError } from '../base/errors.ts'
import { defineSelectionMethod } from '../engine/peft/define-method.ts'
import type { Runtime } from '../engine/runtime/port.ts'
import { loadTokenizer, type Tokenizer } from '../engine/text/tokenizer.ts'
import { Evaluator } from '../engine/training/evaluator.ts'
import type { Examples } from '../engine/training/examples.ts'
import { selectParameters, type ModelDefinition } from '../engine/training/model-definition.ts'
import { openModelFolder } from '../engine/training/model-folder.ts'
import { lossOptionsOf } from '../engine/training/plan.ts'
import type { RunSettings } from '../engine/training/run-settings.ts'
import { prepareWeights } from '../engine/weights/prepared.ts'
import { loadAdapter, type LoadedAdapter } from './exported-adapter.ts'
import { settingsOfExport, type ExportedAbout, type OpenedExport } from './open-exported.ts'
import { examplesOf } from './text-examples.ts'

/** Everything lies in the exported files. */
const asItIs = defineSelectionMethod({ id: 'none', title: 'No training', trains: () => false })

async function openMerged(folder: string, labels: number): Promise<LoadedAdapter> {
  const model = await openModelFolder(folder)
  const { architecture, config } = model
  const specs = [...architecture.tensors(config), ...architecture.heads['sequence-classification'].tensors(config, labels)]
  const missing = specs.find(({ name, shape }) => {
    return model.checkpoint.tensors.get(model.storedNames.get(name) ?? '')?.shape.join() !== shape.join()
  })
  if (missing)
    throw new InputError('export-incomplete', `The exported weights lack ${missing.name}. Export the run again.`, {
      tensor: missing.name
    })
  const stored = new Set(specs.map(({ name }) => name))
  const definition: ModelDefinition = {
    ...{ architecture, config, head: 'sequence-classification', labels, method: asItIs, options: {}, stored }
  }
  const state = (slot: string): never => {
    throw new Error(`an exported model trains nothing, but asks for ${slot}`)
  }
  return { model, definition, selection: selectParameters(definition), state }
}

/** An exported folder opened as any other model: by its own config.json, tokenizer and weights alone. */
export class ExportedModel implements OpenedExport {
  /** How texts are cut. */
  readonly settings: RunSettings
  readonly #tokenizer: Tokenizer
  readonly #evaluator: Evaluator
  readonly #scratch: string

  private constructor(tokenizer: Tokenizer, settings: RunSettings, evaluator: Evaluator, scratch: string) {
    this.#tokenizer = tokenizer
    this.settings = settings
    this.#evaluator = evaluator
    this.#scratch = scratch
  }

  /** Throws an InputError where a tensor is missing. */
  static async open(runtime: Runtime, folder: string, cacheFolder: string, about: ExportedAbout): Promise<ExportedModel> {
    const { labels, baseFolder } = about
    const { model, definition, selection, state } =
      baseFolder === undefined ? await openMerged(folder, labels) : await loadAdapter(runtime, folder, baseFolder, labels)
    const { architecture, config: sizes } = model
    const tokenizer = await loadTokenizer(folder)
    const settings = settingsOfExport(about, model.maxTokens)
    // Not among the prepared weights of models that stay: it is of use once.
    const scratch = join(cacheFolder, 'weights', `export-${process.pid}`)
    const need = [...definition.stored].map((name) => model.storedNames.get(name) ?? name)
    const prepared = await prepareWeights(model.checkpoint, scratch, { need })
    const evaluator = await Evaluator.open(runtime, {
      definition,
      selection,
      weights: { folder: prepared.folder, locate: (name) => prepared.locate(model.storedNames.get(name) ?? name) },
      state,
      loss: lossOptionsOf(settings),
      collate: { padId: tokenizer.specialTokens.pad ?? sizes.padId, positionOffset: architecture.positionOffset(sizes) },
      batchSize: settings.evaluationBatchSize,
      pooling: settings.windowPooling,
      boundary: null
    })
    return new ExportedModel(tokenizer, settings, evaluator, scratch)
  }

  /** Logits [texts, labels]. */
  async logits(
    texts: readonly string[],
    pairs: readonly string[] | null,
    signal: AbortSignal,
    onProgress: (done: number, total: number) => void
  ): Promise<Float32Array> {
    return this.evaluate(await this.encode(texts, pairs, signal), signal, onProgress)
  }

  /** Texts, with their pairs, as the model reads them. */
  encode(texts: readonly string[], pairs: readonly string[] | null, signal: AbortSignal): Promise<Examples> {
    return examplesOf(this.#tokenizer, this.settings, texts, pairs, signal)
  }

  /** Logits [rows, labels] of what `encode` made. */
  evaluate(examples: Examples, signal: AbortSignal, onProgress: (done: number, total: number) => void): Promise<Float32Array> {
    return this.#evaluator.logits(examples, null, signal, onProgress)
  }

  async dispose(): Promise<void> {
    await this.#evaluator.dispose()
    await rm(this.#scratch, { recursive: true, force: true })
  }
}
