import { wordsIn } from '../data/datasets/column-stats.ts'
import { openRows } from '../data/datasets/rows-file.ts'
import type { MeasuredLengths, ReadAtOnce } from '../data/datasets/length-finding.ts'
import { loadTokenizer, type Tokenizer } from '../engine/text/tokenizer.ts'
import type { BuildOptions } from '../engine/text/sequences.ts'

export interface LengthsInput {
  /** The rows as they lie for paging. */
  readonly rowsPath: string
  readonly rows: number
  /** Columns, counted from 0: the text, and what is read with it; null where there is none. */
  readonly text: number
  readonly beside: number | null
  /** What is asked of every text alike; null where nothing is. */
  readonly question: string | null
  readonly isAsked: boolean
  /** Null where there is no model: then words are counted. */
  readonly model: (ReadAtOnce & { readonly folder: string }) | null
}

/** Rows that are looked at, in blocks spread over the table, and characters. A million letters would take minutes. */
const BLOCK = 100
const MOST_BLOCKS = 100
const MOST_CHARACTERS = 20e6
/** Blocks are visited far from each other, so that whenever the characters are used up they are spread over the table. Shares no divisor with any count up to 100 but 61 itself. */
const STEP = 61
/** WordPiece in English: what BERT's vocabulary makes of a word of a letter. An estimate. */
export const TOKENS_A_WORD = 1.4
/** What most models read at once. */
export const USUAL_LENGTH = 512

/** How many texts are longer than what a model reads at once, and what becomes of them. `onRows`: how many were looked at. */
export async function measureLengths(input: LengthsInput, onRows: (done: number) => void): Promise<MeasuredLengths> {
  const measure = input.model === null ? measureWords : await tokenMeasure(input, input.model)
  const found = { looked: 0, longer: 0, tokens: 0, cut: 0, windows: 0 }
  let [characters, visited] = [0, 0]
  const reader = await openRows(input.rowsPath)
  try {
    for (const from of blocksOf(input.rows)) {
      const rows = await reader.read(from, BLOCK)
      const pairs = rows
        .map(({ cells }): Pair => [cells[input.text] ?? '', besideOf(input, cells)])
        .filter(([text]) => text.trim() !== '')
      for (const { tokens, cut, windows } of await measure(pairs)) {
        found.looked++
        found.tokens += tokens
        found.cut += cut
        if (cut === 0 && windows < 2) continue
        found.longer++
        found.windows += windows
      }
      visited++
      onRows(found.looked)
      characters += pairs.reduce((sum, [text]) => sum + text.length, 0)
      if (characters > MOST_CHARACTERS) break
    }
  } finally {
    await reader.close()
  }
  return { ...found, isSample: visited < Math.ceil(input.rows / BLOCK) }
}

/** A text, and what is read with it. */
type Pair = readonly [text: string, beside: string | null]

interface Measured {
  readonly tokens: number
  readonly cut: number
  readonly windows: number
}

type Measure = (pairs: readonly Pair[]) => Promise<readonly Measured[]>

const besideOf = ({ beside, question }: LengthsInput, cells: readonly string[]): string | null =>
  question ?? (beside === null ? null : (cells[beside] ?? ''))

/** Where blocks begin, far from each other one after the other. All of them where there are few. */
export function blocksOf(rows: number): readonly number[] {
  const all = Math.ceil(rows / BLOCK)
  const count = Math.min(all, MOST_BLOCKS)
  const order = Array.from({ length: count }, (_, i) => (count === STEP ? i : (i * STEP) % count))
  return order.map((i) => BLOCK * Math.floor((i * all) / count))
}

/** Questions stand before their texts, and are repeated in every window. */
async function tokenMeasure({ isAsked }: LengthsInput, model: ReadAtOnce & { readonly folder: string }): Promise<Measure> {
  const tokenizer = await loadTokenizer(model.folder)
  const { maxLength, truncation, stride, headShare } = model
  const options: BuildOptions = { maxLength, truncation, stride, headShare, slides: isAsked ? 'second' : 'longer' }
  return async (pairs) => {
    const isPair = pairs.some(([, beside]) => beside !== null)
    const [texts, besides] = [pairs.map(([text]) => text), isPair ? pairs.map(([, beside]) => beside ?? '') : null]
    const encoded = isAsked && besides ? await tokenizer.encode(besides, texts) : await tokenizer.encode(texts, besides)
    return encoded.map(({ a, b }) => measured(tokenizer, a, b, options))
  }
}

function measured(tokenizer: Tokenizer, a: Int32Array, b: Int32Array | null, options: BuildOptions): Measured {
  const { sequences, truncatedTokens: cut } = tokenizer.build(a, b, options)
  return { tokens: a.length + (b?.length ?? 0), cut, windows: sequences.length }
}

const measureWords: Measure = async (pairs) =>
  pairs.map(([text, beside]) => {
    const tokens = Math.round(TOKENS_A_WORD * (wordsIn(text) + wordsIn(beside ?? '')))
    return { tokens, cut: Math.max(0, tokens - USUAL_LENGTH), windows: 1 }
  })
