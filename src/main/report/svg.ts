import type { ReliabilityBin } from '../engine/evaluation/index.ts'
import { html, nothing } from './markup.ts'
import type { Markup } from './markup.ts'
import { decimal, whole } from './numbers.ts'
import { charts as words } from './words.ts'

const WIDTH = 640
const FRAME = { left: 52, right: 190, top: 12, bottom: 34 } as const

interface Scale {
  readonly from: number
  readonly to: number
  readonly at: (value: number) => number
}

/** Maps [from, to] to pixels [start, end]; a single value lies in the middle. */
function scale(from: number, to: number, start: number, end: number): Scale {
  const span = to - from
  return { from, to, at: (value) => (span === 0 ? (start + end) / 2 : start + ((value - from) / span) * (end - start)) }
}

/** Ticks with as many decimals as their step needs. */
function tickTexts(values: readonly number[]): string[] {
  const step = Math.abs((values[1] ?? 0) - (values[0] ?? 0))
  const decimals = step > 0 ? Math.min(8, Math.max(0, -Math.floor(Math.log10(step) + 1e-9))) : 2
  return values.map((value) => decimal(value, decimals))
}

/** At most five round numbers inside [low, high]: multiples of 1, 2 or 5 times a power of ten. */
export function ticks(low: number, high: number): number[] {
  const span = high - low
  if (!(span > 0) || !Number.isFinite(span)) return [low]
  const power = 10 ** Math.floor(Math.log10(span / 5))
  const step =
    [1, 2, 5, 10, 20].map((factor) => factor * power).find((each) => Math.floor(high / each) - Math.ceil(low / each) < 5) ?? span
  const first = Math.ceil(low / step)
  const count = Math.min(5, Math.floor(high / step) - first + 1)
  return Array.from({ length: Math.max(0, count) }, (_, i) => (first + i) * step)
}

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Series {
  readonly label: string
  readonly points: readonly Point[]
  /** A marker at every point, for what is measured now and then. */
  readonly hasMarkers: boolean
}

const points = (series: readonly Point[], x: Scale, y: Scale): string =>
  series.map((point) => `${x.at(point.x).toFixed(1)},${y.at(point.y).toFixed(1)}`).join(' ')

/** End labels at least a line apart, in the order of the series. */
function labelHeights(ends: readonly number[]): number[] {
  const heights = [...ends]
  const order = ends.map((_, i) => i).sort((a, b) => (ends[a] ?? 0) - (ends[b] ?? 0))
  order.forEach((index, place) => {
    const above = order[place - 1]
    if (above !== undefined) heights[index] = Math.max(heights[index] ?? 0, (heights[above] ?? 0) + 14)
  })
  return heights
}

export interface StepAxis {
  readonly from: number
  readonly to: number
  /** Marked by a line. */
  readonly bestStep: number | null
}

/** Lines over training steps, on an axis that charts share. At most two series; null where there is nothing to draw a line through. */
export function stepChart(description: string, series: readonly Series[], { from, to, bestStep }: StepAxis): Markup | null {
  const all = series.flatMap(({ points }) => points)
  if (all.length < 2) return null
  const height = 200
  const ys = all.map(({ y }) => y)
  const x = scale(from, to, FRAME.left, WIDTH - FRAME.right)
  const y = scale(Math.min(...ys), Math.max(...ys), height - FRAME.bottom, FRAME.top)
  const drawn = series.filter((each) => each.points.length > 0)
  const heights = labelHeights(drawn.map((each) => y.at(each.points.at(-1)?.y ?? 0)))
  const lines = drawn.map((each, i) => {
    const markers = each.hasMarkers
      ? each.points.map((point) => html`<circle class="point-${i + 1}" cx="${x.at(point.x)}" cy="${y.at(point.y)}" r="3" />`)
      : []
    const end = x.at(each.points.at(-1)?.x ?? 0)
    return html`<polyline class="series-${i + 1}" points="${points(each.points, x, y)}" />${markers}<text
        x="${end + 8}"
        y="${(heights[i] ?? 0) + 4}"
        >${each.label}</text
      >`
  })
  const best =
    bestStep === null || bestStep < x.from || bestStep > x.to
      ? nothing
      : html`<line class="best" x1="${x.at(bestStep)}" x2="${x.at(bestStep)}" y1="${FRAME.top}" y2="${height - FRAME.bottom}" />`
  const marks = ticks(y.from, y.to)
  const labels = tickTexts(marks)
  const axis = [
    ...marks.map(
      (tick, i) =>
        html`<line class="tick" x1="${FRAME.left}" x2="${WIDTH - FRAME.right}" y1="${y.at(tick)}" y2="${y.at(tick)}" /><text
            x="${FRAME.left - 6}"
            y="${y.at(tick) + 4}"
            text-anchor="end"
            >${labels[i] ?? ''}</text
          >`
    ),
    ...ticks(x.from, x.to).map(
      (tick) => html`<text x="${x.at(tick)}" y="${height - FRAME.bottom + 16}" text-anchor="middle">${whole(tick)}</text>`
    )
  ]
  const unit = html`<text x="${WIDTH - FRAME.right}" y="${height - 4}" text-anchor="end">${words.step}</text>`
  return html`<svg role="img" aria-label="${description}" viewBox="0 0 ${WIDTH} ${height}">${axis}${best}${lines}${unit}</svg>`
}

/** Share that came true against mean probability, one dot per bin, its area by the answers in it. */
export function reliabilityChart(description: string, bins: readonly ReliabilityBin[]): Markup | null {
  const filled = bins.filter(({ count }) => count > 0)
  if (filled.length === 0) return null
  const size = 300
  const x = scale(0, 1, FRAME.left, FRAME.left + size - 60)
  const y = scale(0, 1, size - FRAME.bottom, FRAME.top)
  const most = Math.max(...filled.map(({ count }) => count))
  const axis = [0, 0.25, 0.5, 0.75, 1].map(
    (tick) =>
      html`<line class="tick" x1="${x.at(0)}" x2="${x.at(1)}" y1="${y.at(tick)}" y2="${y.at(tick)}" /><text
          x="${FRAME.left - 6}"
          y="${y.at(tick) + 4}"
          text-anchor="end"
          >${tick * 100}</text
        ><text x="${x.at(tick)}" y="${size - FRAME.bottom + 16}" text-anchor="middle">${tick * 100}</text>`
  )
  const ideal = html`<line class="ideal" x1="${x.at(0)}" y1="${y.at(0)}" x2="${x.at(1)}" y2="${y.at(1)}" />`
  const dots = filled.map(({ confidence, accuracy, count }) => {
    const radius = 3 + 7 * Math.sqrt(count / most)
    return html`<circle class="point-1" cx="${x.at(confidence ?? 0)}" cy="${y.at(accuracy ?? 0)}" r="${radius}" />`
  })
  const titles = html`<text x="${x.at(1) + 12}" y="${y.at(1) + 4}">${words.right}</text
    ><text x="${x.at(1)}" y="${size - 4}" text-anchor="end">${words.confident}</text>`
  return html`<svg role="img" aria-label="${description}" viewBox="0 0 ${WIDTH} ${size}">${axis}${ideal}${dots}${titles}</svg>`
}
