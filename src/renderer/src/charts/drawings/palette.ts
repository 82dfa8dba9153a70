import { colourOf } from '../line-options.ts'
import type { Palette } from './svg.ts'

/** The colours and letters that `host` has now, whichever theme is on. */
export function paletteOf(host: HTMLElement): Palette {
  const token = (name: string): string => colourOf(host, `--${name}`)
  return {
    text: token('text'),
    quiet: token('text-2'),
    hairline: token('hairline'),
    surface: token('surface'),
    accent: token('accent'),
    series: [1, 2, 3, 4, 5, 6].map((place) => token(`series-${place}`)),
    font: getComputedStyle(host).fontFamily
  }
}
