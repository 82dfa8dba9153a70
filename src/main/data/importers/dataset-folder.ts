import { basename, extname } from 'node:path'
import { InputError } from '../../base/errors.ts'
import { shown, shownList } from '../../base/wording.ts'
import type { OnRejected } from '../documents/rejected.ts'
import type { FoundFile } from '../documents/walk-folder.ts'
import type { Limits } from '../limits.ts'
import { partNamed } from '../parts.ts'
import type { Row, TableFormat } from './define-importer.ts'
import { importerFor } from './index.ts'

/** A file of rows, and the part that its name says they belong to; '' where it says none. */
interface Shard extends FoundFile {
  readonly part: string
}

/** Descriptions that lie beside the rows, and what `datasets` keeps there of its own work. */
const BESIDE =
  /(?:^|\/)(?:dataset_infos?|dataset_dict|state|metadata)\.json$|(?:^|\/)(?:README|LICENSE)[^/]*$|(?:^|\/)cache-[0-9a-f]+[^/]*\.arrow$|\.py$|\.lock$/i
const TABLES: readonly string[] = ['.parquet', '.arrow', '.jsonl', '.json', '.csv', '.tsv']
const SHARDED: readonly string[] = ['.parquet', '.arrow']

/**
 * The files of rows of a folder as Hugging Face `datasets` lays it out: `data/train-00000-of-00002.parquet`, `train.jsonl`, `test/0000.parquet`, and as `save_to_disk`
 * does: `train/data-00000-of-00001.arrow`. Null where
 * it is no such folder. Throws an InputError where it is one that cannot be read.
 */
export function shardsOf(root: string, all: readonly FoundFile[]): readonly Shard[] | null {
  const files = all.filter(({ name }) => !BESIDE.test(name))
  const shards = files
    .filter(({ name }) => TABLES.includes(extname(name).toLowerCase()))
    .map((file) => ({ ...file, part: partOf(file.name) }))
  if (shards.length === 0 || shards.length < files.length) return null
  // Parquet and Arrow are written by programs, a shard for so many rows; other tables belong together only where their names say so.
  if (shards.some(({ name, part }) => part === '' && !SHARDED.includes(extname(name).toLowerCase()))) return null
  const kinds = [...new Set(shards.map(({ name }) => extname(name).toLowerCase()))]
  if (kinds.length > 1) throw several(root, kinds)
  return shards.toSorted((a, b) => orderOf(a.part) - orderOf(b.part))
}

const orderOf = (part: string): number => ['train', 'validation', 'test', ''].indexOf(part)

/** The part that a file's name, or that of a folder around it, says. */
function partOf(name: string): string {
  const words = name.slice(0, name.length - extname(name).length).split(/[/._-]/)
  for (const word of words.toReversed()) {
    const part = word === '' ? null : partNamed(word)
    if (part !== null) return ['train', 'validation', 'test'][part] ?? ''
  }
  return ''
}

interface OpenShard extends Shard {
  readonly format: TableFormat
}

/** The rows of every shard, one after the other, with a column for their part. Throws an InputError where shards have different columns. */
export class ShardedTable {
  readonly columns: readonly string[]
  /** The column that says the part of each row; null where no name says any. */
  readonly partColumn: string | null
  readonly #shards: readonly OpenShard[]

  private constructor(columns: readonly string[], shards: readonly OpenShard[], partColumn: string | null) {
    this.columns = partColumn === null ? columns : [...columns, partColumn]
    this.#shards = shards
    this.partColumn = partColumn
  }

  static async open(root: string, shards: readonly Shard[], limits: Limits, signal?: AbortSignal): Promise<ShardedTable> {
    const probed = []
    let columns: readonly string[] | null = null
    for (const shard of shards) {
      const probe = await importerFor(shard.path).probe(shard.path, { limits }, signal)
      columns ??= probe.columns
      if (probe.columns.toSorted().join('\n') !== columns.toSorted().join('\n')) throw different(root, shards, shard)
      probed.push({ ...shard, format: probe.format })
    }
    const hasParts = shards.some(({ part }) => part !== '')
    return new ShardedTable(columns ?? [], probed, hasParts ? freeName(columns ?? []) : null)
  }

  async *rows(onRejected?: OnRejected, signal?: AbortSignal): AsyncGenerator<Row, void, undefined> {
    let line = 0
    for (const [i, { path, name, part, format }] of this.#shards.entries()) {
      // Every shard lacks the same columns: they are told of once.
      const told =
        i === 0 ? onRejected && ((one: Parameters<OnRejected>[0]): void => onRejected({ ...one, file: name })) : undefined
      for await (const { values } of importerFor(path).rows(path, format, signal, told)) {
        yield { line: ++line, values: this.partColumn === null ? values : withPart(values, this.partColumn, part) }
      }
    }
  }
}

function withPart(values: Row['values'], column: string, part: string): Row['values'] {
  const all = Object.create(null) as Record<string, string | null> // As every importer's rows: without a prototype.
  return Object.assign(all, values, { [column]: part })
}

const freeName = (columns: readonly string[]): string => (columns.includes('split') ? 'dataset_split' : 'split')

const several = (root: string, kinds: readonly string[]): InputError =>
  new InputError(
    'folder-several',
    `${basename(root)} holds tables of several kinds (${shownList(kinds)}). Choose a folder in which all are of one kind.`,
    { file: root }
  )

function different(root: string, shards: readonly Shard[], shard: Shard): InputError {
  const first = shown(shards[0]?.name ?? '')
  return new InputError(
    'folder-several',
    `${basename(root)} holds tables with different columns (${first} and ${shown(shard.name)}). Choose the folder of one data set.`,
    { file: root }
  )
}
