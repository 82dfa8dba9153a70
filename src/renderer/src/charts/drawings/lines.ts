import { count, significant } from '../../lib/format.ts'
import { DASHES, type Line } from '../line.ts'
import { element, roundTicks, sheet, written, type Palette } from './svg.ts'

interface LinesDrawing {
  readonly title: string
  readonly description: string
  /** Beneath the x axis. */
  readonly xTitle: string
  readonly lines: readonly Line[]
  /** The x axis. */
  readonly extent: readonly [number, number]
}

const [WIDTH, HEIGHT] = [720, 360]
const BOX = { left: 64, right: WIDTH - 132, top: 40, bottom: HEIGHT - 48 }
const LABEL_HEIGHT = 15

interface Scales {
  readonly x: (value: number) => number
  readonly y: (value: number) => number
}

/** Curves over steps as a drawing: axes with round values, each line with its dash, its markers and its name at its end. */
export function linesDrawing({ title, description, xTitle, lines, extent }: LinesDrawing, palette: Palette): string {
  const [from, to] = extent
  const { low, high, ticks } = heights(lines)
  const scales: Scales = {
    x: (value) => BOX.left + ((BOX.right - BOX.left) * (value - from)) / Math.max(Number.EPSILON, to - from),
    y: (value) => BOX.bottom - ((BOX.bottom - BOX.top) * (value - low)) / Math.max(Number.EPSILON, high - low)
  }
  const quiet = { fill: palette.quiet }
  return sheet({ width: WIDTH, height: HEIGHT, title, description }, palette, [
    ...ticks.flatMap((tick) => [
      element('line', { x1: BOX.left, x2: BOX.right, y1: scales.y(tick), y2: scales.y(tick), stroke: palette.hairline }),
      written(significant(tick), { x: BOX.left - 8, y: scales.y(tick) + 4, 'text-anchor': 'end', ...quiet })
    ]),
    element('line', { x1: BOX.left, x2: BOX.right, y1: BOX.bottom, y2: BOX.bottom, stroke: palette.quiet }),
    ...roundTicks(from, to).map((tick) =>
      written(count(tick), { x: scales.x(tick), y: BOX.bottom + 18, 'text-anchor': 'middle', ...quiet })
    ),
    written(xTitle, { x: (BOX.left + BOX.right) / 2, y: BOX.bottom + 38, 'text-anchor': 'middle', ...quiet }),
    ...lines.map((line) => drawn(line, scales, palette)),
    ...ends(lines, scales, palette)
  ])
}

/** The y axis: from and to round values around every point. */
function heights(lines: readonly Line[]): { readonly low: number; readonly high: number; readonly ticks: readonly number[] } {
  let [least, most] = [Infinity, -Infinity]
  for (const { value } of lines) {
    for (const each of value) {
      if (!Number.isFinite(each)) continue
      least = Math.min(least, each)
      most = Math.max(most, each)
    }
  }
  if (least > most) return { low: 0, high: 1, ticks: roundTicks(0, 1) }
  if (least === most) [least, most] = [least - Math.max(1e-9, Math.abs(least) / 10), most + Math.max(1e-9, Math.abs(most) / 10)]
  const ticks = roundTicks(least, most)
  return { low: Math.min(least, ticks[0] ?? least), high: Math.max(most, ticks.at(-1) ?? most), ticks }
}

const colourOf = (line: Line, { series, text }: Palette): string => series[line.colour % series.length] ?? text

function drawn(line: Line, { x, y }: Scales, palette: Palette): string {
  const points = line.step.flatMap((step, index) => {
    const value = line.value[index]
    return value === undefined || !Number.isFinite(value) ? [] : [{ x: x(step), y: y(value) }]
  })
  const stroke = colourOf(line, palette)
  const path = points.map((point, index) => `${index === 0 ? 'M' : 'L'}${point.x.toFixed(1)} ${point.y.toFixed(1)}`).join('')
  const dash = DASHES[line.colour % DASHES.length] ?? []
  const curve = element('path', {
    d: path,
    fill: 'none',
    stroke,
    'stroke-width': 1.5,
    'stroke-dasharray': dash.length === 0 ? undefined : dash.join(' ')
  })
  if (line.marker !== true) return curve
  const marks = points.map((point) => element('circle', { cx: point.x, cy: point.y, r: 3, fill: palette.surface, stroke }))
  return [curve, ...marks].join('')
}

/** Each line's name and last value; names that would overlap move apart, within the drawing. */
function ends(lines: readonly Line[], { x, y }: Scales, palette: Palette): string[] {
  const places = lines
    .flatMap((line) => {
      const [step, value] = [line.step.at(-1), line.value.at(-1)]
      if (step === undefined || value === undefined || !Number.isFinite(value)) return []
      return [{ x: x(step), y: y(value), name: `${line.label} ${significant(value)}`.trim(), fill: colourOf(line, palette) }]
    })
    .toSorted((a, b) => a.y - b.y)
  let free = -Infinity
  return places.map((place, index) => {
    const below = places.length - 1 - index
    const at = Math.max(free, Math.min(place.y, BOX.bottom - LABEL_HEIGHT * below))
    free = at + LABEL_HEIGHT
    return written(place.name, { x: place.x + 8, y: at + 4, fill: place.fill }, 24)
  })
}
