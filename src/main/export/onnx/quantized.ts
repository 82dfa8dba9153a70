import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError } from '../../base/errors.ts'
import { defineExporter, type ExportJob, type Exporter } from '../define-exporter.ts'
import { mergedInference } from './build-inference.ts'
import { BESIDE, inputsOf, MODEL_FILE, supportsOnnx } from './index.ts'
import { weightBytes, type InferenceModel } from './inference-model.ts'
import { observedModel, observedValues, quantizeModel, rangeOutputs, type Range, type Scheme } from './quantize-graph.ts'
import { usageOf, writeBeside } from './write-beside.ts'
import { writeOnnx } from './write-onnx.ts'

interface Form extends Pick<Exporter, 'id' | 'title'> {
  readonly rounding: NonNullable<Exporter['rounding']>
  readonly about: readonly string[]
  readonly scheme: (job: ExportJob, float: InferenceModel) => Promise<Scheme>
  /** The scheme by which the file's size is told. */
  readonly usual: Scheme
}

function quantizedExporter({ id, title, rounding, about, scheme, usual }: Form): Exporter {
  return defineExporter({
    ...{ id, title, rounding, dtypes: ['fp32'], replay: 'onnx', supports: supportsOnnx },
    card: { library: 'onnx', usage: (run) => usageOf(run, [...about, inputsOf(run)]) },
    bytes: (run) => weightBytes(quantizeModel(mergedInference(run, false), usual)) + BESIDE,
    async write(job) {
      const { run, folder, signal, onProgress, externalData } = job
      await writeBeside(job)
      const float = mergedInference(run, false, signal)
      const model = quantizeModel(float, await scheme(job, float))
      await writeOnnx(folder, MODEL_FILE, model, { externalData, signal, onProgress })
    }
  })
}

/** Weights in int8; what they multiply is quantised as it comes, or with ranges measured on validation rows. */
export const onnxInt8 = quantizedExporter({
  id: 'onnx-int8',
  title: 'ONNX (int8)',
  rounding: 'int8',
  about: [
    '`model.onnx` runs in ONNX Runtime 1.22 and later (opset 18 and its own operators, domain com.microsoft). Its matrices and the table of words are 8-bit integers; attention, normalisation and the head stay float32.',
    'How a row is rounded may depend on what stands beside it in a batch: answers differ in the second or third digit from one batch to another.'
  ],
  usual: { kind: 'dynamic' },
  scheme: async (job, float) =>
    job.calibrate === null ? { kind: 'dynamic' } : { kind: 'static', ranges: await measuredRanges(job, job.calibrate, float) }
})

/** Weights in 4 bits, for the smallest file; products are computed in float32. */
export const onnxInt4 = quantizedExporter({
  id: 'onnx-int4',
  title: 'ONNX (int4)',
  rounding: 'int4',
  about: [
    '`model.onnx` runs in ONNX Runtime 1.22 and later (opset 18 and its own operators, domain com.microsoft). Its matrices are 4-bit integers with a scale for each 32 of them, the table of words 8-bit; everything is computed in float32.'
  ],
  usual: { kind: 'nibbles' },
  scheme: () => Promise.resolve({ kind: 'nibbles' })
})

/** Runs the float model, written to the export's folder for that time, on validation rows. */
async function measuredRanges(
  { folder, signal }: ExportJob,
  calibrate: NonNullable<ExportJob['calibrate']>,
  float: InferenceModel
): Promise<ReadonlyMap<string, Range>> {
  const names = observedValues(float)
  const ranges = new Map<string, Range>()
  await writeOnnx(folder, MODEL_FILE, observedModel(float), { signal, onProgress: () => undefined })
  try {
    await calibrate(names.flatMap(rangeOutputs), (outputs) => {
      for (const name of names) {
        const [smallest, largest] = rangeOutputs(name).map((output) => outputs[output] ?? Number.NaN) as unknown as Range // Two names.
        const [low, high] = ranges.get(name) ?? [smallest, largest]
        ranges.set(name, [Math.min(low, smallest), Math.max(high, largest)])
      }
    })
  } finally {
    for (const file of [MODEL_FILE, `${MODEL_FILE}.data`]) await rm(join(folder, file), { force: true })
  }
  const broken = [...ranges].find(([, range]) => !range.every(Number.isFinite))
  if (!broken && ranges.size === names.length) return ranges
  throw new InputError(
    'export-range',
    'The validation rows give the model no finite numbers, so that no ranges can be measured. Export as fp16.'
  )
}
