import { cp, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { float32ToBfloat16, float32ToFloat16 } from '../../../src/main/engine/weights/float16.ts'
import { keepTensors, rows, table, withConfig, type BadCase } from './bad-case.ts'

/** A folder that only looks odd, and what its `finished` event must hold. */
export interface FineCase extends Omit<BadCase, 'says'> {
  readonly finds: Readonly<Record<string, unknown>>
}

const text = table(rows)['data.csv'] ?? ''
const parts = { train: 42, validation: 9, test: 9 }
const everyRow = { rows: parts, skipped: { empty_text: 0, empty_text_pair: 0, missing_label: 0 } }

const tables: readonly FineCase[] = [
  { name: "UTF-8 with a spreadsheet's mark", files: { 'data.csv': `\ufeff${text}` }, finds: everyRow },
  {
    name: 'UTF-16, as spreadsheets export "Unicode text"',
    files: { 'data.csv': Buffer.from(`\ufeff${text.replaceAll(',', '\t')}`, 'utf16le') },
    finds: everyRow
  },
  { name: 'semicolons', files: { 'data.csv': text.replaceAll(',', ';') }, finds: everyRow },
  { name: 'sep= above the header', files: { 'data.csv': `sep=;\n${text.replaceAll(',', ';')}` }, finds: everyRow },
  { name: 'CR LF', files: { 'data.csv': text.replaceAll('\n', '\r\n') }, finds: everyRow },
  {
    name: 'commas, quotes and line breaks in quotes',
    files: table(rows.with(3, 'x,"bed, ""cab""\r\nface",good')),
    finds: everyRow
  },
  {
    name: 'blanks around labels and column names',
    files: table(
      rows.map((row) => `${row} `),
      'id, text ,label '
    ),
    finds: everyRow
  },
  {
    name: 'groups without a name',
    data: '{ file: data.csv, text: text, label: label, group: group }',
    files: table(
      rows.map((row) => `${row},`),
      'id,text,label,group'
    ),
    finds: everyRow
  },
  {
    name: 'accents, emoji, CJK, characters of four bytes, a row of 200,000 characters, and none',
    files: table([...rows, 'a,😀 𝒳 漢字 e\u0301,good', `b,"${'漢😀'.repeat(100_000)}",bad`, 'c,\u200b\u200d,good', 'd,,bad']),
    finds: { rows: { train: 45, validation: 9, test: 9 }, skipped: { empty_text: 1, empty_text_pair: 0, missing_label: 0 } }
  }
]

const inspected = {
  words: ['inspect', 'model', '--json'],
  finds: {
    problems: [],
    extra: [],
    heads: [
      { kind: 'sequence-classification', isComplete: true },
      { kind: 'token-classification', isComplete: false },
      { kind: 'question-answering', isComplete: false },
      { kind: 'masked-lm' }
    ]
  }
}

const halves = (dtype: 'F16' | 'BF16'): ((folder: string) => Promise<void>) =>
  keepTensors((name, _, bytes) => {
    const values = new Float32Array(Uint8Array.from(bytes).buffer)
    const stored = dtype === 'F16' ? float32ToFloat16(values) : float32ToBfloat16(values)
    return { name, dtype, bytes: new Uint8Array(stored.buffer) }
  })

/** Spreads the tensors over two files with an index. */
async function shard(folder: string): Promise<void> {
  const model = join(folder, 'model')
  const whole = join(model, 'model.safetensors')
  const weight_map: Record<string, string> = {}
  for (const [part, name] of ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'].entries()) {
    await cp(whole, join(folder, 'whole'))
    await keepTensors((tensor) => {
      if (tensor.includes('layer.1.') !== (part === 1)) return null
      weight_map[tensor] = name
      return { name: tensor }
    })(folder)
    await rename(whole, join(model, name))
    await rename(join(folder, 'whole'), whole)
  }
  await rm(whole)
  await writeFile(join(model, 'model.safetensors.index.json'), JSON.stringify({ metadata: {}, weight_map }))
}

/** A model as the cache of Hugging Face keeps it: links into the blobs of its repository. */
async function asSnapshot(folder: string): Promise<void> {
  const snapshot = join(folder, 'models--a--b/snapshots/1')
  await mkdir(snapshot, { recursive: true })
  await rename(join(folder, 'model'), join(folder, 'models--a--b/blobs'))
  for (const name of ['config.json', 'model.safetensors', 'tokenizer.json'])
    await symlink(`../../blobs/${name}`, join(snapshot, name))
}

const models: readonly FineCase[] = [
  { name: 'tensors without the prefix', prepare: keepTensors((name) => ({ name: name.replace(/^bert\./, '') })), ...inspected },
  { name: 'tensors under base_model.', prepare: keepTensors((name) => ({ name: `base_model.${name}` })), ...inspected },
  {
    name: 'gamma and beta',
    prepare: keepTensors((name) => ({
      name: name.replace('LayerNorm.weight', 'LayerNorm.gamma').replace('LayerNorm.bias', 'LayerNorm.beta')
    })),
    ...inspected
  },
  { name: 'float16', prepare: halves('F16'), finds: { rows: parts } },
  { name: 'bfloat16', prepare: halves('BF16'), finds: { rows: parts } },
  { name: 'several files of weights', prepare: shard, finds: { rows: parts } },
  { name: 'a snapshot of the cache', prepare: asSnapshot, modelPath: './models--a--b/snapshots/1', finds: { rows: parts } },
  {
    name: 'a model folder that is a link',
    prepare: async (folder) => {
      await rename(join(folder, 'model'), join(folder, 'elsewhere'))
      await symlink('elsewhere', join(folder, 'model'))
    },
    finds: { rows: parts }
  },
  {
    name: 'config.json with a mark of UTF-8',
    prepare: async (folder) => {
      const path = join(folder, 'model/config.json')
      await writeFile(path, `\ufeff${await readFile(path, 'utf8')}`)
    },
    ...inspected
  },
  { name: 'switches that change nothing', prepare: withConfig({ chunk_size_feed_forward: 4, use_cache: false }), ...inspected }
]

/** Tables and models as people and programs save them. */
export const fineCases: readonly FineCase[] = [...tables, ...models]
