import type { TextEdit } from '../../rewrite.ts'
import { decoded, encoded, withAttributes, type XmlPiece } from './xml.ts'

/** Elements whose text a reader sees, in Word's own parts, in drawings, charts and formulas. */
const SEEN = new Set(['w:t', 'w:delText', 'w:instrText', 'w:delInstrText', 'a:t', 'c:v', 'm:t', 'wne:t', 'dgm:t'])
/** What divides words or lines without being text. */
const DIVIDES: Readonly<Record<string, string>> = {
  ...{ 'w:tab': '\t', 'w:ptab': '\t', 'w:br': '\n', 'w:cr': '\n', 'a:br': '\n', 'w:noBreakHyphen': '-' },
  ...{ 'w:p': '\n', '/w:p': '\n', '/a:p': '\n', '/c:pt': '\n', '/w:comment': '\n' }
}
/** Attributes that say something to a reader: descriptions of pictures, tips of links, names of fields. */
const SAYS = /^(?:(?:\w+:)?(?:descr|title|alt|tooltip)|o:title)$/i
/** Elements whose `w:val` is written by people. */
const WRITTEN = new Set(['w:docVar', 'w:alias', 'w:tag', 'w:connectString', 'w:query', 'w:udl', 'w:placeholder', 'w:default'])

/** Who wrote and when: one stands for all. */
const STAMPS: Readonly<Record<string, string>> = {
  ...{ author: 'Author', initials: 'A', userId: 'Author', providerId: 'None', lastEditedBy: 'Author' },
  ...{ date: '2000-01-01T00:00:00Z', dateUtc: '2000-01-01T00:00:00Z' }
}

/** Text of an archive's parts, put together so that it is searched as one, and where each piece of it stands. */
export class PartTexts {
  #text = ''
  readonly #places: {
    readonly part: string
    readonly piece: number
    readonly attribute: string | null
    readonly start: number
    readonly end: number
  }[] = []
  readonly #pieces = new Map<string, readonly XmlPiece[]>()

  get text(): string {
    return this.#text
  }

  /** `everything`: whether all text between tags is meant, as in data that were written by others. */
  add(part: string, pieces: readonly XmlPiece[], everything: boolean): void {
    this.#pieces.set(part, pieces)
    const open: string[] = []
    for (const [index, { kind, name, source }] of pieces.entries()) {
      if (kind === 'text' && (everything ? source.trim() !== '' : SEEN.has(open.at(-1) ?? '')))
        this.#put(part, index, null, decoded(source))
      if (kind !== 'tag') continue
      this.#text += DIVIDES[name] ?? (everything ? '\n' : '')
      if (name.startsWith('/')) open.pop()
      else if (!source.endsWith('/>')) open.push(name)
      if (!name.startsWith('/')) this.#attributes(part, index, source, name)
    }
    this.#text += '\n\n\n'
  }

  /** The parts with edits made, each as XML. What no edit touches stays as it was written. */
  edited(edits: readonly TextEdit[]): ReadonlyMap<string, string> {
    const sources = new Map([...this.#pieces].map(([part, pieces]) => [part, pieces.map(({ source }) => source)]))
    let from = 0
    const placed = new Set<TextEdit>()
    for (const place of this.#places) {
      while ((edits[from]?.end ?? Infinity) <= place.start) from++
      const mine: TextEdit[] = []
      for (let i = from; (edits[i]?.start ?? Infinity) < place.end; i++) mine.push(edits[i] as TextEdit) // Tested by the loop.
      const source = sources.get(place.part)
      if (mine.length > 0 && source) write(source, place, this.#after(place, mine, placed))
    }
    return new Map([...sources].map(([part, source]) => [part, source.map(stamped).join('')]))
  }

  #put(part: string, piece: number, attribute: string | null, text: string): void {
    this.#places.push({ part, piece, attribute, start: this.#text.length, end: this.#text.length + text.length })
    this.#text += text
  }

  #attributes(part: string, index: number, source: string, name: string): void {
    withAttributes(source, (attribute, value) => {
      if (value.trim() !== '' && (SAYS.test(attribute) || (attribute === 'w:val' && WRITTEN.has(name)))) {
        this.#text += '\n'
        this.#put(part, index, attribute, value)
        this.#text += '\n'
      }
      return null
    })
  }

  /** A piece of text after the edits that touch it; what an edit puts there stands in the first of the pieces that it covers. */
  #after(
    { start, end }: { readonly start: number; readonly end: number },
    edits: readonly TextEdit[],
    placed: Set<TextEdit>
  ): string {
    let [result, at] = ['', start]
    for (const edit of edits) {
      result += this.#text.slice(at, Math.max(at, edit.start))
      if (!placed.has(edit)) result += edit.text
      placed.add(edit)
      at = Math.min(end, Math.max(at, edit.end))
    }
    return result + this.#text.slice(at, end)
  }
}

function write(
  source: string[],
  { piece, attribute }: { readonly piece: number; readonly attribute: string | null },
  text: string
): void {
  if (attribute !== null) {
    source[piece] = withAttributes(source[piece] ?? '', (name) => (name === attribute ? text : null))
    return
  }
  source[piece] = encoded(text)
  const tag = source[piece - 1] ?? ''
  // Word drops blanks at the ends of a text that does not say otherwise.
  if (/^<w:(?:t|delText|instrText|delInstrText)[\s>]/.test(tag) && !tag.includes('xml:space'))
    source[piece - 1] = tag.replace(/>$/, ' xml:space="preserve">')
}

const stamped = (source: string): string =>
  source.startsWith('<') && !source.startsWith('<!')
    ? withAttributes(source, (name) => {
        const [prefix = '', own = ''] = name.split(':')
        return /^w(?:\d+\w*)?$/.test(prefix) && Object.hasOwn(STAMPS, own) ? (STAMPS[own] ?? null) : null
      })
    : source
