import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError } from '../base/errors.ts'
import { readFile } from '../base/sealed/fs.ts'
import { externalFiles } from '../engine/graph/onnx/external-files.ts'
import type { HostTensor, Program, Runtime } from '../engine/runtime/port.ts'
import { loadTokenizer, type Tokenizer } from '../engine/text/tokenizer.ts'
import { collate, evaluationBatches, type Sequence } from '../engine/training/batches.ts'
import type { Examples } from '../engine/training/examples.ts'
import { feeds } from '../engine/training/feeds.ts'
import { RowParts } from '../engine/training/in-parts.ts'
import { architectureOf, readConfigJson } from '../engine/training/model-folder.ts'
import { pooledWindows } from '../engine/training/pooled-windows.ts'
import type { RunSettings } from '../engine/training/run-settings.ts'
import { MODEL_FILE } from '../export/onnx/index.ts'
import { ADAPTER_FILE, BASE_FILE } from '../export/onnx/parts.ts'
import { outputCount, settingsOfExport, type ExportedAbout, type OpenedExport } from './opened-export.ts'
import { readTexts } from './read-texts.ts'

/**
 * Opens an ONNX file as other programs do: rewritten and repacked by the library as it sees fit.
 * @throws InputError where its weights lie elsewhere than in files beside it
 */
async function loadOnnx(runtime: Runtime, folder: string, name: string): Promise<Program> {
  const model = await readFile(join(folder, name))
  for (const file of externalFiles(model)) {
    const found = await lstat(join(folder, file)).catch(() => null)
    if (found?.isFile()) continue
    const sentence = `The weights of ${name} should lie in ${file}, which is not a file beside it. Take the export from where it was made.`
    throw new InputError('export-incomplete', sentence, { file: join(folder, file) })
  }
  return runtime.load({ name, model, folder, optimise: true, prepack: true })
}

/** Runs a model that has no inputs for all that it holds. */
async function readOutputs(runtime: Runtime, folder: string, name: string): Promise<Readonly<Record<string, HostTensor>>> {
  const program = await loadOnnx(runtime, folder, name)
  try {
    return await program.run({ inputs: {}, fetch: program.outputNames })
  } finally {
    await program.dispose()
  }
}

interface Parts {
  readonly runtime: Runtime
  readonly program: Program
  /** What an adapter in a file of its own gives; nothing where it is merged. */
  readonly adapter: Readonly<Record<string, HostTensor>>
  readonly tokenizer: Tokenizer
  readonly settings: RunSettings
  readonly padId: number
  readonly labels: number
  readonly about: ExportedAbout
}

/** An exported ONNX model, opened by its own file, config.json and tokenizer alone. */
export class ExportedOnnx implements OpenedExport {
  readonly #parts: Parts
  readonly #rowParts: RowParts

  private constructor(parts: Parts) {
    this.#parts = parts
    this.#rowParts = new RowParts(parts.runtime, parts.about.onSmaller)
  }

  /** Throws an InputError where its weights do not lie beside it. */
  static async open(runtime: Runtime, folder: string, about: ExportedAbout, isInParts = false): Promise<ExportedOnnx> {
    const json = await readConfigJson(folder)
    const architecture = architectureOf(json)
    const config = architecture.readConfig(json, {})
    const tokenizer = await loadTokenizer(folder)
    const adapter = isInParts ? await readOutputs(runtime, folder, ADAPTER_FILE) : {}
    const program = await loadOnnx(runtime, folder, isInParts ? BASE_FILE : MODEL_FILE)
    return new ExportedOnnx({
      runtime,
      program,
      adapter,
      tokenizer,
      settings: settingsOfExport(about, config.maxPositions - architecture.positionOffset(config)),
      padId: tokenizer.specialTokens.pad ?? config.padId,
      labels: outputCount(about),
      about
    })
  }

  get settings(): RunSettings {
    return this.#parts.settings
  }

  encode(texts: readonly string[], pairs: readonly string[] | null, signal: AbortSignal): Promise<Examples> {
    const { tokenizer, settings, about } = this.#parts
    return readTexts({ ...about, tokenizer, settings }, texts, pairs, signal)
  }

