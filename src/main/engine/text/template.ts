import type { Encoding, Tokenizer as NativeTokenizer } from '@anush008/tokenizers'
import { InputError } from '../../base/errors.ts'

/** One part of how texts are wrapped: a special token, or the place of a text. */
export type TemplatePiece =
  | { readonly kind: 'special'; readonly id: number; readonly typeId: number }
  | { readonly kind: 'text'; readonly of: 'a' | 'b'; readonly typeId: number }

/** How one text and a pair of texts are wrapped. `pair` is null where the tokenizer has no form for pairs. */
export interface Template {
  readonly single: readonly TemplatePiece[]
  readonly pair: readonly TemplatePiece[] | null
}

const PROBES = ['a', 'the', '1', '.', 'e', 'あ', 'я', 'x y z']

/** The number of special tokens in a form. */
export function specialsIn(pieces: readonly TemplatePiece[]): number {
  return pieces.filter((piece) => piece.kind === 'special').length
}

/** Finds the forms by wrapping a short text and looking where its tokens went. `file` is named in messages. */
export async function probeTemplate(native: NativeTokenizer, file: string): Promise<Template> {
  for (const probe of PROBES) {
    const content = (await native.encode(probe, null, { addSpecialTokens: false })).getIds()
    if (content.length === 0) continue
    const single = piecesOf(await native.encode(probe), content)
    if (single === null || !single.some((piece) => piece.kind === 'text' && piece.of === 'a')) break
    const pair = piecesOf(await native.encode(probe, probe), content)
    const isWhole = pair !== null && pair.filter((piece) => piece.kind === 'text').length === 2
    return { single, pair: isWhole ? pair : null }
  }
  const message = 'This tokenizer wraps texts in a way that is not supported: its post-processor drops or repeats the text.'
  throw new InputError('tokenizer-template', message, { file, key: 'post_processor' })
}

/** The form seen in `encoding`, in which each text must be `content`, whole and once; else null. */
function piecesOf(encoding: Encoding, content: readonly number[]): TemplatePiece[] | null {
  const ids = encoding.getIds()
  const typeIds = encoding.getTypeIds()
  const sequences = encoding.getSequenceIds()
  const pieces: TemplatePiece[] = []
  const seen = new Set<number>()
  for (let at = 0; at < ids.length;) {
    const sequence = sequences[at] ?? null
    const typeId = typeIds[at] ?? 0
    if (sequence === null) {
      pieces.push({ kind: 'special', id: ids[at] ?? 0, typeId })
      at++
      continue
    }
    const start = at
    const isSame = content.every((id, i) => ids[start + i] === id && sequences[start + i] === sequence)
    if (!isSame || seen.has(sequence)) return null
    seen.add(sequence)
    pieces.push({ kind: 'text', of: sequence === 0 ? 'a' : 'b', typeId })
    at += content.length
  }
  return pieces
}
