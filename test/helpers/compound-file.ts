interface Making {
  readonly sectorBytes?: 512 | 4096
  /** Sectors that stand empty between those of the directory. */
  readonly gap?: number
  /** Whether the last sector of the directory names the first as the next. */
  readonly circular?: boolean
}

/** A compound file ([MS-CFB]) whose directory holds these names, four or more to a sector, with no stream behind them. */
export function compoundFile(names: readonly string[], { sectorBytes = 512, gap = 1, circular = false }: Making = {}): Buffer {
  const entries = ['Root Entry', ...names]
  const perSector = sectorBytes / 128
  const directory = Array.from({ length: Math.ceil(entries.length / perSector) }, (_, i) => 1 + i * (1 + gap))
  const sectors = 1 + (directory.at(-1) ?? 0) + 1
  const file = Buffer.alloc((1 + sectors) * sectorBytes)
  Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]).copy(file)
  file.writeUInt16LE(Math.log2(sectorBytes), 0x1e)
  file.writeUInt32LE(directory[0] ?? 0, 0x30)
  file.writeUInt32LE(0xfffffffe, 0x44)
  // The table of sectors is sector 0, and the header says so.
  file.fill(0xff, 0x4c, 512)
  file.writeUInt32LE(0, 0x4c)
  const at = (sector: number): number => (1 + sector) * sectorBytes
  file.fill(0xff, at(0), at(1))
  directory.forEach((sector, i) => {
    file.writeUInt32LE(directory[i + 1] ?? (circular ? (directory[0] ?? 0) : 0xfffffffe), at(0) + 4 * sector)
    entries.slice(i * perSector, (i + 1) * perSector).forEach((name, j) => {
      const place = at(sector) + 128 * j
      file.write(name, place, 'utf16le')
      file.writeUInt16LE(2 * (name.length + 1), place + 64)
    })
  })
  return file
}
