import { defineOp, float } from '../define-op.ts'

/** Whether an element is not a number. */
export const IsNaN = defineOp({ type: 'IsNaN', inputs: { X: float() }, infer: ({ X }) => ({ dtype: 'bool', shape: X.shape }) })
