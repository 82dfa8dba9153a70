import type { DatasetId } from '../../../../preload/contract/common.ts'
import type { AppState } from '../../state/app.svelte.ts'
import { TrainState } from './train.svelte.ts'

interface Kept {
  readonly id: DatasetId
  readonly train: TrainState
}

const kept = new WeakMap<Pick<AppState, 'api' | 'drafts' | 'ownModel' | 'ownAdapter' | 'datasets' | 'models'>, Kept>()

/** The state of a data set's Train screen: the one that was left last, so that who comes back sees what stood there while it is read anew. */
export function trainStateOf(
  app: Pick<AppState, 'api' | 'drafts' | 'ownModel' | 'ownAdapter' | 'datasets' | 'models'>,
  id: DatasetId
): TrainState {
  const last = kept.get(app)
  if (last?.id === id) return last.train
  const known = {
    dataset: app.datasets.value?.find((one) => one.id === id),
    models: app.models.value,
    adapter: () => app.ownAdapter
  }
  const train = lasting(() => new TrainState(app.api, id, app.drafts, () => app.ownModel, known))
  kept.set(app, { id, train })
  return train
}

/** Makes a state that outlives the screen on which it is made: what it derives would else stand still once that screen is left. */
function lasting<State>(make: () => State): State {
  let made: State | undefined
  $effect.root(() => {
    made = make()
  })
  return made as State // The root's function runs at once.
}
