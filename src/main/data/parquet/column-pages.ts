import type { AsyncBuffer, ColumnMetaData } from 'hyparquet'
import { readPageHeader, type PageHeader } from './page-header.ts'

/** A stretch of a file's bytes. */
export interface Stretch {
  readonly offset: number
  readonly bytes: number
}

interface Page extends Stretch {
  readonly rows: number
  readonly unpacked: number
}

/** A few pages of a column that are read together. */
export interface PageGroup {
  readonly pages: Stretch
  readonly dictionary: Stretch | null
  readonly rows: number
}

/** Unpacked bytes of a page, and of pages that are read together. */
const MOST_OF_A_PAGE = 64 * 2 ** 20
const TOGETHER = 4 * 2 ** 20
/** What is read to find a header; statistics may make one longer. */
const HEADER_BYTES = [1 << 12, 1 << 20] as const

/**
 * The pages of a column without lists, some megabytes at a time, so that no row group must fit into memory: writers put a million rows into one. Throws a
 * RangeError for pages that are damaged or too large.
 */
export async function* pageGroups(file: AsyncBuffer, column: ColumnMetaData): AsyncGenerator<PageGroup, void, undefined> {
  const { start, end } = rangeOf(column)
  let dictionary: Stretch | null = null
  let held: Page[] = []
  for (let at = start; at < end;) {
    const header = await headerAt(file, at, end)
    const page = { offset: at, bytes: header.bytes + header.packed, rows: header.values, unpacked: header.unpacked }
    at += page.bytes
    if (at > end || header.unpacked > MOST_OF_A_PAGE) throw new RangeError('A page is larger than pages are.')
    if (header.kind === 'dictionary') dictionary = page
    if (header.kind !== 'data') continue
    held.push(page)
    if (held.reduce((sum, { unpacked }) => sum + unpacked, 0) < TOGETHER) continue
    yield groupOf(held, dictionary)
    held = []
  }
  if (held.length > 0) yield groupOf(held, dictionary)
}

/** Where a column's bytes lie in the file. */
function rangeOf({ dictionary_page_offset: dictionary, data_page_offset: data, total_compressed_size: size }: ColumnMetaData): {
  readonly start: number
  readonly end: number
} {
  const start = Number(dictionary === undefined || dictionary === 0n || dictionary > data ? data : dictionary)
  return { start, end: start + Number(size) }
}

function groupOf(pages: readonly Page[], dictionary: Stretch | null): PageGroup {
  const [first] = pages
  const last = pages.at(-1)
  const offset = first?.offset ?? 0
  const bytes = (last?.offset ?? 0) + (last?.bytes ?? 0) - offset
  return { pages: { offset, bytes }, dictionary, rows: pages.reduce((sum, { rows }) => sum + rows, 0) }
}

async function headerAt(file: AsyncBuffer, at: number, end: number): Promise<PageHeader> {
  for (const length of HEADER_BYTES) {
    const header = readPageHeader(Buffer.from(await file.slice(at, Math.min(at + length, end))))
    if (header) return header
  }
  throw new RangeError('A page has no whole header.')
}
