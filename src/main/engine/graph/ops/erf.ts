import { defineOp, float } from '../define-op.ts'

/** The error function, 2/√π · ∫₀ˣ e^(−t²) dt. */
export const Erf = defineOp({
  type: 'Erf',
  inputs: { X: float() },
  infer: ({ X }) => ({ dtype: X.dtype, shape: X.shape })
})
