import { ruleFinder } from '../data/personal/find.ts'
import { cleanTable, type CleanTableInput } from '../data/personal/table/clean-table.ts'
import { scanTable, type ScanInput } from '../data/personal/table/scan-table.ts'
import type { AnsweringModel } from './answering-model.ts'
import { finderWith } from './deidentify-run.ts'
import { openPseudonyms, writeMapping, type MappingFiles } from './mapping-file.ts'
import type { TrainerEvent } from './protocol.ts'

interface Around {
  readonly signal: AbortSignal
  readonly emit: (event: TrainerEvent) => void
  /** What finds beside the rules; null for the rules alone. */
  readonly model: AnsweringModel | null
}

const teller =
  ({ emit }: Around, total: number) =>
  (done: number): void =>
    emit({ event: 'progress', phase: 'checking', done, total })

/** Every kind that a model marks is shown; which of them say something of a person is for a person to say. */
export async function scanPersonal(input: ScanInput, around: Around): Promise<TrainerEvent> {
  const { model, signal } = around
  const find = finderWith(model, signal, () => true)
  return { event: 'finished', scanned: await scanTable(input, find, teller(around, input.rows), model && ruleFinder()) }
}

export interface CleanRowsTask extends MappingFiles {
  readonly input: CleanTableInput
  readonly rows: number
}

/** Lays clean rows down, and beside them what stands for what where it was asked for, under `secret`. */
export async function cleanPersonal(
  { input, rows, ...files }: CleanRowsTask,
  { secret, ...around }: Around & { readonly secret: string | null }
): Promise<TrainerEvent> {
  const { model, signal } = around
  const named = new Set(input.choices.map(({ kind }) => kind))
  const find = finderWith(model, signal, (kind) => named.has(kind))
  const pseudonyms = await openPseudonyms(files, secret ?? '')
  const cleaned = await cleanTable(input, { find, pseudonyms, onRows: teller(around, rows) })
  if (files.mappingFile !== null) await writeMapping(files.mappingFile, pseudonyms, secret ?? '')
  return { event: 'finished', cleaned }
}
