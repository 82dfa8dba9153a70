/** A marked passage of a text: [start, end) in UTF-16 units, and its type. */
export interface Mark {
  readonly start: number
  readonly end: number
  readonly label: string
}
