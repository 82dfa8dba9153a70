/** What a page's header says (parquet.thrift, PageHeader). Sizes in bytes. */
export interface PageHeader {
  readonly kind: 'data' | 'dictionary' | 'other'
  readonly unpacked: number
  readonly packed: number
  /** Values on the page; of a column without lists these are rows. */
  readonly values: number
  /** Bytes of the header itself. */
  readonly bytes: number
}

const KINDS = ['data', 'other', 'dictionary', 'data'] as const

/** The header at the beginning of `bytes`; null where they end before it does. Throws a RangeError for what is no header. */
export function readPageHeader(bytes: Buffer): PageHeader | null {
  const reader = new CompactReader(bytes)
  const found = { kind: -1, unpacked: -1, packed: -1, values: 0 }
  try {
    reader.fields((id) => {
      if (id === 1) found.kind = reader.integer()
      else if (id === 2) found.unpacked = reader.integer()
      else if (id === 3) found.packed = reader.integer()
      // data_page_header, dictionary_page_header and data_page_header_v2.
      else if (id === 5 || id === 7 || id === 8) found.values = firstNumber(reader)
      else return false
      return true
    })
  } catch (error) {
    if (error === TOO_SHORT) return null
    throw error
  }
  const { kind, unpacked, packed, values } = found
  if (unpacked < 0 || packed < 0 || values < 0) throw new RangeError('A page has no size.')
  return { kind: KINDS[kind] ?? 'other', unpacked, packed, values, bytes: reader.at }
}

/** `num_values` is the first field of each kind of page. */
function firstNumber(reader: CompactReader): number {
  let value = 0
  reader.fields((id) => {
    if (id === 1) value = reader.integer()
    return id === 1
  })
  return value
}

const TOO_SHORT = new RangeError('The bytes end within a header.')

/** Fields of a header, and of what is in them: far more than any header has. */
const MOST_DEPTH = 8

/** Thrift's compact protocol, as far as headers need it. */
class CompactReader {
  readonly #bytes: Buffer
  #at = 0
  #depth = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get at(): number {
    return this.#at
  }

  /** Visits the fields of a structure; a field for which `visit` returns false is passed over. */
  fields(visit: (id: number) => boolean): void {
    if (++this.#depth > MOST_DEPTH) throw new RangeError('A header is nested too deeply.')
    for (let id = 0; ;) {
      const head = this.#byte()
      if (head === 0) break
      const type = head & 15
      id = head >> 4 === 0 ? this.integer() : id + (head >> 4)
      if (!visit(id)) this.#pass(type)
    }
    this.#depth--
  }

  /** A zigzag number of up to 32 bits. */
  integer(): number {
    const value = this.#variable()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++]
    if (byte === undefined) throw TOO_SHORT
    return byte
  }

  #variable(): number {
    let value = 0
    for (let shift = 1; ; shift *= 128) {
      const byte = this.#byte()
      value += (byte & 127) * shift
      if (byte < 128) return value
      if (shift > 2 ** 49) throw new RangeError('A number is too long.')
    }
  }

  #skip(length: number): void {
    this.#at += length
    if (this.#at > this.#bytes.length) throw TOO_SHORT
  }

  #pass(type: number): void {
    if (type === 1 || type === 2) return
    if (type === 3) this.#skip(1)
    else if (type >= 4 && type <= 6) this.#variable()
    else if (type === 7) this.#skip(8)
    else if (type === 8) this.#skip(this.#variable())
    else if (type === 9 || type === 10) this.#passList()
    else if (type === 12) this.fields(() => false)
    else throw new RangeError('A header has a field of an unknown kind.')
  }

  #passList(): void {
    const head = this.#byte()
    const count = head >> 4 === 15 ? this.#variable() : head >> 4
    for (let i = 0; i < count; i++) {
      // In a list a truth value takes a byte of its own.
      if ((head & 15) <= 2) this.#skip(1)
      else this.#pass(head & 15)
    }
  }
}
