import { ruleFinder } from '../data/personal/find.ts'
import { Pseudonyms } from '../data/personal/surrogates/pseudonyms.ts'
import { cleanTable, type CleanTableInput } from '../data/personal/table/clean-table.ts'
import { scanTable, type ScanInput } from '../data/personal/table/scan-table.ts'
import type { TrainerEvent } from './protocol.ts'

type Emit = (event: TrainerEvent) => void

const teller =
  (emit: Emit, total: number) =>
  (done: number): void =>
    emit({ event: 'progress', phase: 'checking', done, total })

export async function scanPersonal(input: ScanInput, emit: Emit): Promise<TrainerEvent> {
  return { event: 'finished', findings: await scanTable(input, ruleFinder(), teller(emit, input.rows)) }
}

export async function cleanPersonal(input: CleanTableInput, rows: number, emit: Emit): Promise<TrainerEvent> {
  const work = { find: ruleFinder(), pseudonyms: new Pseudonyms(), onRows: teller(emit, rows) }
  return { event: 'finished', cleaned: await cleanTable(input, work) }
}
