import { basename } from 'node:path'
import { InputError } from '../base/errors.ts'
import type { DatasetSpec, FileRole } from './dataset-types.ts'
import type { OnRejected } from './documents/rejected.ts'
import type { Importer, Probe, Row } from './importers/define-importer.ts'
import { importerAt } from './importers/at.ts'
import { openDataFile } from './source/bytes.ts'
import { nearestName } from '../base/nearest-name.ts'
import { counted, shown, shownList } from '../base/wording.ts'

/** A file that has been looked at: its format and columns are known and the columns that the spec names are there. */
export interface Source {
  readonly path: string
  readonly name: string
  readonly role: FileRole
  /** Whether it is a folder of documents, or of the files of one data set. */
  readonly isFolder: boolean
  readonly probe: Probe
  /** `onRejected` is told of the documents of a folder that are left out. */
  readonly rows: (signal?: AbortSignal, onRejected?: OnRejected) => AsyncGenerator<Row, void, undefined>
}

interface NamedFile {
  readonly role: FileRole
  readonly path: string
}

/** The files of a spec in the order train, validation, test. Throws an `InputError` when the keys contradict each other. */
function filesOf(spec: DatasetSpec): readonly NamedFile[] {
  const refuse = (message: string, key: string): never => {
    throw new InputError('data_files', message, { key })
  }
  const { file, train, validation, test } = spec
  if (file !== undefined) {
    if (train === undefined && validation === undefined && test === undefined) return [{ role: 'all', path: file }]
    return refuse(
      "Data has both 'file' and files that are already split. Keep either 'file' or 'train', 'validation' and 'test'.",
      'file'
    )
  }
  if (train === undefined) return refuse("Data names no file to train on. Add 'file' or 'train'.", 'file')
  const split: NamedFile[] = [{ role: 'train', path: train }]
  if (validation !== undefined) split.push({ role: 'validation', path: validation })
  if (test !== undefined) split.push({ role: 'test', path: test })
  if (new Set(split.map(({ path }) => path)).size < split.length) {
    refuse(`The file ${basename(train)} is named for two roles. Rows to train on cannot also test the model.`, 'test')
  }
  return split
}

function columnAdvice(spec: DatasetSpec, nearest: string | null, columns: readonly string[]): string {
  const [only = ''] = columns
  if (columns.length === 1 && spec.delimiter !== undefined && /[,;|\t]/.test(only))
    return `It is not divided by ${shown(spec.delimiter)}: correct data.delimiter, or leave it out.`
  if (nearest !== null) return `Did you mean ${shown(nearest)}?`
  return 'Name one of these, or write the names of the columns in the first line of the file.'
}

const HELD = {
  text: 'which is to hold the texts',
  text_pair: 'which is to hold the second texts',
  label: 'which is to hold the answers',
  group: 'which is to say what belongs together',
  id: 'which is to hold the ids',
  split_column: 'which is to say the part of each row',
  split_date: 'which is to hold the date of each row'
} as const

/** The key of run.yaml that names a column. */
const keyIn = ({ task }: DatasetSpec, key: keyof typeof HELD): string =>
  task === 'question-answering' && (key === 'text_pair' || key === 'label') ? ASKED[key].key : key

const heldIn = ({ task }: DatasetSpec, key: keyof typeof HELD): string =>
  task === 'question-answering' && key === 'text_pair' ? ASKED.text_pair.held : HELD[key]

const ASKED = {
  text_pair: { key: 'question', held: 'which is to hold the questions' },
  label: { key: 'answers' }
} as const

function requireColumns(spec: DatasetSpec, name: string, path: string, columns: readonly string[]): void {
  const keys = ['text', 'text_pair', 'label', 'group', 'id', 'split_column', 'split_date'] as const
  for (const key of keys) {
    const wanted = spec[key]
    if (wanted === undefined || columns.includes(wanted)) continue
    const nearest = nearestName(wanted, columns)
    const list = columns.length === 1 ? `Its only column is ${shownList(columns)}.` : `Its columns are ${shownList(columns, 20)}.`
    const message = `${name} has no column ${shown(wanted)}, which data.${keyIn(spec, key)} names. ${list} ${columnAdvice(spec, nearest, columns)}`
    const inApp = `${name} has no column ${shown(wanted)}, ${heldIn(spec, key)}. ${list} Choose a file that has it, or rename the column in the first line of this one.`
    throw new InputError('data_column_missing', message, { file: path, column: wanted, key: keyIn(spec, key), inApp })
  }
}

async function openSource(spec: DatasetSpec, { role, path }: NamedFile, name: string, signal?: AbortSignal): Promise<Source> {
  const importer: Importer = await importerAt(path)
  // Whatever its name says, a file must be there.
  if (importer.id !== 'folder') await (await openDataFile(path)).close()
  const probe = await importer.probe(path, spec, signal)
  requireColumns(spec, name, path, probe.columns)
  const isFolder = importer.id === 'folder'
  return { path, name, role, isFolder, probe, rows: (stop, onRejected) => importer.rows(path, probe.format, stop, onRejected) }
}

/** Probes every file of `spec`. Throws an `InputError` for unreadable files and for columns that a file does not have. */
export async function openSources(spec: DatasetSpec, signal?: AbortSignal): Promise<readonly Source[]> {
  const files = filesOf(spec)
  const names = files.map(({ path }) => basename(path))
  const sources: Source[] = []
  for (const [index, file] of files.entries()) {
    const name = names[index] ?? file.path
    const isUnique = names.filter((other) => other === name).length === 1
    sources.push(await openSource(spec, file, isUnique ? name : file.path, signal))
  }
  return sources
}

/** Refuses more rows or more text than the limits allow. */
export function refuseTooMuch(source: Source, rows: number, characters: number): void {
  const { rows: mostRows, totalText } = source.probe.format.limits
  const where = { file: source.path }
  if (rows > mostRows) {
    throw new InputError('data_too_many_rows', `The data has more than ${counted(mostRows, 'row')}. Use a part of it.`, where)
  }
  if (characters > totalText) {
    const message = `The data holds more than ${counted(totalText, 'character')} of text, which does not fit in memory. Use a part of it.`
    throw new InputError('data_too_much_text', message, where)
  }
}
