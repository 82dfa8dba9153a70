/** One line of a chart whose axes are shares. */
export interface CurveSeries {
  readonly id: string
  readonly label: string
  /** By rising x. */
  readonly points: readonly { readonly x: number; readonly y: number }[]
  /** The interval around the line. */
  readonly reach?: readonly { readonly x: number; readonly low: number; readonly high: number }[]
}
