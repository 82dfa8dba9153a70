import { defineSelectionMethod } from '../define-method.ts'

/** BitFit (arXiv:2106.10199): trains the bias terms and the head. */
export const bitfit = defineSelectionMethod<Readonly<Record<string, never>>>({
  id: 'bitfit',
  title: 'BitFit',
  trains: (tensor, { prefix }) =>
    tensor.name.endsWith('.bias') || (tensor.role === 'head' && !tensor.name.startsWith(`${prefix}.`))
})
