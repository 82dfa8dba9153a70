import type { DatasetId } from '../../../../preload/contract/common.ts'
import type { Api } from '../../lib/api.ts'
import { Resource } from '../../lib/resource.svelte.ts'
import { LabelState } from './label/label.svelte.ts'
import { MarkState } from './mark/mark.svelte.ts'

export type Way = 'sort' | 'mark'

/** What a person does with each text of a data set: gives it a class, or marks passages in it. */
export class Labelling {
  readonly way: Resource<Way>
  readonly label: LabelState
  readonly mark: MarkState
  readonly #api: Pick<Api, 'labels' | 'marking'>
  readonly #id: DatasetId

  constructor(api: Pick<Api, 'labels' | 'marking'>, id: DatasetId, by: string) {
    this.#api = api
    this.#id = id
    this.label = new LabelState(api.labels, id, by)
    this.mark = new MarkState(api.marking, id, by)
    this.way = new Resource(() => api.marking.way(id))
  }

  async choose(way: Way): Promise<void> {
    await this.#api.marking.setWay({ id: this.#id, way })
    this.way.set(way)
  }
}
