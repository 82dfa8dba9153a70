/** Names that Windows keeps for devices, whatever their ending. */
const reserved = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])$/iu
/** What some system forbids in a name. */
const forbidden = /[<>:"/\\|?*]/gu
/** Control characters, what turns the direction of writing around, and other characters without a shape. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\u2028\u2029]/gu
/** UTF-8 bytes in a name, with room for the mark that a system adds to a copy. */
const MOST_BYTES = 200

const bytesOf = (text: string): number => Buffer.byteLength(text, 'utf8')

/**
 * A name that every system can give to a file, as like `name` as can be: without folders, unseen characters and device names, the ending
 * kept. `fallback` where nothing is left.
 */
export function safeFileName(name: string, fallback = 'file'): string {
  const last = name.replace(/^.*[\\/]/su, '')
  const plain = last
    .replace(unseen, '')
    .replace(forbidden, '_')
    .trim()
    .replace(/[. ]+$/u, '')
  const { stem, ending } = parts(plain === '' ? fallback : plain)
  const [device = ''] = stem.split('.')
  return cut(reserved.test(device.trim()) ? `_${stem}` : stem, MOST_BYTES - bytesOf(ending)) + ending
}

function parts(name: string): { readonly stem: string; readonly ending: string } {
  const ending = /(?<=.)\.[\p{L}\p{N}_-]{1,16}$/u.exec(name)?.[0] ?? ''
  return { stem: name.slice(0, name.length - ending.length), ending }
}

/** The longest beginning of whole characters that fits. */
function cut(text: string, most: number): string {
  let kept = ''
  for (const character of text) {
    if (bytesOf(kept) + bytesOf(character) > most) break
    kept += character
  }
  return kept
}
