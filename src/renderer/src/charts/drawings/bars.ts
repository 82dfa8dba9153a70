import type { Bin } from '../../../../preload/contract/data.ts'
import { count, percent } from '../../lib/format.ts'
import { element, roundTicks, sheet, written, type Palette } from './svg.ts'

const WIDTH = 560
const TOP = 40

interface BarsDrawing {
  readonly title: string
  readonly description: string
  readonly bars: readonly { readonly name: string; readonly value: number }[]
}

/** Counts by name as lying bars that start at zero, each with its number and share. */
export function barsDrawing({ title, description, bars }: BarsDrawing, palette: Palette): string {
  const [left, length, row] = [190, 260, 22]
  const most = Math.max(1, ...bars.map(({ value }) => value))
  const sum = Math.max(
    1,
    bars.reduce((total, { value }) => total + value, 0)
  )
  const parts = bars.flatMap(({ name, value }, index) => {
    const y = TOP + row * index
    return [
      written(name, { x: left - 10, y: y + 14, fill: palette.text, 'text-anchor': 'end' }, 28),
      element('rect', { x: left, y: y + 4, width: (length * value) / most, height: 12, fill: palette.series[0] }),
      written(`${count(value)} (${percent(value / sum)})`, {
        x: left + (length * value) / most + 8,
        y: y + 14,
        fill: palette.quiet
      })
    ]
  })
  return sheet({ width: WIDTH, height: TOP + row * bars.length + 16, title, description }, palette, parts)
}

interface HistogramDrawing {
  readonly title: string
  readonly description: string
  /** Beneath the x axis. */
  readonly xTitle: string
  readonly bins: readonly Bin[]
  readonly edge: (value: number) => string
}

/** Counts by range as standing bars that start at zero. */
export function histogramDrawing({ title, description, xTitle, bins, edge }: HistogramDrawing, palette: Palette): string {
  const [left, right, bottom] = [64, WIDTH - 24, 260]
  const ticks = roundTicks(0, Math.max(1, ...bins.map((bin) => bin.count))).filter((tick) => Number.isInteger(tick))
  const most = Math.max(ticks.at(-1) ?? 1, ...bins.map((bin) => bin.count))
  const y = (value: number): number => bottom - ((bottom - TOP) * value) / most
  const slot = (right - left) / Math.max(1, bins.length)
  const quiet = { fill: palette.quiet }
  // Not every edge has room.
  const every = Math.max(1, Math.ceil(bins.length / 6))
  const edges = [...bins.map(({ from }) => from), ...bins.slice(-1).map(({ to }) => to)]
  return sheet({ width: WIDTH, height: bottom + 52, title, description }, palette, [
    ...ticks.flatMap((tick) => [
      element('line', { x1: left, x2: right, y1: y(tick), y2: y(tick), stroke: palette.hairline }),
      written(count(tick), { x: left - 8, y: y(tick) + 4, 'text-anchor': 'end', ...quiet })
    ]),
    ...bins.map((bin, index) =>
      element('rect', {
        x: left + slot * index + 0.5,
        y: y(bin.count),
        width: Math.max(0.5, slot - 1),
        height: bottom - y(bin.count),
        fill: palette.series[0]
      })
    ),
    ...edges.flatMap((value, index) =>
      index % every === 0
        ? [written(edge(value), { x: left + slot * index, y: bottom + 18, 'text-anchor': 'middle', ...quiet })]
        : []
    ),
    written(xTitle, { x: (left + right) / 2, y: bottom + 40, 'text-anchor': 'middle', ...quiet })
  ])
}
