import { defineSelectionMethod } from '../define-method.ts'

/** Trains the head alone (a linear probe): tensors outside the base model. */
export const head = defineSelectionMethod<Readonly<Record<string, never>>>({
  id: 'head',
  title: 'Head only',
  trains: (tensor, { prefix }) => tensor.role === 'head' && !tensor.name.startsWith(`${prefix}.`)
})
