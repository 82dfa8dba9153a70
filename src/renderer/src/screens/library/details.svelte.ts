import type { DatasetId, ModelId } from '../../../../preload/contract/common.ts'
import type { Feasibility, ModelDetails, ModelFit, Verification } from '../../../../preload/contract/library.ts'
import type { Api } from '../../lib/api.ts'
import { Resource } from '../../lib/resource.svelte.ts'

/** What is known of one model, its check, and its fit to data. */
export class DetailsState {
  readonly details: Resource<ModelDetails>
  readonly feasibility: Resource<Feasibility>
  #verification = $state.raw<Verification | null>(null)
  #isVerifying = $state(false)
  #wasHashed = $state(false)
  #fit = $state.raw<Resource<ModelFit> | null>(null)
  readonly #api: Api['library']
  readonly #id: ModelId

  constructor(api: Api['library'], id: ModelId, details: Resource<ModelDetails>) {
    this.#api = api
    this.#id = id
    this.details = details
    this.feasibility = new Resource(() => api.feasibility(id))
  }

  get verification(): Verification | null {
    return this.#verification
  }

  get isVerifying(): boolean {
    return this.#isVerifying
  }

  /** Whether there were hashes to compare with. */
  get wasHashed(): boolean {
    return this.#wasHashed
  }

  get fit(): Resource<ModelFit> | null {
    return this.#fit
  }

  async verify(): Promise<void> {
    this.#isVerifying = true
    try {
      this.#wasHashed = this.details.value?.hash != null
      this.#verification = await this.#api.verify(this.#id)
      await this.details.load()
    } finally {
      this.#isVerifying = false
    }
  }

  look(dataset: DatasetId): void {
    this.#fit = new Resource(() => this.#api.fit({ model: this.#id, dataset }))
    void this.#fit.load()
  }
}
