import { defineExporter, type ExportableRun, type Exporter } from '../define-exporter.ts'
import { familyOf } from './families.ts'
import { mergedInference } from './build-inference.ts'
import { weightBytes, type InferenceModel } from './inference-model.ts'
import { joinProjections } from './join-projections.ts'
import { usageOf, writeBeside } from './write-beside.ts'
import { writeOnnx } from './write-onnx.ts'

/** The file that holds a merged model's graph. */
export const MODEL_FILE = 'model.onnx'

/** Bytes of graph, tokenizer and card beside the weights: a guess at the usual. */
export const BESIDE = 1 << 20

export function supportsOnnx(run: ExportableRun): ReturnType<Exporter['supports']> {
  if (familyOf(run)) return { ok: true }
  return { ok: false, reason: `${run.definition.architecture.title} cannot be written as ONNX yet: export as huggingface.` }
}

/** What goes in and what comes out. */
export const inputsOf = ({ marks, answering }: Pick<ExportableRun, 'marks' | 'answering'>): string => {
  const outputs = answering
    ? 'the outputs are `start_logits` and `end_logits` (float32, [batch_size, sequence_length])'
    : `the output is \`logits\` (float32, ${marks ? '[batch_size, sequence_length, tags]' : '[batch_size, labels]'})`
  return `Inputs are \`input_ids\`, \`attention_mask\` and, where the model has several types of token, \`token_type_ids\` (int64, [batch_size, sequence_length]); ${outputs}.`
}

/** A merged model as it is written in float32. */
export const floatModel = (run: ExportableRun, signal?: AbortSignal): InferenceModel =>
  joinProjections(mergedInference(run, false, signal))

function onnxExporter(id: string, title: string, isHalf: boolean, about: readonly string[]): Exporter {
  const model = (run: ExportableRun, signal?: AbortSignal): InferenceModel =>
    isHalf ? mergedInference(run, true, signal) : floatModel(run, signal)
  return defineExporter({
    id,
    title,
    dtypes: [isHalf ? 'fp16' : 'fp32'],
    replay: 'onnx',
    card: { library: 'onnx', usage: (run) => usageOf(run, [...about, inputsOf(run)]) },
    supports: supportsOnnx,
    bytes: (run) => weightBytes(model(run)) + BESIDE,
    async write(job) {
      const { run, folder, signal, onProgress, externalData } = job
      await writeBeside(job)
      await writeOnnx(folder, MODEL_FILE, model(run, signal), { externalData, signal, onProgress })
    }
  })
}

/** One file (two above 1.5 GB) for ONNX Runtime 1.16 and later, in Python, Node, C#, Java or C++. */
export const onnx = onnxExporter('onnx', 'ONNX (float32)', false, [
  '`model.onnx` runs in ONNX Runtime (opset 18 and its own fused operators, domain com.microsoft).'
])

/** The same with large products and tables in float16; attention, normalisation and the head stay float32. */
export const onnxHalf = onnxExporter('onnx-fp16', 'ONNX (float16)', true, [
  '`model.onnx` runs in ONNX Runtime (opset 18 and its own fused operators, domain com.microsoft). Weights and matrix products are float16, which graphics cards compute faster; a CPU converts them back first.'
])
