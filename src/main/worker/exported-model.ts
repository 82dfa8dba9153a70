import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError } from '../base/errors.ts'
import { namedHead } from '../export/known-head.ts'
import { headOf } from '../engine/training/custom-head.ts'
import { defineSelectionMethod } from '../engine/peft/define-method.ts'
import type { Runtime } from '../engine/runtime/port.ts'
import { loadTokenizer, type Tokenizer } from '../engine/text/tokenizer.ts'
import { Attributor } from '../engine/training/attribution.ts'
import { Evaluator, type EvaluatorOptions } from '../engine/training/evaluator.ts'
import type { Examples } from '../engine/training/examples.ts'
import { selectParameters, type ModelDefinition } from '../engine/training/model-definition.ts'
import { openModelFolder } from '../engine/training/model-folder.ts'
import { lossOptionsOf } from '../engine/training/plan.ts'
import type { RunSettings } from '../engine/training/run-settings.ts'
import { prepareWeights } from '../engine/weights/prepared.ts'
import { attributeWords, type AttributedWord } from './attribute-words.ts'
import { loadAdapter, type LoadedAdapter } from './exported-adapter.ts'
import { hasCrf, headKindOf } from './model-definition.ts'
import { outputCount, settingsOfExport, type ExportedAbout, type OpenedExport } from './opened-export.ts'
import { readTexts } from './read-texts.ts'

/** Everything lies in the exported files. */
const asItIs = defineSelectionMethod({ id: 'none', title: 'No training', trains: () => false })

async function openMerged(folder: string, about: ExportedAbout): Promise<LoadedAdapter> {
  const model = await openModelFolder(folder)
  const { architecture, config } = model
  const headOptions = namedHead(model.json, join(folder, 'config.json'))
  const own = { ...(headOptions && { headOptions }), head: headKindOf(about.config), crf: hasCrf(about.config) }
  const labels = outputCount(about)
  const head = headOf({ architecture, ...own })
  const specs = [...architecture.tensors(config), ...head.tensors(config, labels)]
  const missing = specs.find(({ name, shape }) => {
    return model.checkpoint.tensors.get(model.storedNames.get(name) ?? name)?.shape.join() !== shape.join()
  })
  if (missing)
    throw new InputError('export-incomplete', `The exported weights lack ${missing.name}. Export the run again.`, {
      tensor: missing.name
    })
  const stored = new Set(specs.map(({ name }) => name))
  const definition: ModelDefinition = {
    ...{ architecture, config, labels, method: asItIs, options: {}, stored, ...own }
  }
  const state = (slot: string): never => {
    throw new Error(`an exported model trains nothing, but asks for ${slot}`)
  }
  return { model, definition, selection: selectParameters(definition), state }
}

interface Parts {
  readonly runtime: Runtime
  readonly about: ExportedAbout
  readonly tokenizer: Tokenizer
  readonly settings: RunSettings
  readonly evaluator: Evaluator
  readonly parts: EvaluatorOptions
  /** Prepared weights that go when it is closed. */
  readonly scratch: string | null
}

/** An exported folder opened as any other model: by its own config.json, tokenizer and weights alone. */
export class ExportedModel implements OpenedExport {
  /** How texts are cut. */
  readonly settings: RunSettings
  readonly #tokenizer: Tokenizer
  readonly #evaluator: Evaluator
  readonly #runtime: Runtime
  /** What the evaluator was made from. */
  readonly #parts: EvaluatorOptions
  readonly #scratch: string | null
  readonly #about: ExportedAbout

  private constructor({ runtime, about, tokenizer, settings, evaluator, parts, scratch }: Parts) {
    this.#about = about
    this.#runtime = runtime
    this.#tokenizer = tokenizer
    this.settings = settings
    this.#evaluator = evaluator
    this.#parts = parts
    this.#scratch = scratch
  }

  /** Throws an InputError where a tensor is missing. */
  static async open(runtime: Runtime, folder: string, cacheFolder: string, about: ExportedAbout): Promise<ExportedModel> {
    const { baseFolder, keepsWeights = false } = about
    const { model, definition, selection, state } =
      baseFolder === undefined
        ? await openMerged(folder, about)
        : await loadAdapter(runtime, folder, baseFolder, outputCount(about))
    const { architecture, config: sizes } = model
    const tokenizer = await loadTokenizer(folder)
    const settings = settingsOfExport(about, model.maxTokens)
    // Apart from the prepared weights of models that stay, where it is of use once.
    const place = join(cacheFolder, 'weights', ...(keepsWeights ? [] : [`export-${process.pid}`]))
    const need = [...definition.stored].map((name) => model.storedNames.get(name) ?? name)
    const prepared = await prepareWeights(model.checkpoint, place, { need })
    const parts: EvaluatorOptions = {
      definition,
      selection,
      weights: { folder: prepared.folder, locate: (name) => prepared.locate(model.storedNames.get(name) ?? name) },
      state,
      loss: lossOptionsOf(settings),
      collate: { padId: tokenizer.specialTokens.pad ?? sizes.padId, positionOffset: architecture.positionOffset(sizes) },
      batchSize: settings.evaluationBatchSize,
      pooling: settings.windowPooling,
      boundary: null,
      ...(about.onSmaller && { onSmaller: about.onSmaller })
    }
    const evaluator = await Evaluator.open(runtime, parts)
    return new ExportedModel({ runtime, about, tokenizer, settings, evaluator, parts, scratch: keepsWeights ? null : place })
  }

  /** Texts, with their pairs, as the model reads them. */
  encode(texts: readonly string[], pairs: readonly string[] | null, signal: AbortSignal): Promise<Examples> {
    return readTexts({ ...this.#about, tokenizer: this.#tokenizer, settings: this.settings }, texts, pairs, signal)
  }

  /** Logits of what `encode` made. */
  evaluate(examples: Examples, signal: AbortSignal, onProgress: (done: number, total: number) => void): Promise<Float32Array> {
    return this.#evaluator.logits(examples, null, signal, onProgress)
  }

  /** What each word of a text speaks for or against in the logit `label`. */
  async attribute(text: string, pair: string | null, label: number, signal: AbortSignal): Promise<readonly AttributedWord[]> {
    const attributor = await Attributor.open(this.#runtime, this.#parts)
    try {
      const reading = { attributor, tokenizer: this.#tokenizer, settings: this.settings }
      return await attributeWords(reading, { text, pair, label }, signal)
    } finally {
      await attributor.dispose()
    }
  }

  async dispose(): Promise<void> {
    await this.#evaluator.dispose()
    if (this.#scratch !== null) await rm(this.#scratch, { recursive: true, force: true })
  }
}
