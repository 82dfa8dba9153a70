import { InputError } from '../base/errors.ts'
import { nearestName } from '../base/nearest-name.ts'
import { shown } from '../base/wording.ts'
import type { DatasetSpec } from './dataset-types.ts'
import { openSources, type Source } from './sources.ts'

/**
 * What some columns hold in the rows that start at `lines`, in that order: column by column. `part` says which of the files is meant where the rows came
 * split; a part without a file of its own was cut from the rows to train on.
 * @throws InputError for a column that the file does not have
 */
export async function cellsAt(
  spec: DatasetSpec,
  part: 'validation' | 'test',
  columns: readonly string[],
  lines: readonly number[],
  signal?: AbortSignal
): Promise<ReadonlyMap<string, readonly string[]>> {
  const source = sourceOf(await openSources(spec, signal), part)
  for (const column of columns) requireColumn(source, column)
  const places = new Map(lines.map((line, place) => [line, place]))
  const cells = new Map(columns.map((column) => [column, lines.map(() => '')]))
  for await (const { line, values } of source.rows(signal)) {
    const place = places.get(line)
    if (place === undefined) continue
    for (const [column, own] of cells) own[place] = (values[column] ?? '').trim().normalize('NFC')
  }
  return cells
}

function sourceOf(sources: readonly Source[], part: 'validation' | 'test'): Source {
  const source = sources.find(({ role }) => role === part) ?? sources[0]
  if (source) return source
  throw new Error('data without a file')
}

function requireColumn({ name, path, probe }: Source, column: string): void {
  if (probe.columns.includes(column)) return
  const near = nearestName(column, probe.columns)
  const advice = near === null ? 'Name one of its columns.' : `Did you mean ${shown(near)}?`
  throw new InputError('report-groups', `${name} has no column ${shown(column)} to group the report by. ${advice}`, {
    file: path,
    column
  })
}
