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
const dropped = new Set(['_name_or_path', 'auto_map', 'num_labels', 'dtype', 'problem_type', 'id2label', 'label2id'])

/** config.json of the trained model: the base model's, with class, labels, problem and element type. */
export function exportedConfig(
  { base, classNames, problem, marks, answering, definition }: ExportableRun,
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
  const kind = answering ? 'QuestionAnswering' : marks ? 'TokenClassification' : 'SequenceClassification'
  return {
    ...Object.fromEntries(Object.entries(base.json).filter(([key]) => !dropped.has(key))),
    architectures: isKnown ? [`${family}For${kind}`] : [],
    ...(head !== null && { [HEAD_KEY]: head }),
    // transformers knows no problem of words or answers.
    ...(marks === null && answering === null && { problem_type: problem }),
    // First and last have no names there; it takes two outputs where none are named.
    ...(answering === null && namesOf(marks?.tags ?? classNames)),
    torch_dtype: dtypes[dtype]
  }
}

function namesOf(outputs: readonly string[]) {
  const names = outputs.length === 0 ? ['LABEL_0'] : outputs
  return {
    id2label: Object.fromEntries(names.map((name, i) => [String(i), name])),
    label2id: Object.fromEntries(names.map((name, i) => [name, i]))
  }
}
