import type { Site } from '../blocks/scope.ts'
import type { Initialisation, TensorSpec } from '../blocks/tensor-spec.ts'

type Placement = Pick<TensorSpec, 'layer' | 'role'>

/** Weight [out, in] and bias [out] of a linear layer. */
export function linearTensors(path: string, size: { in: number; out: number }, std: number, placement: Placement): TensorSpec[] {
  return [
    { name: `${path}.weight`, shape: [size.out, size.in], init: { kind: 'normal', std }, ...placement },
    { name: `${path}.bias`, shape: [size.out], init: { kind: 'zeros' }, ...placement }
  ]
}

/** Weight (ones) and bias (zeros) of a layer normalisation. */
export function normTensors(path: string, width: number, placement: Placement): TensorSpec[] {
  const tensor = (name: string, kind: 'ones' | 'zeros'): TensorSpec => ({
    name: `${path}.${name}`,
    shape: [width],
    init: { kind },
    ...placement
  })
  return [tensor('weight', 'ones'), tensor('bias', 'zeros')]
}

/** An embedding table [count, width]. */
export function embeddingTensor(path: string, count: number, width: number, init: Initialisation): TensorSpec {
  return { name: `${path}.weight`, shape: [count, width], init, layer: null, role: 'embedding' }
}

export const linearSite = (path: string, size: { in: number; out: number }, layer: number | null): Site => ({
  kind: 'linear',
  path,
  ...size,
  layer
})
