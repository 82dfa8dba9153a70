import { extname, join } from 'node:path'
import { stat } from '../../base/sealed/fs.ts'
import { flatten } from '../datasets/reread.ts'
import { scanTable } from '../datasets/scan.ts'
import { followBytesRead } from '../source/bytes-read.ts'
import type { Laid, OnProgress, TableInput } from './laying.ts'
import { RejectedWriter } from './rejected-file.ts'
import { secondsLeft } from './time-left.ts'

/** Reads the copy of a table from end to end and lays its rows down for paging. Throws an InputError naming the copy. */
export async function layTable({ folder, copy, read }: TableInput, onProgress: OnProgress, signal: AbortSignal): Promise<Laid> {
  const rejected = new RejectedWriter(folder)
  // Read twice where it is laid down anew first; a workbook is unpacked at one go, which nobody hears of.
  const passes = Object.keys(read).length > 0 && extname(copy) !== '.xlsx' ? 2 : 1
  try {
    const first = passes === 2 ? await follow(join(folder, copy), { pass: 0, of: passes }, onProgress) : null
    const options = { onRejected: rejected.add, signal, ...(first && { onRows: first.rows }) }
    const { file, readAs } = await flatten(folder, copy, read, options).finally(first?.end)
    const last = await follow(join(folder, file), { pass: passes - 1, of: passes }, onProgress)
    const scanned = await scanTable(join(folder, file), join(folder, 'rows.jsonl'), { onRows: last.rows, signal }).finally(
      last.end
    )
    return { file, scanned, readAs, rejected: rejected.count }
  } finally {
    await rejected.close()
  }
}

/** How much further a file must be read before that is told. */
const TOLD_EVERY = 0.01

interface Followed {
  readonly rows: (count: number) => void
  readonly end: () => void
}

/** Tells of one pass over a file, of several: how far the bytes have come, and in the last one the rows as they are counted. */
async function follow(
  path: string,
  { pass, of }: { readonly pass: number; readonly of: number },
  onProgress: OnProgress
): Promise<Followed> {
  const { size } = await stat(path)
  let began = performance.now()
  let [read, told, rows] = [0, 0, 0]
  const tell = (): void => {
    told = read
    const share = size === 0 ? 1 : Math.min(1, read / size)
    const inPass = secondsLeft(share, (performance.now() - began) / 1000)
    // Passes that are still to come take as long as this one.
    const left = inPass === null ? null : inPass + ((of - 1 - pass) * (performance.now() - began)) / 1000 / share
    onProgress(pass === of - 1 ? rows : 0, 0, { share: (pass + share) / of, secondsLeft: left })
  }
  const end = followBytesRead(path, (bytes) => {
    // A file whose encoding nobody knows is read once for that, before there are rows.
    if (bytes < read) {
      told = 0
      began = performance.now()
    }
    read = bytes
    if (rows > 0 && read - told > TOLD_EVERY * size) tell()
  })
  const counted = (count: number): void => {
    rows = count
    tell()
  }
  return { rows: counted, end }
}
