import { availableParallelism } from 'node:os'
import type { RunDraft } from '../../preload/contract/runs.ts'
import { InputError } from '../base/errors.ts'
import { configOfDraft, yamlOfDraft, type DraftPlace } from '../config/draft/draft.ts'
import { settingRows } from '../config/draft/setting-rows.ts'
import { hasCurve } from '../config/has-curve.ts'
import { divisionKeys } from '../data/datasets/division.ts'
import type { Datasets } from '../data/datasets/datasets.ts'
import type { Adapters } from '../library/adapters.ts'
import type { Models } from '../library/models.ts'
import type { Drafting } from '../runs/ports.ts'
import { guessDevice, hasWorkingCard } from '../worker/device-choice.ts'

/** An eighth, a quarter and a half of the rows, with as many steps as all of them. */
const CURVE_TRAININGS = 4

/** Turns drafts into configurations: the ids in them become the files that they stand for. */
export function makeDrafting(datasets: Datasets, models: Models, adapters: Pick<Adapters, 'folderOf'>, output: string): Drafting {
  const placeOf = async (draft: RunDraft): Promise<DraftPlace> => {
    const { roles, split } = datasets.get(draft.dataset)
    const { blocked } = await datasets.report(draft.dataset)
    if (blocked !== null) throw new InputError('dataset-blocked', blocked)
    const { parameters, maxTokens } = await models.get(draft.model)
    return {
      roles,
      division: divisionKeys(datasets.divisionOf(draft.dataset)),
      hasCard: await hasWorkingCard(),
      weighsClasses: split.balance === 'weights',
      parameters,
      maxTokens,
      output,
      dataFile: datasets.pathOf(draft.dataset),
      modelFolder: await models.folderOf(draft.model),
      adapterFolder: draft.adapter ? await adapters.folderOf(draft.adapter) : null,
      halfThreads: Math.max(1, Math.floor(availableParallelism() / 2))
    }
  }
  return {
    settings: async (draft) => settingRows(draft, await placeOf(draft)),
    yaml: async (draft) => yamlOfDraft(draft, await placeOf(draft)),
    reading: async (draft) => {
      const place = await placeOf(draft)
      const { training } = configOfDraft(draft, place)
      const most = place.maxTokens ?? training.max_length
      if (most === null) return null
      const maxLength = Math.min(training.max_length ?? most, most)
      const { name } = await models.get(draft.model)
      const { truncation, head_share: headShare } = training
      return {
        name,
        folder: place.modelFolder,
        maxLength,
        truncation,
        stride: training.stride ?? Math.floor(maxLength / 4),
        headShare
      }
    },
    device: async (draft) => {
      const { choice, times } = await guessDevice(configOfDraft(draft, await placeOf(draft)))
      return { ...choice, steps: times.map(({ device, seconds }) => ({ device, seconds })) }
    },
    facts: async (draft) => {
      const config = configOfDraft(draft, await placeOf(draft))
      const { task, method, training } = config
      return {
        task,
        method: method.type,
        metric: training.metric_for_best_model,
        batchSize: training.per_device_train_batch_size,
        accumulation: training.gradient_accumulation_steps,
        trainings:
          ('folds' in config.data ? config.data.folds : null) ??
          Math.max(hasCurve(config) ? CURVE_TRAININGS : 1, training.seeds.length)
      }
    }
  }
}
