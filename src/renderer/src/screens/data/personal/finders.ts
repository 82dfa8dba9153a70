import type { TrainedId } from '../../../../../preload/contract/common.ts'
import type { ModelSummary } from '../../../../../preload/contract/models.ts'
import type { RunSummary } from '../../../../../preload/contract/runs.ts'
import { answerers } from '../../use/answerers.ts'
import { isAdapter } from '../../use/is-adapter.ts'

/** What can find personal data beside the rules, as a list offers it: runs and models that mark passages. */
export const finders = (
  runs: readonly RunSummary[],
  models: readonly ModelSummary[]
): readonly { readonly value: TrainedId; readonly label: string }[] =>
  answerers(runs, models, []).flatMap(({ id, label, marks }) => (marks && !isAdapter(id) ? [{ value: id, label }] : []))
