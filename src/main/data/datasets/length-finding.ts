import type { Finding } from '../../../preload/contract/data.ts'
import { counted, harmless } from '../../base/wording.ts'

/** How a model reads what is longer than it reads at once; lengths in tokens. */
export interface ReadAtOnce {
  readonly name: string
  readonly maxLength: number
  readonly truncation: 'head' | 'head_tail' | 'windows'
  readonly stride: number
  readonly headShare: number
}

/** Of the texts that were looked at: how many are longer than what is read at once, their tokens, and what becomes of them. */
export interface MeasuredLengths {
  readonly looked: number
  readonly longer: number
  readonly tokens: number
  /** Tokens that are read nowhere. */
  readonly cut: number
  readonly windows: number
  /** Whether others were left out. */
  readonly isSample: boolean
}

interface Told {
  /** Rows of the table. */
  readonly rows: number
  readonly what: 'text' | 'pair' | 'question'
  /** Null where there was none to count by. */
  readonly model: ReadAtOnce | null
  readonly estimate: { readonly tokensAWord: number; readonly usualLength: number }
}

const NOUNS = {
  text: ['text', 'texts'],
  pair: ['pair of texts', 'pairs of texts'],
  question: ['question with its text', 'questions with their texts']
} as const

/** What should be known of long texts, as a finding; null where none is longer. */
export function lengthFinding(found: MeasuredLengths, told: Told): Finding | null {
  const { looked, longer, isSample } = found
  if (longer === 0) return null
  const { rows, model } = told
  const [one, many] = NOUNS[told.what]
  const are = `${counted(longer, `${one} is`, `${many} are`)} longer`
  const count = isSample
    ? `Of ${counted(looked, one, many)} looked at, spread over ${counted(rows, 'row')}, ${are} (${share(longer, looked)})`
    : `${are} (${share(longer, looked)})`
  const sentence =
    model === null
      ? `${count} than the ${told.estimate.usualLength} tokens that most models read at once. This is an estimate at ${told.estimate.tokensAWord} tokens a word: no model here says how much it reads.`
      : `${count} than the ${model.maxLength} tokens that ${harmless(model.name).slice(0, 60)} reads at once: ${fateOf(found, model)}.`
  const weight = model?.truncation === 'windows' ? 'fyi' : 'look'
  return { code: 'long-texts', sentence, rows: isSample ? 0 : longer, weight, hasRows: false, fixes: [] }
}

function fateOf({ longer, windows, cut, tokens }: MeasuredLengths, { truncation }: ReadAtOnce): string {
  const lost = `${share(cut, tokens)} of everything that is written`
  if (truncation === 'head') return `what stands behind is cut off, ${lost}`
  if (truncation === 'head_tail') return `their middle is cut out, ${lost}`
  return `${longer === 1 ? 'it is' : 'they are'} read in ${counted(windows, 'overlapping window')}, so that nothing is cut off`
}

function share(part: number, all: number): string {
  const percent = (100 * part) / Math.max(1, all)
  return percent > 0 && percent < 1 ? 'less than 1 %' : `${Math.round(percent)} %`
}