  async evaluate(
    examples: Examples,
    signal: AbortSignal,
    onProgress: (done: number, total: number) => void
  ): Promise<Float32Array> {
    const { settings, labels } = this.#parts
    const { tagged, sequences } = examples
    const answers = new Float32Array((tagged ? tagged.tags.length : sequences.length) * labels)
    let done = 0
    for (const rows of evaluationBatches(examples.lengths, settings.evaluationBatchSize)) {
      await this.#rowParts.each(rows, async (part) => {
        const { logits, time } = await this.#logits(examples, part, signal)
        const take = (at: number, to: number): void => answers.set(logits.subarray(at * labels, (at + 1) * labels), to * labels)
        part.forEach((row, i) => {
          if (!tagged) return take(i, row)
          const places = tagged.places.at(row)
          tagged.units.at(row).forEach((unit, n) => take(i * time + (places[n] ?? 0), unit))
        })
        onProgress((done += part.length), sequences.length)
      })
    }
    // Of one batch alone its memory is kept: the next text that is asked comes sooner.
    if (sequences.length > settings.evaluationBatchSize) await this.#parts.runtime.trim()
    return tagged ? answers : pooledWindows(examples, answers, labels, settings.windowPooling)
  }

  /** What the model says to each of some sequences, or to each of their tokens, of which there are `time` in the longest. */
  async #logits(
    examples: Examples,
    rows: Int32Array,
    signal: AbortSignal
  ): Promise<{ readonly logits: Float32Array; readonly time: number }> {
    const isAsked = this.#parts.about.config.task === 'question-answering'
    const names = isAsked ? ['start_logits', 'end_logits'] : ['logits']
    const tensors = await this.#run(examples, rows, names, signal)
    const outputs = names.map((name) => tensors[name]?.data as Float32Array) // As the model declares them.
    const [first = new Float32Array(0), last] = outputs
    const logits = last ? Float32Array.from({ length: 2 * first.length }, (_, i) => [first, last][i % 2]?.[i >> 1] ?? NaN) : first
    return { logits, time: tensors[names[0] ?? '']?.shape[1] ?? 0 }
  }

  /** Other outputs than the logits, of one number each, batch by batch. */
  async observe(
    examples: Examples,
    outputs: readonly string[],
    signal: AbortSignal,
    onBatch: (values: Readonly<Record<string, number>>) => void
  ): Promise<void> {
    for (const rows of evaluationBatches(examples.lengths, this.settings.evaluationBatchSize)) {
      const tensors = await this.#run(examples, rows, outputs, signal)
      onBatch(Object.fromEntries(outputs.map((name) => [name, Number(tensors[name]?.data[0])])))
    }
  }

  async dispose(): Promise<void> {
    await this.#parts.program.dispose()
  }

  async #run(
    { sequences }: Examples,
    rows: Int32Array,
    fetch: readonly string[],
    signal: AbortSignal
  ): Promise<Readonly<Record<string, HostTensor>>> {
    const { program, adapter, padId } = this.#parts
    const batch = await sequences.of(rows)
    const tensors = { ...adapter, ...inputsOf(batch, padId) }
    const inputs = Object.fromEntries(program.inputNames.flatMap((name) => (tensors[name] ? [[name, tensors[name]]] : [])))
    return program.run({ inputs, fetch, signal })
  }
}

/** What a tokenizer gives other programs for a padded batch. */
function inputsOf(batch: readonly Sequence[], padId: number): Readonly<Record<string, HostTensor>> {
  const { inputs, sizes } = collate(batch, { padId, positionOffset: 0 })
  const time = sizes['time'] ?? 1
  const mask = new BigInt64Array(batch.length * time)
  batch.forEach(({ ids }, row) => mask.fill(1n, row * time, row * time + ids.length))
  const [inputIds, tokenTypeIds] = [inputs[feeds.inputIds], inputs[feeds.tokenTypeIds]]
  return {
    ...(inputIds && { input_ids: inputIds }),
    ...(tokenTypeIds && { token_type_ids: tokenTypeIds }),
    attention_mask: { type: 'int64', shape: [batch.length, time], data: mask }
  }
}
