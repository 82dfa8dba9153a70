import type { DatasetSummary } from '../../../../../preload/contract/data.ts'
import { attuneError, type Api, type AttuneError } from '../../../lib/api.ts'
import { MappingState } from '../copies/mapping.svelte.ts'
import type { PersonalState } from './personal.svelte.ts'

/** What a clean version is to be made with, where something is replaced: whose row it is, and what is kept of what stands for what. */
export class CleanVersion {
  readonly mapping: MappingState
  readonly personal: PersonalState
  #group = $state<string | null>(null)
  #failure = $state.raw<AttuneError | null>(null)

  constructor(api: Pick<Api, 'choose' | 'mappings'>, personal: PersonalState, { roles }: Pick<DatasetSummary, 'roles'>) {
    this.personal = personal
    this.mapping = new MappingState(api, () => (this.#failure = null))
    this.#group = roles.belonging === 'column' ? roles.group : null
  }

  /** The column that says whose row it is. */
  get group(): string | null {
    return this.#group
  }

  get failure(): AttuneError | null {
    return this.#failure
  }

  groupBy(column: string | null): void {
    this.#group = column
  }

  /** Resolves to the version; null where it failed, which is told here: what was typed stays. */
  async make(): Promise<DatasetSummary | null> {
    this.#failure = null
    const { known, passphrase } = this.mapping.wish
    try {
      return await this.personal.apply({
        group: this.#group,
        mapping: passphrase === null ? null : { keeps: this.mapping.isKept, known, passphrase }
      })
    } catch (thrown) {
      this.#failure = attuneError(thrown)
      return null
    }
  }
}
