import type { Datasets } from '../data/datasets/datasets.ts'
import { writeCsv, type Cell } from '../data/write-csv.ts'
import type { Outbox } from './outbox.ts'

const COLUMNS = ['file', 'place', 'reason']
const PAGE = 1000

/** What was left out of data, as a file for the person. */
export interface RejectedList {
  readonly save: (id: string) => Promise<{ readonly ticket: string; readonly name: string }>
}

export const makeRejectedList = (datasets: Datasets, outbox: Outbox): RejectedList => ({
  save: async (id) => {
    const path = outbox.newPath('.csv')
    await writeCsv(path, COLUMNS, rowsOf(datasets, id))
    const name = `${datasets.get(id).name.replace(/\.[^.]{1,8}$/, '')} left out.csv`
    return { ticket: outbox.offer(path, name), name }
  }
})

async function* rowsOf(datasets: Datasets, id: string): AsyncGenerator<readonly Cell[], void, undefined> {
  for (let from = 0; ; from += PAGE) {
    const { items } = await datasets.rejected(id, from, PAGE)
    for (const { file, place, reason } of items) yield [file, place, reason]
    if (items.length < PAGE) return
  }
}
