import { defineSelectionMethod } from '../define-method.ts'
import type { LastNOptions } from './options.ts'

/** Trains the last `layers` transformer layers and the head. */
export const lastN = defineSelectionMethod<LastNOptions>({
  id: 'last_n',
  title: 'Last layers',
  trains: (tensor, model, { layers }) =>
    tensor.role === 'head' || (tensor.layer !== null && tensor.layer >= model.layers - layers)
})
