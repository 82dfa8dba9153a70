import type { ModelCard } from '../base/model-card.ts'
import type { ExportableRun } from './define-exporter.ts'

const tasks: Readonly<Record<string, string>> = {
  single_label_classification: 'text with exactly one of its labels',
  multi_label_classification: 'text with any number of its labels',
  regression: 'text with a number'
}

/** README.md with the metadata that Hugging Face reads. It names labels and numbers, never a row of the data. */
export function modelCard(
  run: ExportableRun,
  base: Pick<ModelCard, 'licence' | 'languages'> & {
    readonly baseName: string
    readonly library?: 'peft' | 'onnx'
    /** Lines on how to use it. */
    readonly use?: readonly string[]
  }
): string {
  const metrics = Object.entries(run.metrics)
  const lines = [
    '---',
    `library_name: ${base.library ?? 'transformers'}`,
    'pipeline_tag: text-classification',
    `base_model: ${JSON.stringify(base.baseName)}`,
    ...(base.licence === null ? [] : [`license: ${JSON.stringify(base.licence)}`]),
    ...(base.languages.length === 0 ? [] : ['language:', ...base.languages.map((language) => `- ${JSON.stringify(language)}`)]),
    ...(metrics.length === 0 ? [] : ['metrics:', ...metrics.map(([name]) => `- ${name}`)]),
    '---',
    '',
    '# Fine-tuned with Attune',
    '',
    `This model answers a ${tasks[run.problem] ?? 'text'}. It was made from \`${base.baseName}\` by ${run.definition.method.title}.`,
    '',
    ...(run.classNames.length === 0 ? [] : ['Labels, in the order of its outputs:', '', ...run.classNames.map(labelLine), '']),
    ...(metrics.length === 0 ? [] : ['Measured on rows that it was not trained on:', '', '| metric | value |', '| --- | --- |']),
    ...metrics.map(([name, value]) => `| ${name} | ${value.toPrecision(4)} |`),
    ...(base.use ? ['', '## How to use it', '', ...base.use] : []),
    '',
    `Texts were cut to ${run.maxLength} tokens. \`manifest.json\` says what the model was made from and what every file's hash is;`,
    '`attune verify` checks it.',
    ''
  ]
  return lines.join('\n')
}

const labelLine = (name: string, i: number): string => `${i}. ${name.replace(/[\r\n`|<>\\]+/g, ' ')}`
