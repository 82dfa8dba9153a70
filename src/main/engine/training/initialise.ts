import { Random } from '../../base/random.ts'
import type { Initialisation } from '../blocks/tensor-spec.ts'
import { heUniform, kaimingUniform, normal, ones, xavierUniform, zeros, type Initializer } from '../weights/initializers.ts'
import { readTensor } from '../weights/read-tensor.ts'
import type { Arena } from './arena.ts'
import type { Parameter } from './model-definition.ts'
import type { ModelFolder } from './model-folder.ts'

function initializerOf(init: Exclude<Initialisation, { readonly kind: 'from-weight' }>): Initializer {
  switch (init.kind) {
    case 'normal':
      return normal(init.std)
    case 'zeros':
      return zeros
    case 'ones':
      return ones
    case 'kaiming-uniform':
      return kaimingUniform
    case 'xavier-uniform':
      return xavierUniform
    case 'he-uniform':
      return heUniform
  }
}

/** First values that come from elsewhere, such as an adapter; null where it has none for a tensor. */
export type StartValues = (name: string, shape: readonly number[]) => Promise<Float32Array | null>

/**
 * Fills the arena's weights: what `start` gives, base tensors from the checkpoint (as float32), new and adapter tensors by their own rule, each from its own
 * stream of the run's seed, so that one tensor's draw never moves another's.
 */
export async function initialiseWeights(
  arena: Arena,
  model: ModelFolder,
  seed: number,
  start: StartValues | null = null
): Promise<void> {
  for (const { parameter } of arena.slots) {
    const given = (await start?.(parameter.name, parameter.shape)) ?? null
    const values = given ? new Float32Array(given) : await firstValues(parameter, model, seed)
    await arena.write(arena.weights, parameter.name, values)
  }
}

async function firstValues(parameter: Parameter, model: ModelFolder, seed: number): Promise<Float32Array<ArrayBuffer>> {
  const { name, shape, origin } = parameter
  const { init } = parameter.spec
  if (origin === 'base') return new Float32Array(await readTensor(model.checkpoint, model.storedNames.get(name) ?? name))
  if (init.kind === 'from-weight') {
    const site = name.slice(0, name.lastIndexOf('.', name.lastIndexOf('.') - 1))
    const weight = await readTensor(model.checkpoint, model.storedNames.get(`${site}.weight`) ?? `${site}.weight`)
    return new Float32Array(init.make(weight, shape))
  }
  return new Float32Array(initializerOf(init)(shape, new Random(seed, `init/${name}`)))
}
