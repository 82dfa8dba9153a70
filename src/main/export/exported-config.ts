import { InputError } from '../base/errors.ts'
import type { ExportableRun } from './define-exporter.ts'
import { HEAD_KEY, ownHead } from './known-head.ts'
import type { ExportType } from './trained-tensors.ts'

/** The start of the names of transformers' classes, by `model_type`. */
const families: Readonly<Record<string, string>> = {
  bert: 'Bert',
  roberta: 'Roberta',
  'xlm-roberta': 'XLMRoberta',
  camembert: 'Camembert',
  distilbert: 'DistilBert'
}

const dtypes: Readonly<Record<ExportType, string>> = { fp32: 'float32', fp16: 'float16', bf16: 'bfloat16' }

/** Keys of the base model's config.json that speak of where it was, of code, or of what the run decides anew. */
const dropped = new Set(['_name_or_path', 'auto_map', 'num_labels', 'dtype', 'problem_type'])

/** config.json of the trained model: the base model's, with class, labels, problem and element type. */
export function exportedConfig(
  { base, classNames, problem, marks, definition }: ExportableRun,
  dtype: ExportType
): Record<string, unknown> {
  const type = String(base.json['model_type'])
  const family = families[type]
  if (family === undefined) {
    const sentence = `Models of the type ${type} cannot be exported to Hugging Face yet. Use the run in Attune.`
    throw new InputError('export-unsupported', sentence)
  }
  const head = ownHead(definition)
  const isKnown = head === null && definition.crf !== true
  const outputs = marks?.tags ?? classNames
  const names = outputs.length === 0 ? ['LABEL_0'] : outputs
  return {
    ...Object.fromEntries(Object.entries(base.json).filter(([key]) => !dropped.has(key))),
    architectures: isKnown ? [`${family}For${marks ? 'Token' : 'Sequence'}Classification`] : [],
    ...(head !== null && { [HEAD_KEY]: head }),
    // transformers knows no problem of words.
    ...(marks === null && { problem_type: problem }),
    id2label: Object.fromEntries(names.map((name, i) => [String(i), name])),
    label2id: Object.fromEntries(names.map((name, i) => [name, i])),
    torch_dtype: dtypes[dtype]
  }
}
