import type { AnswererId } from '../../../../preload/contract/common.ts'
import type { Answer } from '../../../../preload/contract/runs.ts'
import type { AskedOfEach } from '../../../../preload/contract/use.ts'
import type { Api } from '../../lib/api.ts'
import { isAdapter } from './is-adapter.ts'

/** The same as main takes where nobody fixed another. */
const SURE_ENOUGH = 0.7

interface Asking {
  readonly runs: Pick<Api['runs'], 'answer'>
  readonly adapters: Pick<Api['adapters'], 'answer'>
}

export interface Answered {
  readonly text: string
  readonly answer: Answer
  /** What was asked of the text; null where it was answered as a whole. */
  readonly question: string | null
  /** Probability of the answer; null for scores. */
  readonly sure: number | null
}

/** Texts and what a finished run answers to them. */
export class UseState {
  text = $state('')
  below = $state(SURE_ENOUGH)
  unsureFirst = $state(false)
  /** Whether what was pasted is one text, not one a line: passages are looked for in whole documents. */
  isWhole = $state(false)
  #answers = $state.raw<readonly Answered[]>([])
  #isAsking = $state(false)
  #opened = $state.raw<Answered | null>(null)
  readonly #api: Asking
  readonly texts = $derived.by(() =>
    (this.isWhole ? [this.text] : this.text.split('\n')).map((line) => line.trim()).filter((line) => line !== '')
  )
  readonly answers = $derived.by(() =>
    this.unsureFirst ? this.#answers.toSorted((a, b) => (a.sure ?? 1) - (b.sure ?? 1)) : this.#answers
  )
  readonly forPerson = $derived.by(() => this.#answers.filter((one) => this.needsPerson(one)).length)

  constructor(api: Asking) {
    this.#api = api
  }

  get isAsking(): boolean {
    return this.#isAsking
  }

  /** The answer that is looked at, if any. */
  get opened(): Answered | null {
    return this.#opened
  }

  open(row: Answered | null): void {
    this.#opened = row
  }

  needsPerson({ sure }: Answered): boolean {
    return sure !== null && sure < this.below
  }

  /** `asked`: what every text is asked, for a run that answers questions. */
  async ask(id: AnswererId, asked: readonly AskedOfEach[] | null = null): Promise<void> {
    if (this.texts.length === 0 || asked?.length === 0 || this.#isAsking) return
    const each = this.texts.flatMap((text) => (asked ?? [null]).map((question) => ({ text, question })))
    const texts = each.map(({ text }) => text)
    this.#isAsking = true
    this.#opened = null
    try {
      const answers = await (isAdapter(id)
        ? this.#api.adapters.answer({ id, texts })
        : this.#api.runs.answer({ id, texts, ...(asked && { questions: each.map(({ question }) => question?.words ?? '') }) }))
      this.#answers = each.flatMap(({ text, question }, index) => {
        const answer = answers[index]
        return answer ? [{ text, question: question?.name ?? null, answer, sure: surenessOf(answer) }] : []
      })
    } finally {
      this.#isAsking = false
    }
  }

  /** For a spreadsheet: cells divided by tabs, and none that a spreadsheet would take for a formula. */
  table(header: readonly string[]): string {
    const rows = this.answers.map(({ text, question, answer, sure }) => [
      question ?? text,
      shown(answer),
      sure === null ? '' : sure.toFixed(3)
    ])
    return [header, ...rows].map((row) => row.map(harmless).join('\t')).join('\n')
  }
}

export const shown = ({ label, score }: Answer): string => (score === null ? label : String(score))

/** Of marked passages, that of the least sure one; 1 where nothing was found. */
const surenessOf = ({ label, probabilities, marks, found }: Answer): number | null =>
  found
    ? found.sure
    : marks
      ? Math.min(1, ...marks.map(({ sure }) => sure))
      : (probabilities?.find(({ name }) => name === label)?.value ?? null)

const harmless = (cell: string): string => {
  const flat = cell.replaceAll(/[\t\r\n]/g, ' ')
  return /^[=+\-@]/.test(flat) ? `'${flat}` : flat
}
