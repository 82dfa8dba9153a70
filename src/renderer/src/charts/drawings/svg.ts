/** What a drawing is drawn with: the page's own colours and letters, written out, so that the file stands alone. */
export interface Palette {
  readonly text: string
  readonly quiet: string
  readonly hairline: string
  readonly surface: string
  readonly accent: string
  /** The six colours of series. */
  readonly series: readonly string[]
  readonly font: string
}

type Attributes = Readonly<Record<string, string | number | undefined>>

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** As XML 1.0 takes it: what it cannot hold at all (control characters, lone surrogates, non-characters) becomes U+FFFD. */
const escaped = (value: string): string =>
  value
    .toWellFormed()
    // eslint-disable-next-line no-control-regex -- these are the characters that XML forbids.
    .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '\uFFFD')
    .replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign)

/** One element; `children` are elements already. Numbers keep two decimals. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const shown = Object.entries(attributes).flatMap(([key, value]) => {
    if (value === undefined) return []
    return [` ${key}="${typeof value === 'number' ? String(Math.round(value * 100) / 100) : escaped(value)}"`]
  })
  return `<${name}${shown.join('')}>${children.join('')}</${name}>`
}

/** Written text; long names are cut to `most` characters. */
export function written(content: string, attributes: Attributes, most = Infinity): string {
  const letters = [...content]
  return element('text', attributes, escaped(letters.length > most ? `${letters.slice(0, most - 1).join('')}…` : content))
}

interface Sheet {
  readonly width: number
  readonly height: number
  readonly title: string
  /** One sentence that says what is drawn. */
  readonly description?: string
}

/** The whole file: paper, title and what is drawn. */
export function sheet({ width, height, title, description }: Sheet, palette: Palette, parts: readonly string[]): string {
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      'font-family': palette.font,
      'font-size': 12
    },
    element('title', {}, escaped(title)),
    ...(description === undefined ? [] : [element('desc', {}, escaped(description))]),
    element('rect', { width: '100%', height: '100%', fill: palette.surface }),
    written(title, { x: 16, y: 22, fill: palette.text, 'font-weight': 600, 'font-size': 13 }, 90),
    ...parts
  )
}

/**
 * At most `most` round values from `low` to `high`, the ends included where they are round: multiples of 1, 2, 2.5 or 5 times a power of ten.
 */
export function roundTicks(low: number, high: number, most = 5): readonly number[] {
  const span = high - low
  if (!(span > 0)) return [low]
  const power = 10 ** Math.floor(Math.log10(span / most))
  const step = [1, 2, 2.5, 5, 10, 20].map((times) => times * power).find((each) => span / each <= most - 1) ?? 20 * power
  const first = Math.ceil(low / step - 1e-9)
  const last = Math.floor(high / step + 1e-9)
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)))
}
