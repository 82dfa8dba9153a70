import { allOps } from '../../graph/ops/index.ts'
import { defineRule } from '../define-rule.ts'

/** Each element is repeated: dX sums dY over the repeats (the walk does) */
export const expandRule = defineRule(allOps.Expand, ({ dY }) => ({ data: () => dY }))
