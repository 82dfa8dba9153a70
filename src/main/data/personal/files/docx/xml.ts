/** A piece of XML: a tag, text between tags, or what is neither (comments, instructions). */
export interface XmlPiece {
  readonly kind: 'tag' | 'text' | 'other'
  readonly source: string
  /** With its prefix; that of an end tag begins with `/`. Empty for what is no tag. */
  readonly name: string
}

const PIECE =
  /(<!--[\s\S]*?-->|<\?[\s\S]*?\?>)|<(\/?[^\s"'<>/=!?]+)(?:\s+[^\s"'<>/=]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*\/?>|<!\[CDATA\[[\s\S]*?\]\]>|[^<]+/g

/** The pieces of an XML document, one after the other; null where it is not well formed, or declares anything of its own. */
export function xmlPieces(xml: string): readonly XmlPiece[] | null {
  const pieces: XmlPiece[] = []
  let at = 0
  for (const match of xml.matchAll(PIECE)) {
    const [source, other, name = ''] = match
    if (match.index !== at) return null
    at += source.length
    pieces.push({ kind: other !== undefined ? 'other' : name === '' ? 'text' : 'tag', source, name })
  }
  return at === xml.length ? pieces : null
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** What a piece of text or an attribute's value says. */
export function decoded(source: string): string {
  if (source.startsWith('<![CDATA[')) return source.slice(9, -3)
  if (!source.includes('&')) return source
  return source.replace(
    /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{1,10}));/gi,
    (all, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return ENTITIES[name] ?? all
      const point = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
      return point <= 0x10ffff ? String.fromCodePoint(point) : all
    }
  )
}

/** What XML cannot hold. */
// eslint-disable-next-line no-control-regex -- control characters are exactly what has to go
const UNFIT = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g

/** Text as XML writes it, between tags and in attributes. */
export const encoded = (text: string): string =>
  text
    .toWellFormed()
    .replace(UNFIT, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')

const ATTRIBUTE = /(\s)([^\s"'<>/=]+)(\s*=\s*)("[^"<]*"|'[^'<]*')/g

/** A tag with the values of some attributes changed; `change` answers null for those that stay. */
export function withAttributes(tag: string, change: (name: string, value: string) => string | null): string {
  return tag.replace(ATTRIBUTE, (all, gap: string, name: string, equals: string, quotedValue: string) => {
    const next = change(name, decoded(quotedValue.slice(1, -1)))
    return next === null ? all : `${gap}${name}${equals}"${encoded(next)}"`
  })
}
