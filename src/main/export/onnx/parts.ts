import { Ops } from '../../engine/graph/operations.ts'
import type { Dim, Shape } from '../../engine/graph/types.ts'
import { scalingAt } from '../../engine/peft/lora/index.ts'
import type { LoraOptions } from '../../engine/peft/lora/options.ts'
import { isCrfTensor } from '../../engine/tasks/crf.ts'
import { headOf } from '../../engine/training/custom-head.ts'
import type { TensorSource } from '../../engine/weights/elements.ts'
import { defineExporter, type ExportableRun } from '../define-exporter.ts'
import { frozenTensors, learnedTensors } from '../trained-tensors.ts'
import { buildInferenceModel } from './build-inference.ts'
import { inputsOf, supportsOnnx } from './index.ts'
import { weightBytes, type InferenceModel } from './inference-model.ts'
import { usageOf, writeBeside } from './write-beside.ts'
import { writeOnnx } from './write-onnx.ts'

/** The file of the base model, which asks for an adapter's tensors, and that of the adapter, which gives them. */
export const BASE_FILE = 'base.onnx'
export const ADAPTER_FILE = 'adapter.onnx'

const A = 'lora_A.weight'
const B = 'lora_B.weight'

/**
 * The base model with everything that the run learned as inputs. Ranks and the number of labels are named sizes, and the adapter's scale is in
 * its B, so that all runs which adapt the same layers of one base model share this file, byte for byte.
 */
function baseModel(run: ExportableRun, signal?: AbortSignal): InferenceModel {
  const attached = [...run.selection.attached]
  return buildInferenceModel(run, {
    floats: frozenTensors(run, 'fp32', signal),
    fed: fedShapes(run),
    adapters: new Map(attached.map(([path, { slots }]) => [path, { A: slots[A] ?? '', B: slots[B] ?? '' }]))
  })
}

/** Shapes of what the run learned; sizes that differ between runs of one base model by name. */
function fedShapes({ definition, selection }: ExportableRun): ReadonlyMap<string, Shape> {
  const head = headOf(definition)
  const { config, labels } = definition
  const one = new Map(head.tensors(config, labels).map(({ name, shape }) => [name, shape]))
  const other = new Map(head.tensors(config, labels + 1).map(({ name, shape }) => [name, shape]))
  const dimOf = (name: string, dim: number, i: number): Dim => {
    if (name.endsWith(`.${A}`) && i === 0) return `${name.slice(0, -A.length)}rank`
    if (name.endsWith(`.${B}`) && i === 1) return `${name.slice(0, -B.length)}rank`
    return one.has(name) && other.get(name)?.[i] !== dim ? 'labels' : dim
  }
  return new Map(selection.parameters.map(({ name, shape }) => [name, shape.map((dim, i) => dimOf(name, dim, i))]))
}

/** A model without inputs whose outputs are what the run learned, by the names of the base model's inputs. */
function adapterModel(run: ExportableRun, signal?: AbortSignal): InferenceModel {
  const options = run.definition.options as LoraOptions // Only LoRA's runs come here.
  const g = new Ops({ training: false })
  const tensors = new Map<string, TensorSource>()
  for (const learned of learnedTensors(run, 'fp32', signal)) {
    // What follows the graph lies in marks.json.
    if (isCrfTensor(learned.name)) continue
    const site = learned.name.endsWith(`.${B}`) ? learned.name.slice(0, -B.length - 1) : null
    const tensor = site === null ? learned : scaled(learned, scalingAt(site, options))
    const stored = `stored/${tensor.name}`
    tensors.set(stored, tensor)
    g.output(tensor.name, g.weight(stored, 'float32', tensor.shape))
  }
  return { graph: g.build(), inputs: [], tensors }
}

const scaled = (tensor: TensorSource, factor: number): TensorSource => ({
  ...tensor,
  async *chunks() {
    for await (const chunk of tensor.chunks()) {
      const floats = new Float32Array(chunk.slice().buffer).map((value) => value * factor)
      yield new Uint8Array(floats.buffer)
    }
  }
})

const SENTENCE =
  'Load `base.onnx` once. Run `adapter.onnx`, which has no inputs, once, and give its outputs to `base.onnx` beside the texts: adapters of other runs that adapt the same layers of this base model fit the same loaded base (its `base.onnx` is the same file, byte for byte).'

/** A base model and an adapter in two ONNX files, so that several adapters share one loaded base. */
export const onnxParts = defineExporter({
  id: 'onnx-parts',
  title: 'ONNX (base and adapter apart)',
  dtypes: ['fp32'],
  replay: 'onnx-parts',
  card: { library: 'onnx', usage: (run) => usageOf(run, [SENTENCE, inputsOf(run)], true) },
  supports(run) {
    const { method } = run.definition
    if (method.id !== 'lora') return { ok: false, reason: `${method.title} makes no adapter: export as onnx.` }
    return supportsOnnx(run)
  },
  bytes: (run) => weightBytes(baseModel(run)) + weightBytes(adapterModel(run)),
  async write(job) {
    const { run, folder, signal, externalData, onProgress } = job
    const [base, adapter] = [baseModel(run, signal), adapterModel(run, signal)]
    const total = weightBytes(base) + weightBytes(adapter)
    await writeBeside(job, true)
    await writeOnnx(folder, ADAPTER_FILE, adapter, { signal, onProgress: (done) => onProgress(done, total) })
    const tell = (done: number): void => onProgress(weightBytes(adapter) + done, total)
    await writeOnnx(folder, BASE_FILE, base, { externalData, signal, onProgress: tell })
  }
})
