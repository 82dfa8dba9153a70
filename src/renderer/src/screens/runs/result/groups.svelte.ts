import type { RunId } from '../../../../../preload/contract/common.ts'
import type { Groups } from '../../../../../preload/contract/results.ts'
import type { Api } from '../../../lib/api.ts'
import { Resource } from '../../../lib/resource.svelte.ts'

/** The test measured group by group, by what was chosen. */
export class GroupsState {
  readonly groups: Resource<Groups>
  #by: string | null = null
  #metric: string | null = null

  constructor(api: Pick<Api['results'], 'groups'>, id: RunId) {
    this.groups = new Resource(() => api.groups({ id, by: this.#by, metric: this.#metric }))
  }

  async groupBy(by: string): Promise<void> {
    this.#by = by
    await this.groups.load()
  }

  async measure(metric: string): Promise<void> {
    this.#metric = metric
    await this.groups.load()
  }
}
