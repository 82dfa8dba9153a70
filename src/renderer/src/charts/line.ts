export interface Line {
  readonly id: string
  /** Written at the line's end. */
  readonly label: string
  readonly step: readonly number[]
  readonly value: readonly number[]
  /** Which of the six colours; a run keeps its colour everywhere. */
  readonly colour: number
  readonly marker?: boolean
}

/** The dash of each colour, so that lines differ without it. */
export const DASHES: readonly (readonly number[])[] = [[], [6, 4], [2, 3], [8, 3, 2, 3], [12, 4], [4, 2]]
