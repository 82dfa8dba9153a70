import type { AnswererId } from '../../../../preload/contract/common.ts'
import type { AskedOfEach } from '../../../../preload/contract/use.ts'
import type { Api } from '../../lib/api.ts'

/** What every text is asked by a run that answers questions: what it learned to answer, or what the person writes in its place. */
export class Asking {
  /** One question a line. */
  text = $state('')
  readonly #api: Pick<Api['use'], 'asks'>
  /** Null: whoever answers takes no questions. */
  #own = $state.raw<readonly AskedOfEach[] | null>(null)
  #run: AnswererId | null = null
  /** Questions in order, each once; those of the run keep their names. */
  readonly questions = $derived.by((): readonly AskedOfEach[] => {
    const lines = this.text.split('\n').map((line) => line.trim())
    const words = [...new Set(lines.filter((line) => line !== ''))]
    return words.map((each) => ({ name: this.#own?.find((own) => own.words === each)?.name ?? each, words: each }))
  })

  constructor(api: Pick<Api['use'], 'asks'>) {
    this.#api = api
  }

  get isNeeded(): boolean {
    return this.#own !== null
  }

  /** Takes up the questions of another run; what was written for the last one goes. */
  async take(run: AnswererId, answersQuestions: boolean): Promise<void> {
    if (this.#run === run) return
    this.#run = run
    this.#own = answersQuestions ? [] : null
    this.text = ''
    if (!answersQuestions) return
    const own = (await this.#api.asks(run)) ?? []
    if (this.#run !== run) return
    this.#own = own
    this.text = own.map(({ words }) => words).join('\n')
  }
}
