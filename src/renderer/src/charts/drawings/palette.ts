import { coloursOf } from '../line-options.ts'
import type { Palette } from './svg.ts'

const SERIES = [1, 2, 3, 4, 5, 6].map((place) => `--series-${place}`)

/** The colours and letters that `host` has now, whichever theme is on. */
export function paletteOf(host: HTMLElement): Palette {
  const [text = '', quiet = '', hairline = '', surface = '', accent = '', ...series] = coloursOf(host, [
    ...['--text', '--text-2', '--hairline', '--surface', '--accent'],
    ...SERIES
  ])
  return { text, quiet, hairline, surface, accent, series, font: getComputedStyle(host).fontFamily }
}
