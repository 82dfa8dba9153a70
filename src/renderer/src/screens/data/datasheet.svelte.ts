import type { DatasetId } from '../../../../preload/contract/common.ts'
import type { DatasheetQuestion } from '../../../../preload/contract/datasheets.ts'
import type { Api } from '../../lib/api.ts'
import { Resource } from '../../lib/resource.svelte.ts'

/** The questions about a data set while a person answers them. */
export class DatasheetState {
  readonly questions: Resource<readonly DatasheetQuestion[]>
  /** What was typed since they were read, by key. */
  #typed = $state<Record<string, string>>({})
  readonly #api: Api['datasheets']
  readonly #id: DatasetId

  readonly sections = $derived.by(() => [...Map.groupBy(this.questions.value ?? [], ({ section }) => section)])
  readonly answered = $derived.by(() => (this.questions.value ?? []).filter((each) => this.answerTo(each).trim() !== '').length)

  constructor(api: Api['datasheets'], id: DatasetId) {
    this.#api = api
    this.#id = id
    this.questions = new Resource(() => api.get(id))
  }

  answerTo({ key, answer }: DatasheetQuestion): string {
    return this.#typed[key] ?? answer
  }

  answer(key: string, text: string): void {
    this.#typed[key] = text
  }

  async save(): Promise<void> {
    const answers = Object.fromEntries((this.questions.value ?? []).map((each) => [each.key, this.answerTo(each)]))
    await this.#api.save({ id: this.#id, answers })
  }
}
