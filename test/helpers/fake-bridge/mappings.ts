import type { DatasetId } from '../../../src/preload/contract/common.ts'
import type { DatasetSummary } from '../../../src/preload/contract/data.ts'
import type { KeptMapping, MappingsApi } from '../../../src/preload/contract/mappings.ts'

/** What was kept beside versions while the bridge was there. */
export class FakeMappings {
  #kept: readonly KeptMapping[] = []

  keep({ id, name, version }: DatasetSummary): void {
    this.#kept = [{ dataset: id, name, version }, ...this.#kept]
  }

  get handlers(): { readonly [Name in keyof MappingsApi]: (argument: never) => unknown } {
    return {
      list: () => this.#kept,
      of: (id: DatasetId) => this.#kept.find(({ dataset }) => dataset === id) ?? null,
      save: () => ({ ticket: 'o-mapping', name: 'letters version 2 mapping.age' }),
      destroy: (id: DatasetId) => {
        this.#kept = this.#kept.filter(({ dataset }) => dataset !== id)
      }
    }
  }
}
