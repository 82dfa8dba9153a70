/** Bounds on what is read from outside, so that no file can exhaust the memory. Everything beyond them is refused with a sentence. */
export interface Limits {
  /** Bytes (UTF-8, Windows-1252) of one line, and characters of one row. */
  readonly rowLength: number
  readonly columns: number
  readonly rows: number
  /** Characters of text kept in memory over all rows. */
  readonly totalText: number
}

export const DEFAULT_LIMITS: Limits = { rowLength: 16 * 2 ** 20, columns: 4096, rows: 20_000_000, totalText: 2 ** 30 }
