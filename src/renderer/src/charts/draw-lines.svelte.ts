import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { inTurn } from '../lib/turns.ts'
import type { Line } from './line.ts'
import { chartOptions } from './line-options.ts'

interface Drawn {
  readonly link: string
  readonly lines: () => readonly Line[]
  /** The x axis, whatever points there are. */
  readonly range: () => readonly [number, number]
  readonly data: () => uPlot.AlignedData
}

/** Whether a chart was drawn in this page: the first one compiles and measures much. */
let isWarm = false

/** Draws lines into an element, once a frame at most and one chart a frame, and goes on as points come, until what it returns is called. Only in an effect or attachment. */
export function drawLines(host: HTMLElement, { link, lines, range, data }: Drawn): () => void {
  let newest: uPlot.AlignedData = [[]]
  let built: uPlot | undefined
  let begin = (): void => undefined
  let plot: uPlot | undefined
  function build(): void {
    const { clientWidth: width, clientHeight: height } = host
    built = new uPlot(chartOptions({ host, lines, width, height, link, range }), newest, (self, init) => {
      host.append(self.root)
      begin = init as () => void // uPlot's types say no more than that it is a function.
    })
  }
  const turn = inTurn(() => {
    if (!built) {
      build()
      // The first is built in one turn, and drawn in another.
      if (!isWarm) return turn.ask()
    }
    if (!plot) begin()
    isWarm = true
    plot = built
    plot?.setData(newest)
  })
  const observer = new ResizeObserver(() => {
    const { clientWidth: width, clientHeight: height } = host
    if (plot && (plot.width !== width || plot.height !== height)) plot.setSize({ width, height })
  })
  observer.observe(host)
  $effect(() => {
    // Another extent is drawn with the same points.
    range()
    newest = data()
    turn.ask()
  })
  return () => {
    turn.leave()
    observer.disconnect()
    built?.destroy()
  }
}
