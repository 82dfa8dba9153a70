import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  bertNormalizer,
  bertPreTokenizer,
  BPE,
  Tokenizer as NativeTokenizer,
  whitespaceSplitPreTokenizer
} from '@anush008/tokenizers'
import { InputError } from '../../base/errors.ts'
import { writeFile } from '../../base/sealed/fs.ts'
import { isJsonObject, listAt, parseJsonObject, readTextFile } from './json.ts'
import { wordPieceDefinition } from './legacy-vocabulary.ts'

export interface TrainWordPieceOptions {
  /** Tokens in the vocabulary, the five special ones included. */
  readonly vocabularySize: number
  /** A piece is made only where it stands at least so often in the texts. 2 by default. */
  readonly minFrequency?: number
  /** Whether to lower-case texts (and strip accents, as BERT does with it). True by default. */
  readonly lowercase?: boolean
}

const SPECIAL_TOKENS = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]']
// The library's trainer cannot be told a size: its own limit.
const MOST_TOKENS = 30_000
const MAX_WORD_CHARACTERS = 100
// Private-use plane 15: a word's first character is moved here, so that it differs from the same character inside a word.
const FIRST_CHARACTERS = 0xf0000
const TRAINER_FILE_LIMIT = 64 * 2 ** 20

/**
 * Trains a WordPiece vocabulary and returns it as a tokenizer.json in BERT's form, with [PAD] [UNK] [CLS] [SEP] [MASK] as ids 0-4.
 * The same texts give the same file, whatever their order.
 *
 * The library's WordPiece trainer numbers pieces in the order of a randomly seeded hash table, so two trainings differ. Its BPE trainer
 * does not, and is the same algorithm but for the mark on pieces inside a word; so the words go to that one with their first character
 * replaced by a private one, and the marks are put on afterwards.
 */
export async function trainWordPiece(texts: Iterable<string>, options: TrainWordPieceOptions): Promise<string> {
  const { vocabularySize, minFrequency = 2, lowercase = true } = options
  const words = countWords(texts, lowercase)
  if (words.size === 0) throw new InputError('vocabulary-no-text', 'There are no words to train a vocabulary on.')
  const alphabet = new Alphabet(words.keys())
  const characters = [...alphabet.first, ...alphabet.inner.map((c) => `##${c}`)]
  const base = [...SPECIAL_TOKENS, ...characters]
  if (vocabularySize < base.length || vocabularySize > MOST_TOKENS) {
    const message = `A vocabulary of ${vocabularySize} tokens cannot be trained on these texts: choose from ${base.length} to ${MOST_TOKENS}.`
    throw new InputError('vocabulary-size', message, { key: 'vocabularySize' })
  }
  const marked = new Map([...words].map(([word, count]) => [alphabet.mark(word), count]))
  const merges = await trainMerges(marked)
  const kept = merges.slice(0, frequentMerges(merges, marked, minFrequency))
  const tokens = new Set(base)
  for (const [left, right] of kept) if (tokens.size < vocabularySize) tokens.add(alphabet.unmark(left + right))
  const vocabulary = new Map([...tokens].map((token, id) => [token, id]))
  const definition = wordPieceDefinition({ vocabulary, settings: { do_lower_case: lowercase }, file: 'tokenizer.json' })
  return `${JSON.stringify(definition, null, 1)}\n`
}

/** Words as BERT's normaliser and pre-tokenizer make them, with their counts, sorted. */
function countWords(texts: Iterable<string>, lowercase: boolean): Map<string, number> {
  const normalizer = bertNormalizer({ lowercase })
  const preTokenizer = bertPreTokenizer()
  const counts = new Map<string, number>()
  for (const text of texts) {
    for (const [word] of preTokenizer.preTokenizeString(normalizer.normalizeString(text.toWellFormed()))) {
      const isPlain = word.length <= MAX_WORD_CHARACTERS && !/[\u{F0000}-\u{10FFFF}]/u.test(word)
      if (isPlain) counts.set(word, (counts.get(word) ?? 0) + 1)
    }
  }
  return new Map([...counts].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** The characters that begin words and those inside them, each sorted by code point, and the moving of the former. */
class Alphabet {
  readonly first: readonly string[]
  readonly inner: readonly string[]
  readonly #marks: ReadonlyMap<string, string>

  constructor(words: Iterable<string>) {
    const first = new Set<string>()
    const inner = new Set<string>()
    for (const word of words) {
      let isFirst = true
      for (const character of word) {
        if (isFirst) first.add(character)
        else inner.add(character)
        isFirst = false
      }
    }
    const byCodePoint = (a: string, b: string): number => (a.codePointAt(0) ?? 0) - (b.codePointAt(0) ?? 0)
    this.first = [...first].sort(byCodePoint)
    this.inner = [...inner].sort(byCodePoint)
    this.#marks = new Map(this.first.map((character, i) => [character, String.fromCodePoint(FIRST_CHARACTERS + i)]))
  }

  mark(word: string): string {
    const [first = '', ...rest] = word
    return (this.#marks.get(first) ?? first) + rest.join('')
  }

  unmark(piece: string): string {
    const index = (piece.codePointAt(0) ?? 0) - FIRST_CHARACTERS
    return index < 0 ? `##${piece}` : (this.first[index] ?? '') + piece.slice(2)
  }
}

type Merge = readonly [left: string, right: string]

/** The merges that the library's byte-pair trainer makes of words, in its order. */
async function trainMerges(words: ReadonlyMap<string, number>): Promise<Merge[]> {
  const folder = await mkdtemp(join(tmpdir(), 'attune-vocabulary-'))
  try {
    const corpus = join(folder, 'words.txt')
    const lines = [...words].map(([word, count]) => `${Array.from({ length: count }, () => word).join(' ')}\n`)
    await writeFile(corpus, lines.join(''), { mode: 0o600 })
    const trainer = new NativeTokenizer(BPE.empty())
    trainer.setPreTokenizer(whitespaceSplitPreTokenizer())
    trainer.train([corpus])
    const result = join(folder, 'merges.json')
    trainer.save(result)
    const trained = parseJsonObject((await readTextFile(result, TRAINER_FILE_LIMIT)) ?? '', result)
    const merges = isJsonObject(trained['model']) ? listAt(trained['model'], 'merges') : []
    return merges.map((merge) => {
      const pieces: readonly unknown[] = Array.isArray(merge) ? merge : String(merge).split(' ')
      return [String(pieces[0]), String(pieces[1])]
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** How many merges come before the first that is made fewer than `minFrequency` times: the merges are replayed on every word. */
function frequentMerges(merges: readonly Merge[], words: ReadonlyMap<string, number>, minFrequency: number): number {
  const ranks = new Map(merges.map(([left, right], rank) => [`${left} ${right}`, rank]))
  const counts = new Float64Array(merges.length)
  for (const [word, count] of words) {
    const pieces = [...word]
    for (;;) {
      let best = Infinity
      for (let i = 0; i + 1 < pieces.length; i++) best = Math.min(best, ranks.get(`${pieces[i]} ${pieces[i + 1]}`) ?? Infinity)
      if (best === Infinity) break
      for (let i = 0; i + 1 < pieces.length; i++) {
        if (ranks.get(`${pieces[i]} ${pieces[i + 1]}`) !== best) continue
        pieces.splice(i, 2, `${pieces[i]}${pieces[i + 1]}`)
        counts[best] = (counts[best] ?? 0) + count
      }
    }
  }
  const rare = counts.findIndex((count) => count < minFrequency)
  return rare < 0 ? merges.length : rare
}
