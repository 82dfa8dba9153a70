import { join } from 'node:path'
import { writeJsonAtomic } from '../base/files.ts'
import { writeAnswering } from './answering/answering-file.ts'
import { answeringTransformersUsage } from './answering/usage.ts'
import { carryFiles } from './carried-files.ts'
import { unknownHead } from './known-head.ts'
import { defineExporter, type ExportableRun } from './define-exporter.ts'
import { exportedConfig } from './exported-config.ts'
import { transformersUsage } from './marks/usage.ts'
import { writeMarks } from './marks/marks-file.ts'
import { mergedTensors, sizeInBytes } from './trained-tensors.ts'
import { writeShards } from './write-shards.ts'

/**
 * A folder that `AutoModelForSequenceClassification.from_pretrained` opens, `AutoModelForTokenClassification` where passages are marked, and
 * `AutoModelForQuestionAnswering` where questions are answered: adapters merged, labels named, tokenizer and licence beside.
 */
export const huggingFace = defineExporter({
  id: 'huggingface',
  title: 'Hugging Face folder (merged)',
  dtypes: ['fp32', 'fp16', 'bf16'],
  replay: 'weights',
  card: {
    library: 'transformers',
    usage: ({ marks, answering }: ExportableRun) =>
      marks ? transformersUsage(marks) : answering ? answeringTransformersUsage(answering) : ''
  },
  supports({ definition }) {
    const reason = unknownHead(definition)
    return reason === null ? { ok: true } : { ok: false, reason }
  },
  bytes: (run, dtype) => mergedTensors(run, dtype).reduce((sum, tensor) => sum + sizeInBytes(tensor), 0),
  async write({ run, folder, dtype, shardBytes, signal, onProgress }) {
    await writeJsonAtomic(join(folder, 'config.json'), exportedConfig(run, dtype))
    await carryFiles(run.base.folder, folder)
    await writeMarks(run, folder)
    await writeAnswering(run, folder)
    await writeShards(folder, mergedTensors(run, dtype, signal), { signal, onProgress, shardBytes })
  }
})
