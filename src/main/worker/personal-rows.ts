import { ruleFinder } from '../data/personal/find.ts'
import { Pseudonyms } from '../data/personal/surrogates/pseudonyms.ts'
import { cleanTable, type CleanTableInput } from '../data/personal/table/clean-table.ts'
import { scanTable, type ScanInput } from '../data/personal/table/scan-table.ts'
import type { AnsweringModel } from './answering-model.ts'
import { finderWith } from './deidentify-run.ts'
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
  return { event: 'finished', findings: await scanTable(input, find, teller(around, input.rows), model && ruleFinder()) }
}

export async function cleanPersonal(input: CleanTableInput, rows: number, around: Around): Promise<TrainerEvent> {
  const { model, signal } = around
  const named = new Set(input.choices.map(({ kind }) => kind))
  const find = finderWith(model, signal, (kind) => named.has(kind))
  const work = { find, pseudonyms: new Pseudonyms(), onRows: teller(around, rows) }
  return { event: 'finished', cleaned: await cleanTable(input, work) }
}
