import { InputError } from '../base/errors.ts'
import type { ExportableRun } from './define-exporter.ts'
import { HEAD_KEY, ownHead } from './known-head.ts'
import type { ExportType } from './trained-tensors.ts'

/** transformers' class for a model that gives labels, by `model_type`. */
const classes: Readonly<Record<string, string>> = {
  bert: 'BertForSequenceClassification',
  roberta: 'RobertaForSequenceClassification',
  'xlm-roberta': 'XLMRobertaForSequenceClassification',
  camembert: 'CamembertForSequenceClassification',
  distilbert: 'DistilBertForSequenceClassification'
}

const dtypes: Readonly<Record<ExportType, string>> = { fp32: 'float32', fp16: 'float16', bf16: 'bfloat16' }

/** Keys of the base model's config.json that speak of where it was, of code, or of what the run decides anew. */
const dropped = new Set(['_name_or_path', 'auto_map', 'num_labels', 'dtype'])

/** config.json of the trained model: the base model's, with class, labels, problem and element type. */
export function exportedConfig(
  { base, classNames, problem, definition }: ExportableRun,
  dtype: ExportType
): Record<string, unknown> {
  const type = String(base.json['model_type'])
  const architecture = classes[type]
  if (architecture === undefined) {
    const sentence = `Models of the type ${type} cannot be exported to Hugging Face yet. Use the run in Attune.`
    throw new InputError('export-unsupported', sentence)
  }
  const head = ownHead(definition)
  const names = classNames.length === 0 ? ['LABEL_0'] : classNames
  return {
    ...Object.fromEntries(Object.entries(base.json).filter(([key]) => !dropped.has(key))),
    ...(head === null ? { architectures: [architecture] } : { architectures: [], [HEAD_KEY]: head }),
    problem_type: problem,
    id2label: Object.fromEntries(names.map((name, i) => [String(i), name])),
    label2id: Object.fromEntries(names.map((name, i) => [name, i])),
    torch_dtype: dtypes[dtype]
  }
}
