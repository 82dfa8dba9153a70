import { InputError } from '../../base/errors.ts'
import type { Ops } from '../graph/operations.ts'
import type { Value } from '../graph/types.ts'

const activations = {
  gelu: (g, x) => g.gelu(x),
  gelu_python: (g, x) => g.gelu(x),
  gelu_new: (g, x) => g.fastGelu(x),
  gelu_fast: (g, x) => g.fastGelu(x),
  gelu_pytorch_tanh: (g, x) => g.fastGelu(x),
  quick_gelu: (g, x) => g.quickGelu(x, 1.702),
  silu: (g, x) => g.quickGelu(x, 1),
  swish: (g, x) => g.quickGelu(x, 1),
  relu: (g, x) => g.relu(x),
  tanh: (g, x) => g.tanh(x),
  sigmoid: (g, x) => g.sigmoid(x),
  linear: (_, x) => x
} satisfies Record<string, (g: Ops, x: Value) => Value>

export type Activation = keyof typeof activations

/** transformers' name of an activation, checked. `key` is the field of config.json it stands in. */
export function readActivation(name: unknown, key: string): Activation {
  if (typeof name === 'string' && Object.hasOwn(activations, name)) return name as Activation // hasOwn has just said so.
  const known = Object.keys(activations).join(', ')
  throw new InputError(
    'config-unsupported',
    `config.json: ${key} is ${JSON.stringify(name)}; Attune knows ${known}. Choose another model.`,
    {
      file: 'config.json',
      key
    }
  )
}

export const activate = (g: Ops, name: Activation, x: Value): Value => activations[name](g, x)
