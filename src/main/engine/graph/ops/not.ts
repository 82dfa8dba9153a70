import { bool, defineOp } from '../define-op.ts'

/** Logical negation. */
export const Not = defineOp({ type: 'Not', inputs: { X: bool() }, infer: ({ X }) => ({ dtype: 'bool', shape: X.shape }) })
