import { basename } from 'node:path'
import { InputError } from '../../base/errors.ts'
import { shown, shownList } from '../../base/wording.ts'
import { importerFor } from '../importers/index.ts'
import { parseSpans, type Span } from '../spans/span.ts'
import { Check, type KindCheck } from './check.ts'
import type { Finder } from './find.ts'

export interface Checked {
  readonly rows: number
  readonly kinds: Readonly<Record<string, KindCheck>>
}

const BATCH = 64

/** Compares what is found in a table's text column with the marks in another. @throws InputError for a column that it does not have */
export async function checkFile(
  path: string,
  {
    textColumn,
    marksColumn,
    find,
    signal
  }: { readonly textColumn: string; readonly marksColumn: string; readonly find: Finder; readonly signal: AbortSignal }
): Promise<Checked> {
  const importer = importerFor(path)
  const { format, columns } = await importer.probe(path, {}, signal)
  for (const name of [textColumn, marksColumn])
    if (!columns.includes(name)) {
      const message = `${basename(path)} has no column ${shown(name)}. It has ${shownList(columns)}.`
      throw new InputError('data_column_missing', message, { file: path, column: name })
    }
  const check = new Check()
  let [rows, held] = [0, [] as { readonly text: string; readonly marks: readonly Span[] }[]]
  const flush = async (): Promise<void> => {
    const found = await find(held.map(({ text }) => text))
    for (const [i, { text, marks }] of held.entries()) check.add(text, marks, found[i] ?? [])
    held = []
  }
  for await (const { line, values } of importer.rows(path, format, signal)) {
    const text = values[textColumn] ?? ''
    const cell = values[marksColumn] ?? ''
    const marks = cell.trim() === '' ? [] : parseSpans(text, cell, { file: basename(path), line, column: marksColumn })
    held.push({ text, marks })
    rows++
    if (held.length === BATCH) await flush()
  }
  await flush()
  return { rows, kinds: check.result }
}
