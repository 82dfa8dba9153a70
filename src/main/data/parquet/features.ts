import type { FileMetaData } from 'hyparquet'

/** Names of classes by column: what Hugging Face writes beside numbers that stand for classes. */
export type ClassNames = ReadonlyMap<string, readonly string[]>

const record = (value: unknown): Readonly<Record<string, unknown>> | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : null // Looked at.

/** Class names in a file's own notes (`huggingface`). */
export const classNamesIn = ({ key_value_metadata: notes = [] }: FileMetaData): ClassNames =>
  classNamesInNote(notes.find(({ key }) => key === 'huggingface')?.value)

/** The same in the note itself. */
export function classNamesInNote(text: string | undefined): ClassNames {
  if (text === undefined) return new Map()
  try {
    return classNamesOf(record(record(JSON.parse(text))?.['info'])?.['features'])
  } catch {
    // What another tool noted is no reason to refuse the rows.
    return new Map()
  }
}

/** Class names in a description of features, as dataset_info.json has it. */
export function classNamesOf(features: unknown): ClassNames {
  const names = new Map<string, readonly string[]>()
  for (const [column, feature] of Object.entries(record(features) ?? {})) {
    const found = namesIn(feature)
    if (found) names.set(column, found)
  }
  return names
}

/** A class, or a list of classes. */
function namesIn(feature: unknown): readonly string[] | null {
  const inner: unknown = Array.isArray(feature) ? feature[0] : (record(feature)?.['feature'] ?? feature)
  const { _type: type, names } = record(inner) ?? {}
  return type === 'ClassLabel' && Array.isArray(names) && names.every((name) => typeof name === 'string') ? names : null
}

/** What stands between several classes in one cell. */
export const BETWEEN = '; '

/** A value as the text of a cell; null where there is none, undefined where no cell can hold it. */
export function cellText(value: unknown, names: readonly string[] | undefined): string | null | undefined {
  if (value === null || value === undefined) return null
  if (Array.isArray(value)) {
    const all = value.map((one: unknown) => (Array.isArray(one) ? undefined : cellText(one, names)))
    return all.includes(undefined) ? undefined : all.filter((one) => one !== null).join(BETWEEN)
  }
  if (typeof value === 'string') return value.toWellFormed()
  if (typeof value === 'bigint' || typeof value === 'number') {
    if (names === undefined) return String(value)
    // −1 is how unlabelled rows are written.
    return Number(value) < 0 ? null : (names[Number(value)] ?? String(value))
  }
  if (typeof value === 'boolean') return String(value)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString().replace(/T00:00:00\.000Z$/, '')
  return undefined
}
