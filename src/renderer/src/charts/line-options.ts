import uPlot from 'uplot'
import { significant } from '../lib/format.ts'
import { DASHES, type Line } from './line.ts'

/** Tokens' colours as the canvas wants them, whichever theme or forced palette is on. Read of one element, so that the page's styles are worked out once. */
export function coloursOf(host: HTMLElement, tokens: readonly string[]): string[] {
  const probe = document.createElement('span')
  for (const token of tokens) probe.appendChild(document.createElement('i')).style.color = `var(${token})`
  host.append(probe)
  const colours = Array.from(probe.children, (each) => getComputedStyle(each).color)
  probe.remove()
  return colours
}

/** The lines on one ascending x axis, with nulls where a line has no point. */
export function aligned(lines: readonly Line[]): uPlot.AlignedData {
  const tables = lines.filter(({ step }) => step.length > 0).map(({ step, value }): uPlot.AlignedData => [[...step], [...value]])
  return tables.length === 0 ? [[], ...lines.map(() => [])] : joined(lines, tables)
}

function joined(lines: readonly Line[], tables: uPlot.AlignedData[]): uPlot.AlignedData {
  const together = uPlot.join(tables)
  let next = 1
  const xs = [...together[0]]
  const columns = lines.map(({ step }) => (step.length === 0 ? xs.map(() => null) : [...together[next++]!]))
  return [xs, ...columns]
}

interface Setting {
  readonly host: HTMLElement
  /** The newest: the names at the ends are drawn from them again and again. */
  readonly lines: () => readonly Line[]
  readonly width: number
  readonly height: number
  /** Charts of one key share their cursor. */
  readonly link: string
  readonly range: () => readonly [number, number]
}

export function chartOptions({ host, lines, width, height, link, range }: Setting): uPlot.Options {
  const series = lines().map(({ colour }) => `--series-${(colour % 6) + 1}`)
  const [text = '', hairline = '', surface = '', ...colours] = coloursOf(host, ['--text-2', '--hairline', '--surface', ...series])
  const font = `12px ${getComputedStyle(host).fontFamily}`
  const axis = { stroke: text, font, ticks: { show: false } }
  return {
    width,
    height,
    padding: [10, 92, 0, 0],
    legend: { show: false },
    cursor: { sync: { key: link }, drag: { x: false, y: false }, points: { size: 7 } },
    scales: { x: { time: false, range: () => [...range()] as [number, number] } },
    axes: [
      { ...axis, size: 26, space: 80, grid: { show: false }, border: { show: true, stroke: hairline, width: 1 } },
      {
        ...axis,
        size: 52,
        space: 26,
        grid: { stroke: hairline, width: 1 },
        values: (_plot, ticks) => ticks.map((tick) => significant(tick))
      }
    ],
    series: [{}, ...lines().map((line, index) => seriesOf(line, colours[index] ?? text, surface))],
    hooks: { draw: [(plot) => drawEnds(plot, lines(), colours, font)] }
  }
}

function seriesOf({ marker, label, colour }: Line, stroke: string, surface: string): uPlot.Series {
  return {
    label,
    stroke,
    width: 1.5,
    dash: [...(DASHES[colour % DASHES.length] ?? [])],
    spanGaps: true,
    points: { show: marker === true, size: 7, stroke, fill: surface, width: 1.5 }
  }
}

/** Writes each line's name and latest value at its end; names that would overlap move apart. */
function drawEnds(plot: uPlot, lines: readonly Line[], colours: readonly string[], font: string): void {
  const ratio = devicePixelRatio
  const ends = lines
    .flatMap(({ label, step, value }, index) => {
      const [x, y] = [step.at(-1), value.at(-1)]
      if (x === undefined || y === undefined) return []
      return [
        {
          x: plot.valToPos(x, 'x', true),
          y: plot.valToPos(y, 'y', true),
          text: `${label} ${significant(y)}`,
          colour: colours[index] ?? ''
        }
      ]
    })
    .toSorted((a, b) => a.y - b.y)
  const { ctx } = plot
  ctx.save()
  ctx.font = font.replace('12px', `${12 * ratio}px`)
  ctx.textBaseline = 'middle'
  ctx.textAlign = 'left'
  let floor = -Infinity
  for (const { x, y, text, colour } of ends) {
    const at = Math.max(y, floor + 14 * ratio)
    floor = at
    ctx.fillStyle = colour
    ctx.fillText(text, x + 6 * ratio, at)
  }
  ctx.restore()
}
