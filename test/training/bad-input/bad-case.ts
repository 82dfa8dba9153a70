import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tinyTable } from '../../helpers/tiny-project.ts'

/** A folder with something wrong in it, and the one sentence that says so. Everything that is left out is as in a project that works. */
export interface BadCase {
  readonly name: string
  /** Files of the folder, besides `model` and a `data.csv` of 60 good rows. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>
  /** The `data` section of run.yaml. */
  readonly data?: string
  readonly task?: string
  /** Where run.yaml says that the model is. */
  readonly modelPath?: string
  /** Further lines of run.yaml's `training`, which begins at its line 6. */
  readonly training?: string
  /** All of run.yaml. */
  readonly yaml?: string | Uint8Array
  /** Whatever else is to be done to the folder; its model is in `<folder>/model`. */
  readonly prepare?: (folder: string) => Promise<unknown>
  /** The words after `attune`; `plan run.yaml` where left out. */
  readonly words?: readonly string[]
  /** The last line of standard error, with `<folder>` for the folder. */
  readonly says: string
}

/** The rows of the project's table, without its header: `id,text,label`. */
export const rows = tinyTable(60, 1).trim().split('\n').slice(1)

/** A data.csv of these lines. */
export const table = (lines: readonly string[], header = 'id,text,label'): Readonly<Record<string, string>> => ({
  'data.csv': `${[header, ...lines].join('\n')}\n`
})

/** The rows with another label each. */
export const labelled = (label: (row: number) => string): string[] =>
  rows.map((line, row) => line.replace(/,\w+$/, `,${label(row)}`))

/** The rows with the line at `row` in place of theirs. */
export const withRow = (row: number, line: string): string[] => rows.with(row, line)

export const yaml = (change: (text: string) => string): string =>
  change(
    [
      'task: text-classification',
      'model: ./model',
      'output: ./runs',
      'method: { type: lora, r: 4 }',
      'data: { file: data.csv, text: text, label: label }',
      'training:',
      '  num_train_epochs: 1',
      ''
    ].join('\n')
  )

export type Json = Record<string, unknown>

/** Rewrites a JSON file of the model. */
export const changeJson =
  (name: string, change: (json: Json) => Json) =>
  async (folder: string): Promise<void> => {
    const path = join(folder, 'model', name)
    await writeFile(path, JSON.stringify(change(JSON.parse(await readFile(path, 'utf8')) as Json))) // A JSON object, as made.
  }

/** Sets keys of config.json. */
export const withConfig = (keys: Json): ((folder: string) => Promise<void>) =>
  changeJson('config.json', (json) => ({ ...json, ...keys }))

export interface Entry {
  readonly dtype: string
  readonly shape: readonly number[]
  readonly data_offsets: readonly [number, number]
}

export type Header = Record<string, Entry>

/** Rewrites the header, and the data where they are given back, of the model's weights. */
export const changeWeights =
  (change: (header: Header, data: Buffer) => { readonly header: object; readonly data?: Uint8Array }) =>
  async (folder: string): Promise<void> => {
    const path = join(folder, 'model', 'model.safetensors')
    const bytes = await readFile(path)
    const start = 8 + Number(bytes.readBigUInt64LE(0))
    const { __metadata__: _, ...header } = JSON.parse(bytes.toString('utf8', 8, start)) as Header & { __metadata__?: Entry } // As safetensors writes it.
    const changed = change(header, bytes.subarray(start))
    const text = Buffer.from(JSON.stringify(changed.header))
    const padded = Buffer.concat([text, Buffer.alloc(-text.length & 7, ' ')])
    const length = Buffer.alloc(8)
    length.writeBigUInt64LE(BigInt(padded.length))
    await writeFile(path, Buffer.concat([length, padded, changed.data ?? bytes.subarray(start)]))
  }

/** The tensors that `keep` chooses, under the names and with the bytes that it gives them, packed anew. */
export const keepTensors = (
  keep: (
    name: string,
    entry: Entry,
    bytes: Buffer
  ) => { readonly name: string; readonly dtype?: string; readonly bytes?: Uint8Array } | null
): ((folder: string) => Promise<void>) =>
  changeWeights((header, data) => {
    const packed: Record<string, Entry> = {}
    const parts: Uint8Array[] = []
    let at = 0
    for (const [name, entry] of Object.entries(header)) {
      const own = data.subarray(...entry.data_offsets)
      const kept = keep(name, entry, own)
      if (kept === null) continue
      const bytes = kept.bytes ?? own
      packed[kept.name] = { dtype: kept.dtype ?? entry.dtype, shape: entry.shape, data_offsets: [at, at + bytes.byteLength] }
      parts.push(bytes)
      at += bytes.byteLength
    }
    return { header: packed, data: Buffer.concat(parts) }
  })
