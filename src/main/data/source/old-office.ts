import type { OpenFile } from '../../base/sealed/open-file.ts'

const SIGNATURE = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])
const HEADER_BYTES = 512
const ENTRY_BYTES = 128
/** Special numbers in place of a sector's; every greater value ends a chain. */
const LAST_SECTOR = 0xfffffffa
/** What is followed of a directory, and of the table that says where the table of sectors lies: a hostile file ends there. */
const MOST = { directorySectors: 64, tableSectors: 64 }

/** `encrypted`: an OOXML document under a password. `workbook`, `document`: a file of Excel or Word 97 to 2003. */
export type OldOffice = 'encrypted' | 'workbook' | 'document' | 'other'

/**
 * What lies in a compound file ([MS-CFB]), by the names in its directory: Office keeps an encrypted OOXML document in the container of its old
 * files ([MS-OFFCRYPTO] 2.3.4). Null where the file is none. Reads some hundred sectors at most.
 */
export async function oldOfficeOf(handle: OpenFile): Promise<OldOffice | null> {
  const header = await readAt(handle, 0, HEADER_BYTES)
  if (!header.subarray(0, SIGNATURE.length).equals(SIGNATURE) || header.length < HEADER_BYTES) return null
  const shift = header.readUInt16LE(0x1e)
  if (shift !== 9 && shift !== 12) return 'other'
  const names = await new Container(handle, header, 2 ** shift).names()
  if (names.has('EncryptedPackage') && names.has('EncryptionInfo')) return 'encrypted'
  // Excel 5 and 95 wrote `Book`.
  if (names.has('Workbook') || names.has('Book')) return 'workbook'
  return names.has('WordDocument') ? 'document' : 'other'
}

class Container {
  readonly #handle: OpenFile
  readonly #header: Buffer
  readonly #sectorBytes: number

  constructor(handle: OpenFile, header: Buffer, sectorBytes: number) {
    this.#handle = handle
    this.#header = header
    this.#sectorBytes = sectorBytes
  }

  /** Names in the directory, as far as its chain of sectors can be followed. */
  async names(): Promise<ReadonlySet<string>> {
    const names = new Set<string>()
    let sector = this.#header.readUInt32LE(0x30)
    for (let count = 0; sector < LAST_SECTOR && count < MOST.directorySectors; count++) {
      const entries = await this.#sector(sector)
      for (let at = 0; at + ENTRY_BYTES <= entries.length; at += ENTRY_BYTES) {
        // Bytes of the name in UTF-16, its closing zero included.
        const length = Math.min(64, entries.readUInt16LE(at + 64))
        if (length > 2) names.add(entries.toString('utf16le', at, at + length - 2))
      }
      sector = await this.#after(sector)
    }
    return names
  }

  /** The sector that follows in a chain, by the table of sectors. */
  async #after(sector: number): Promise<number> {
    const perSector = this.#sectorBytes / 4
    const table = await this.#tableSector(Math.floor(sector / perSector))
    if (table === null) return LAST_SECTOR
    const entries = await this.#sector(table)
    const at = 4 * (sector % perSector)
    return at + 4 <= entries.length ? entries.readUInt32LE(at) : LAST_SECTOR
  }

  /** Where part `index` of the table of sectors lies: the header names 109 parts, further sectors the rest. */
  async #tableSector(index: number): Promise<number | null> {
    const IN_HEADER = 109
    if (index < IN_HEADER) return this.#header.readUInt32LE(0x4c + 4 * index)
    const perSector = this.#sectorBytes / 4 - 1
    let sector = this.#header.readUInt32LE(0x44)
    for (let rest = index - IN_HEADER, count = 0; sector < LAST_SECTOR && count < MOST.tableSectors; count++) {
      const entries = await this.#sector(sector)
      if (entries.length < this.#sectorBytes) return null
      if (rest < perSector) return entries.readUInt32LE(4 * rest)
      rest -= perSector
      sector = entries.readUInt32LE(4 * perSector)
    }
    return null
  }

  /** The first sector stands after the header, which fills one. */
  #sector(sector: number): Promise<Buffer> {
    return readAt(this.#handle, (sector + 1) * this.#sectorBytes, this.#sectorBytes)
  }
}

/** So many bytes from a place; fewer at the end of the file. */
export async function readAt(handle: OpenFile, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length)
  const { bytesRead } = await handle.read(buffer, 0, length, position)
  return buffer.subarray(0, bytesRead)
}
