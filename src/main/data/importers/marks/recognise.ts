import { JsonItemScanner } from '../../source/json-items.ts'
import { headOf, roughText } from '../../source/head.ts'
import { doccano } from './doccano.ts'
import { itemIn } from './items.ts'
import { labelStudio } from './label-studio.ts'
import type { Item, MarksFormat } from './marks-format.ts'
import { prodigy } from './prodigy.ts'
import { spacy } from './spacy.ts'

/** The narrowest first: what Prodigy writes would pass for spaCy's. */
export const marksFormats: readonly MarksFormat[] = [labelStudio, prodigy, doccano, spacy]

/** As much of a file, and as many of its objects, as are looked at. */
const HEAD_BYTES = 4 << 20
const LOOKED_AT = 200

export type Layout = 'lines' | 'list'

/** The format of marks in a JSON file, by what its first objects hold; null where it is none that is known. Reads the beginning only. */
export async function recogniseMarks(
  path: string,
  layout: Layout,
  encoding?: string,
  signal?: AbortSignal
): Promise<MarksFormat | null> {
  const { bytes } = await headOf(path, HEAD_BYTES, signal)
  const items = itemsIn(roughText(bytes, encoding), layout)
  return marksFormats.find((format) => items.some((item) => format.recognises(item))) ?? null
}

function itemsIn(head: string, layout: Layout): readonly Item[] {
  const texts = layout === 'lines' ? head.split('\n', LOOKED_AT) : listed(head)
  return texts.map(itemIn).filter((item) => item !== null)
}

function listed(head: string): readonly string[] {
  const texts: string[] = []
  try {
    for (const { text } of new JsonItemScanner(HEAD_BYTES).push(head)) if (texts.push(text) === LOOKED_AT) break
  } catch {
    // What is broken is said when the file is read.
  }
  return texts
}
