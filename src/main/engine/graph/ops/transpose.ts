import { GraphError } from '../../../base/errors.ts'
import { any, defineOp } from '../define-op.ts'
import { dimAt } from '../shapes.ts'

/** Axes in another order: axis i of Y is axis perm[i] of X. */
export const Transpose = defineOp({
  type: 'Transpose',
  inputs: { X: any() },
  infer: ({ X }, { perm }: { readonly perm: readonly number[] }) => {
    if (perm.length !== X.shape.length || new Set(perm).size !== perm.length)
      throw new GraphError(`Transpose: perm [${perm.join(',')}] does not fit rank ${X.shape.length}`)
    return { dtype: X.dtype, shape: perm.map((axis) => dimAt(X.shape, axis)) }
  }
})
