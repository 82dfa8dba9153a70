import { count } from '../../lib/format.ts'
import { element, sheet, written, type Palette } from './svg.ts'

interface MatrixDrawing {
  readonly title: string
  readonly description: string
  readonly actual: string
  readonly predicted: string
  readonly classes: readonly string[]
  /** Rows are the true class, columns the given one. */
  readonly counts: readonly (readonly number[])[]
}

const CELL = { width: 96, height: 34 }
const [LEFT, TOP] = [180, 90]
/** The full shade of a cell, as on the page. */
const SHADE = 0.4

/** A confusion matrix as a drawing: each cell its count, shaded by its row. */
export function matrixDrawing(
  { title, description, actual, predicted, classes, counts }: MatrixDrawing,
  palette: Palette
): string {
  const width = LEFT + CELL.width * classes.length + 24
  const quiet = { fill: palette.quiet }
  const parts = [
    written(predicted, { x: LEFT + (CELL.width * classes.length) / 2, y: 54, 'text-anchor': 'middle', ...quiet }),
    written(actual, { x: LEFT - 10, y: TOP - 12, 'text-anchor': 'end', ...quiet }),
    ...classes.map((name, at) =>
      written(name, { x: LEFT + CELL.width * (at + 0.5), y: TOP - 12, 'text-anchor': 'middle', ...quiet }, 14)
    ),
    ...classes.flatMap((name, row) => rowOf(name, row, counts[row] ?? [], palette))
  ]
  return sheet(
    { width: Math.max(420, width), height: TOP + CELL.height * classes.length + 20, title, description },
    palette,
    parts
  )
}

function rowOf(name: string, row: number, line: readonly number[], palette: Palette): string[] {
  const sum = Math.max(
    1,
    line.reduce((total, value) => total + value, 0)
  )
  const y = TOP + CELL.height * row
  const cells = line.flatMap((value, column) => {
    const x = LEFT + CELL.width * column
    const box = { x, y, width: CELL.width, height: CELL.height }
    return [
      element('rect', { ...box, fill: palette.accent, 'fill-opacity': (SHADE * value) / sum, stroke: palette.hairline }),
      written(value === 0 ? '·' : count(value), {
        x: x + CELL.width / 2,
        y: y + CELL.height / 2 + 4,
        'text-anchor': 'middle',
        'font-weight': row === column ? 600 : 400,
        fill: palette.text
      })
    ]
  })
  return [written(name, { x: LEFT - 10, y: y + CELL.height / 2 + 4, 'text-anchor': 'end', fill: palette.text }, 26), ...cells]
}
