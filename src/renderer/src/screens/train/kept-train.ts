import type { DatasetId } from '../../../../preload/contract/common.ts'
import type { AppState } from '../../state/app.svelte.ts'
import { TrainState } from './train.svelte.ts'

interface Kept {
  readonly id: DatasetId
  readonly train: TrainState
}

const kept = new WeakMap<Pick<AppState, 'api' | 'drafts' | 'ownModel'>, Kept>()

/** The state of a data set's Train screen: the one that was left last, so that who comes back sees what stood there while it is read anew. */
export function trainStateOf(app: Pick<AppState, 'api' | 'drafts' | 'ownModel'>, id: DatasetId): TrainState {
  const last = kept.get(app)
  if (last?.id === id) return last.train
  const train = new TrainState(app.api, id, app.drafts, () => app.ownModel)
  kept.set(app, { id, train })
  return train
}
