/** Elements whose content nobody reads. */
const UNSEEN = new Set(['script', 'style', 'head', 'title', 'template', 'noscript'])
/** Elements that begin and end a line. */
const BLOCKS = new Set(
  'address article blockquote br dd div dl dt footer form h1 h2 h3 h4 h5 h6 header hr li ol p pre section table tr ul'.split(' ')
)

const NAMED: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', shy: '', hellip: '…', ndash: '–', mdash: '—' },
  ...{ lsquo: '‘', rsquo: '’', ldquo: '“', rdquo: '”', bdquo: '„', laquo: '«', raquo: '»', bull: '•', middot: '·' },
  ...{ auml: 'ä', ouml: 'ö', uuml: 'ü', Auml: 'Ä', Ouml: 'Ö', Uuml: 'Ü', szlig: 'ß', euro: '€', deg: '°', sect: '§' },
  ...{ eacute: 'é', egrave: 'è', ecirc: 'ê', agrave: 'à', acirc: 'â', ccedil: 'ç', ntilde: 'ñ', copy: '©', reg: '®' }
}

/** The words of an HTML page, one line for each block. Nothing of it is run or fetched. */
export function htmlText(html: string): string {
  const pieces: string[] = []
  let hidden: string | null = null
  // One pass over tags and what stands between them; a tag that never ends is text.
  for (const [, comment, closing, name, text] of html.matchAll(
    /(<!--[^]*?(?:-->|$))|<(\/?)([A-Za-z][A-Za-z0-9]*)[^<>]*>|([^<]+|<)/g
  )) {
    if (comment !== undefined) continue
    if (name !== undefined) {
      const tag = name.toLowerCase()
      if (hidden === null && closing === '' && UNSEEN.has(tag)) hidden = tag
      else if (hidden === tag && closing === '/') hidden = null
      if (tag === 'td' || tag === 'th') pieces.push('\t')
      else if (BLOCKS.has(tag)) pieces.push('\n')
    } else if (hidden === null) pieces.push(decoded((text ?? '').replace(/[\s\u00a0]+/g, ' ')))
  }
  return pieces
    .join('')
    .split('\n')
    .map((line) =>
      line
        .replace(/[ \t]*\t[ \t]*/g, '\t')
        .replace(/ {2,}/g, ' ')
        .trim()
    )
    .join('\n')
}

const decoded = (text: string): string =>
  text.replace(/&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z]{2,8}));/g, (whole, decimal, hex, name) => {
    if (typeof name === 'string') return NAMED[name] ?? whole
    const code = typeof hex === 'string' ? parseInt(hex, 16) : Number(decimal)
    return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : ''
  })
