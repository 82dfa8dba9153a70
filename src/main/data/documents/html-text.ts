import { finished } from 'node:stream/promises'
import { SAXParser, type StartTag } from 'parse5-sax-parser'

/** Elements whose content nobody reads. */
const UNSEEN = new Set(['script', 'style', 'head', 'title', 'template', 'noscript', 'iframe', 'object', 'svg', 'math', 'select'])
/** Elements that begin and end a line. */
const BLOCKS = new Set(
  'address article aside blockquote body br center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tr ul'.split(
    ' '
  )
)
const HIDDEN = /(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)/i
/** Elements that have no end. */
const VOID = new Set('area base br col embed hr img input link meta source track wbr'.split(' '))

/**
 * The words of an HTML page, one line for each block, read as a browser's parser cuts it into tags (parse5, WHATWG HTML). Nothing of it is run, fetched or
 * followed, and no tree is built: time and memory grow with the length alone.
 */
export async function htmlText(page: string): Promise<string> {
  const pieces: string[] = []
  /** The element whose content is not seen, and how deep it stands in others of its name. */
  let hidden: { readonly name: string; depth: number } | null = null
  let pre = 0
  const edge = (name: string): void => {
    if (name === 'td' || name === 'th') pieces.push('\t')
    else if (BLOCKS.has(name)) pieces.push('\n')
  }
  const parser = new SAXParser()
  parser.on('startTag', ({ tagName, attrs, selfClosing }: StartTag) => {
    if (hidden?.name === tagName) hidden.depth++
    if (hidden !== null || VOID.has(tagName) || selfClosing) {
      if (hidden === null) edge(tagName)
      return
    }
    const isHidden = attrs.some(({ name, value }) => name === 'hidden' || (name === 'style' && HIDDEN.test(value)))
    if (UNSEEN.has(tagName) || isHidden) hidden = { name: tagName, depth: 1 }
    edge(tagName)
    if (tagName === 'pre') pre++
  })
  parser.on('endTag', ({ tagName }) => {
    if (hidden !== null) {
      if (hidden.name !== tagName || --hidden.depth > 0) return
      hidden = null
    } else if (tagName === 'pre') pre = Math.max(0, pre - 1)
    edge(tagName)
  })
  parser.on('text', ({ text }) => {
    if (hidden === null) pieces.push(pre > 0 ? text : text.replace(/[\s\u00a0]+/g, ' '))
  })
  parser.resume()
  parser.end(page)
  await finished(parser)
  return tidyLines(pieces.join(''))
}

const tidyLines = (text: string): string =>
  text
    .split('\n')
    .map((line) =>
      line
        .replace(/[ \t]*\t[ \t]*/g, '\t')
        .replace(/ {2,}/g, ' ')
        .trim()
    )
    .join('\n')
