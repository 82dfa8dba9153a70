import { GraphError } from '../../base/errors.ts'
import { byte, defineOp, float } from './define-op.ts'
import { sameShape } from './shapes.ts'
import { describe } from './types.ts'

/**
 * Y = X ∘ scale for a mask X of zeros and ones in uint8: DequantizeLinear with a scale of its own for each number (blocks of one along the first axis), which
 * reads the mask as it is and makes the product in one pass. Graphs get it from passes, once gradients are made.
 */
export const MaskProduct = defineOp({
  type: 'DequantizeLinear',
  opset: 21,
  inputs: { X: byte(), scale: float() },
  infer: ({ X, scale }, _: { readonly axis: number; readonly block_size: number }) => {
    if (X.shape.length === 0 || !sameShape(X.shape, scale.shape))
      throw new GraphError(`DequantizeLinear: the mask ${describe(X)} does not fit ${describe(scale)}`)
    return { dtype: scale.dtype, shape: scale.shape }
  }
})

/** Blocks of one number along the first axis: whatever else there is lies side by side in memory. */
export const eachAlone = { axis: 0, block_size: 1 } as const
