import type { Fields, Option, Shape } from '../base/options.ts'
import { describe } from './describe.ts'
import { dataOptions } from './data-options.ts'
import { learningRates, methodOptions, runOptions, runSchema } from './schema.ts'

const example = `task: text-classification
model: ./models/MiniLM-L6
data: { file: notes.csv, text: text, label: label, group: patient_id }
method: { type: lora, r: 8, target_modules: [query, value] }
training: { num_train_epochs: 3, learning_rate: 5.0e-4, max_length: 256, seed: 1 }
output: ./runs`

/** The page of the docs that lists every option: \`docs/run-yaml.md\`. */
export function runYamlPage(): string {
  return `${[...introduction(), ...topLevel(), ...dataSection(), ...methodSection(), ...sharedSections()].join('\n\n')}\n`
}

function introduction(): string[] {
  return [
    '# run.yaml',
    'Made by `scripts/generate-schema.ts` from the declarations in `src/main`; do not edit. The JSON Schema for editors is `run.schema.json`.',
    'One file asks for one run. Its keys are those of Hugging Face transformers and PEFT wherever these have a name for the thing. What is left out ' +
      'gets the default below. Paths are meant from the folder of the file. JSON is read too. An unknown key, a value out of range and options that ' +
      'cannot be meant together are refused with their line.',
    `\`\`\`yaml\n${example}\n\`\`\``
  ]
}

function topLevel(): string[] {
  const tasks = Object.entries(runOptions)
  const all = Object.assign({}, ...tasks.map(([, fields]) => fields)) as Fields
  const rows = Object.entries(all).map(([key, option]) => {
    const having = tasks.filter(([, fields]) => Object.hasOwn(fields, key)).map(([task]) => task)
    return row(key, option, having.length === tasks.length ? '' : ` Only for ${having.join(' and ')}.`)
  })
  const names = tasks.map(([task]) => `\`${task}\``).join(', ')
  return ['## The file', table([`| \`task\` | one of ${names} | required | ${runSchema.help} |`, ...rows])]
}

function dataSection(): string[] {
  const tasks = Object.entries(dataOptions)
  const rows = Object.entries(dataOptions['text-classification']).flatMap(([key, option]) => {
    const having = tasks.filter(([, fields]) => Object.hasOwn(fields, key)).map(([task]) => task)
    return rowsFor(key, option, having.length === tasks.length ? '' : ` Only for ${having.join(' and ')}.`)
  })
  return ['## data', 'Either `file`, which is split, or `train` with `test` and `validation` as far as they exist.', table(rows)]
}

function methodSection(): string[] {
  const parts = Object.entries(methodOptions).flatMap(([type, fields]) => {
    const [low, high] = learningRates[type as keyof typeof learningRates].usual
    const rate = `Usual learning rates: ${low} to ${high}.`
    return [`### type: ${type}`, rate, ...(Object.keys(fields).length > 0 ? [table(allRows(fields))] : ['No further keys.'])]
  })
  return ['## method', '`type` is required and decides which other keys there are.', ...parts]
}

function sharedSections(): string[] {
  const { head, training } = runOptions['text-classification']
  return [head, training].flatMap((option, index) => {
    const fields = option.shape.kind === 'group' ? option.shape.fields : {}
    return [`## ${index === 0 ? 'head' : 'training'}`, option.help, table(allRows(fields))]
  })
}

const allRows = (fields: Fields): string[] => Object.entries(fields).flatMap(([key, option]) => rowsFor(key, option, ''))

/** A row for an option and, where it is a group, one for each option within. */
function rowsFor(key: string, option: Option<unknown>, note: string): string[] {
  const inner = groupWithin(option.shape)
  const within = inner ? Object.entries(inner).flatMap(([name, each]) => rowsFor(`${key}.${name}`, each, '')) : []
  return [row(key, option, note), ...within]
}

function groupWithin(shape: Shape): Fields | null {
  if (shape.kind === 'group') return shape.fields
  if (shape.kind === 'list') return groupWithin(shape.item)
  return shape.kind === 'either' ? (shape.of.map(groupWithin).find((fields) => fields !== null) ?? null) : null
}

function row(key: string, { shape, help, fallback, derived }: Option<unknown>, note: string): string {
  const value = derived ?? (fallback === undefined ? 'required' : `\`${JSON.stringify(fallback.value)}\``)
  return `| \`${key}\` | ${cell(kindOf(shape))} | ${cell(value)} | ${cell(help + note)} |`
}

/** What a value looks like; the keys of a group have rows of their own. */
function kindOf(shape: Shape): string {
  if (shape.kind === 'group' || shape.kind === 'variants') return 'a map of keys'
  if (shape.kind === 'list' && groupWithin(shape.item)) return 'a list of maps'
  return shape.kind === 'either' ? shape.of.map(kindOf).join(', or ') : describe(shape)
}

const cell = (text: string): string => text.replaceAll('|', '\\|')

const table = (rows: readonly string[]): string =>
  ['| key | value | default | |', '| --- | --- | --- | --- |', ...rows].join('\n')
