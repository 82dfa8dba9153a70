/** A piece of text on a page, as pdf.js gives it. */
export interface TextPiece {
  readonly str: string
  /** The matrix that places it: the last two numbers are where it begins, in points from the lower left. */
  readonly transform: readonly number[]
  readonly height: number
  readonly hasEOL: boolean
}

/**
 * The text of a page. pdf.js tells where lines end; a gap of nearly two lines is a new paragraph. A word that was divided at the end of a
 * line is put together where the next line goes on in small letters.
 */
export function pageText(pieces: readonly TextPiece[]): string {
  const lines: Line[] = []
  let text = ''
  let place: { readonly y: number; readonly height: number } | null = null
  const end = (): void => {
    if (text.trim() !== '' && place) lines.push({ text: text.trim(), ...place })
    text = ''
    place = null
  }
  for (const { str, transform, height, hasEOL } of pieces) {
    if (str !== '') place ??= { y: transform[5] ?? 0, height }
    text += str
    if (hasEOL) end()
  }
  end()
  return lines.map((line, i) => `${breakBefore(line, lines[i - 1])}${line.text}`).join('')
}

interface Line {
  readonly text: string
  readonly y: number
  readonly height: number
}

function breakBefore({ y, height }: Line, before: Line | undefined): string {
  if (!before) return ''
  return Math.abs(before.y - y) > 1.8 * Math.max(before.height, height, 1) ? '\n\n' : '\n'
}

/** A letter and a hyphen at the end of a line whose next line begins with a small letter; or a soft hyphen. */
const DIVIDED = /(?<=\p{L})(?:-\n(?=\p{Ll})|\u00ad\n?)/gu

/** Puts words together that were divided at the ends of lines. */
export const undivided = (text: string): string => text.replace(DIVIDED, '')
