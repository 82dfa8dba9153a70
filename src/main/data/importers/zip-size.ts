import { basename } from 'node:path'
import { InputError } from '../../base/errors.ts'
import type { OpenFile } from '../../base/sealed/open-file.ts'
import { openDataFile } from '../source/bytes.ts'
import { oldOfficeOf, readAt } from '../source/old-office.ts'

/** The end of a ZIP archive is looked for in so many bytes: its record of 22, and a comment of at most 65,535. */
const TAIL = 22 + 65_535
const MOST_ENTRIES = 10_000

export interface ZipLimits {
  /** Bytes of the archive, and of everything in it once it is unpacked. */
  readonly packed: number
  readonly unpacked: number
}

/**
 * Refuses an archive that would unpack to more than the limits allow, going by its own table of contents. An entry that holds more than that
 * says is stopped by the unpacker, which makes no room for more.
 */
export async function refuseLargeZip(path: string, limits: ZipLimits): Promise<void> {
  const handle = await openDataFile(path)
  try {
    const { size } = await handle.stat()
    if (size > limits.packed) throw tooLarge(path, limits)
    const total = await unpackedSize(handle, size)
    if (total === null) throw await noArchive(path, handle)
    if (total > limits.unpacked) throw tooLarge(path, limits)
  } finally {
    await handle.close()
  }
}

/** Bytes of all entries together; null where the file is no archive. */
async function unpackedSize(handle: OpenFile, size: number): Promise<number | null> {
  const tail = await readAt(handle, Math.max(0, size - TAIL), Math.min(size, TAIL))
  const end = tail.lastIndexOf('PK\x05\x06', undefined, 'latin1')
  if (end < 0 || end + 22 > tail.length) return null
  const [count, length, start] = [tail.readUInt16LE(end + 10), tail.readUInt32LE(end + 12), tail.readUInt32LE(end + 16)]
  if (count > MOST_ENTRIES || start + length > size) return Infinity
  const contents = await readAt(handle, start, length)
  let total = 0
  for (let at = 0, entry = 0; entry < count; entry++) {
    if (at + 46 > contents.length || contents.readUInt32LE(at) !== 0x02014b50) return null
    total += contents.readUInt32LE(at + 24)
    at += 46 + contents.readUInt16LE(at + 28) + contents.readUInt16LE(at + 30) + contents.readUInt16LE(at + 32)
  }
  return total
}

/** What a file that calls itself XLSX is instead. */
async function noArchive(path: string, handle: OpenFile): Promise<InputError> {
  const what = await oldOfficeOf(handle)
  if (what === 'encrypted') return passwordProtected(path)
  if (what === 'workbook') return oldWorkbook(path)
  return notAWorkbook(path)
}

const passwordProtected = (path: string): InputError =>
  new InputError(
    'data_workbook_password',
    `${basename(path)} is password-protected. Remove the password in Excel and drop it again.`,
    { file: path }
  )

const oldWorkbook = (path: string): InputError =>
  new InputError(
    'data_workbook_old',
    `${basename(path)} is a workbook of Excel 97 to 2003 (XLS), whatever its ending says. Open it in Excel, save it as "Excel Workbook (*.xlsx)" and drop that file.`,
    { file: path }
  )

const tooLarge = (path: string, { unpacked }: ZipLimits): InputError =>
  new InputError(
    'data_workbook_too_large',
    `${basename(path)} is too large to be read as a workbook (more than ${Math.round(unpacked / 2 ** 20)} MiB unpacked). Save the sheet as CSV (UTF-8).`,
    { file: path }
  )

export const notAWorkbook = (path: string, cause?: unknown): InputError =>
  new InputError(
    'data_workbook_unreadable',
    `${basename(path)} cannot be read as a workbook. It may be damaged: open it in Excel and save the sheet as CSV (UTF-8).`,
    { file: path },
    { cause }
  )
