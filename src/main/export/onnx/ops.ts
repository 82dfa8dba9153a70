import { GraphError } from '../../base/errors.ts'
import { any, defineOp, float, index, optional } from '../../engine/graph/define-op.ts'
import { describe, type Dim } from '../../engine/graph/types.ts'

/*
 * Operators of exported models only: ONNX Runtime's fused forms (domain com.microsoft, ContribOperators.md) and what computes inside the
 * graph that Attune's own graphs are fed. None of them has a gradient.
 */

type Number = { readonly float: number }

/** Attributes of both attentions; an interface would not pass for attributes of any name. */
export type AttentionAttributes = { readonly num_heads: number; readonly mask_filter_value: Number }

/**
 * softmax(Q·Kᵀ/√d + mask)·V for each of `num_heads` heads (arXiv:1706.03762); `bias` holds those of the three projections, one after another. The mask
 * is [batch, keys]: 0 where a token is padding. There may be fewer queries than keys.
 */
export const MultiHeadAttention = defineOp({
  type: 'MultiHeadAttention',
  domain: 'com.microsoft',
  inputs: { query: float(), key: float(), value: float(), bias: optional(float()), keyPaddingMask: optional(index()) },
  infer: ({ query, key, value, bias }, { num_heads: heads }: AttentionAttributes) => {
    const width = query.shape.at(-1)
    const fits = [query, key, value].every(({ shape }) => shape.length === 3 && shape[2] === width)
    if (!fits || typeof width !== 'number' || width % heads !== 0 || (bias && bias.shape[0] !== 3 * width))
      throw new GraphError(
        `MultiHeadAttention: ${describe(query)}, ${describe(key)} and ${describe(value)} do not fit ${heads} heads`
      )
    return { dtype: query.dtype, shape: query.shape }
  }
})

/**
 * MultiHeadAttention of the projections of one input, [batch, time, width]: `weights` [width, 3·width] holds their matrices side by side, `bias` their
 * vectors. The mask is [batch, time]: 0 where a token is padding.
 */
export const Attention = defineOp({
  type: 'Attention',
  domain: 'com.microsoft',
  inputs: { input: float(), weights: float(), bias: float(), mask: index() },
  infer: ({ input, weights, bias }, { num_heads: heads }: AttentionAttributes) => {
    const width = input.shape.at(-1)
    const fits = typeof width === 'number' && width % heads === 0 && weights.shape.join() === `${width},${3 * width}`
    if (!fits || bias.shape.join() !== String(3 * width))
      throw new GraphError(`Attention: ${describe(input)}, ${describe(weights)} and ${describe(bias)} do not fit ${heads} heads`)
    return { dtype: input.dtype, shape: input.shape }
  }
})

/** LayerNormalization without the statistics that only gradients need. */
export const LayerNormalizationOutput = defineOp({
  type: 'LayerNormalization',
  inputs: { X: float(), scale: float(), bias: float() },
  infer: ({ X }, _: { readonly axis: number; readonly epsilon: Number }) => ({ dtype: X.dtype, shape: X.shape })
})

/** Y = gelu(X + bias), exact. */
export const BiasGelu = defineOp({
  type: 'BiasGelu',
  domain: 'com.microsoft',
  inputs: { X: float(), bias: float() },
  infer: ({ X }) => ({ dtype: X.dtype, shape: X.shape })
})

/** Y = gelu(X + bias) in its tanh form. */
export const BiasFastGelu = defineOp({
  type: 'FastGelu',
  domain: 'com.microsoft',
  inputs: { X: float(), bias: float() },
  infer: ({ X }) => ({ dtype: X.dtype, shape: X.shape })
})

/** The sizes of axes `start` to `end`, as int64. */
export const ShapeOf = defineOp({
  type: 'Shape',
  inputs: { X: any() },
  infer: (_inputs, { start, end }: { readonly start: number; readonly end: number }) => ({ dtype: 'int64', shape: [end - start] })
})

/** The first rows of a table, as many as a one-element vector says; `as` names their number. */
export const firstRows = (as: Dim) =>
  defineOp({
    type: 'Slice',
    inputs: { data: any(), starts: index(), ends: index(), axes: index() },
    infer: ({ data }) => ({ dtype: data.dtype, shape: [as, ...data.shape.slice(1)] })
  })

/** The first `count` along axis 1 of [batch, time, width]. */
export const firstSteps = (count: number) =>
  defineOp({
    type: 'Slice',
    inputs: { data: any(), starts: index(), ends: index(), axes: index() },
    infer: ({ data }) => ({ dtype: data.dtype, shape: [data.shape[0] ?? 1, count, ...data.shape.slice(2)] })
  })

/** Running sums along an axis. */
export const CumSum = defineOp({
  type: 'CumSum',
  inputs: { X: any(), axis: index() },
  infer: ({ X }) => ({ dtype: X.dtype, shape: X.shape })
})
