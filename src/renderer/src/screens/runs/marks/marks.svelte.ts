import type { RunId } from '../../../../../preload/contract/common.ts'
import type { Artifact } from '../../../../../preload/contract/record.ts'
import type { Api } from '../../../lib/api.ts'
import { Resource } from '../../../lib/resource.svelte.ts'
import type { AppState } from '../../../state/app.svelte.ts'

const MOST_TAGS = 20

/** Tags, note and files of one run. */
export class MarksState {
  readonly artifacts: Resource<readonly Artifact[]>
  fresh = $state('')
  readonly #id: RunId
  readonly #api: Api['record']
  readonly #attempt: AppState['attempt']

  constructor({ api, attempt }: Pick<AppState, 'api' | 'attempt'>, id: RunId) {
    this.#id = id
    this.#api = api.record
    this.#attempt = attempt
    this.artifacts = new Resource(() => api.record.artifacts(id))
  }

  /** Adds what was typed to the tags that are there; a tag that is there already is not added again. */
  async add(tags: readonly string[]): Promise<void> {
    const tag = this.fresh.trim()
    if (tag === '' || tags.length >= MOST_TAGS) return
    if (await this.#tag([...new Set([...tags, tag])])) this.fresh = ''
  }

  async remove(tags: readonly string[], tag: string): Promise<void> {
    await this.#tag(tags.filter((one) => one !== tag))
  }

  async note(text: string): Promise<void> {
    await this.#attempt(() => this.#api.note({ id: this.#id, text }))
  }

  #tag(tags: readonly string[]): Promise<boolean> {
    return this.#attempt(() => this.#api.tag({ id: this.#id, tags }))
  }
}
