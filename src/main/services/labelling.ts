import type { Datasets } from '../data/datasets/datasets.ts'
import { Labels, type LabelsOptions } from '../data/labels/labels.ts'
import { classAgreement } from '../engine/evaluation/index.ts'
import type { Runs } from '../runs/runs.ts'

/** Labelling, with suggestions from the newest finished classifier of the same file. */
export function makeLabels(datasets: Datasets, runs: Runs, order: LabelsOptions['order']): Labels {
  return new Labels({
    datasets,
    suggesterOf: ({ id }) => {
      const versions = new Set<string>(datasets.versions(id).map((one) => one.id))
      const found = runs
        .list()
        .find(({ state, task, dataset }) => state === 'finished' && task === 'text-classification' && versions.has(dataset.id))
      return found === undefined ? null : { run: found.id, name: found.name }
    },
    answer: (request) => runs.answer(request),
    order,
    compare: (classes) => classAgreement(classes, { seed: 0 }),
    now: () => new Date().toISOString()
  })
}
