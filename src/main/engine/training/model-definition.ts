import type { Architecture, EncoderConfig, HeadKind } from '../architectures/define-architecture.ts'
import type { Site } from '../blocks/scope.ts'
import type { TensorSpec } from '../blocks/tensor-spec.ts'
import type { AdapterTensorSpec, PeftMethod } from '../peft/define-method.ts'
import type { HeadOptions } from '../tasks/options.ts'
import { headOf } from './custom-head.ts'

/** Everything that decides which tensors a run has and which of them it trains. */
export interface ModelDefinition {
  readonly architecture: Architecture
  readonly config: EncoderConfig
  readonly head: HeadKind
  /** How the head differs from the family's own; absent where it does not. */
  readonly headOptions?: HeadOptions
  /** Whether a conditional random field follows the head. */
  readonly crf?: boolean
  /** Number of outputs of a classification head. */
  readonly labels: number
  readonly method: PeftMethod<unknown>
  readonly options: unknown
  /** Names (with the family's prefix) of the tensors that the checkpoint holds. */
  readonly stored: ReadonlySet<string>
}

/** One trained tensor. */
export interface Parameter {
  readonly name: string
  readonly shape: readonly number[]
  readonly size: number
  readonly layer: number | null
  readonly role: TensorSpec['role']
  /** `base`: from the checkpoint. `new`: a head tensor the checkpoint lacks. `adapter`: owned by the method. */
  readonly origin: 'base' | 'new' | 'adapter'
  readonly spec: Pick<AdapterTensorSpec, 'init'>
  readonly learningRateScale: number
}

/** An adapter's place, and the slot name of each of its tensors by short name. */
export interface AttachedSite {
  readonly site: Site
  readonly slots: Readonly<Record<string, string>>
}

export interface ParameterSelection {
  readonly parameters: readonly Parameter[]
  readonly attached: ReadonlyMap<string, AttachedSite>
  readonly tensors: readonly TensorSpec[]
  readonly trainableCount: number
  /** All tensors of the model with its head, adapters included. */
  readonly totalCount: number
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1)

/** The adapter key of a site: linear sites by their path, other kinds marked, since two kinds may share a module. */
export const siteKey = (site: Site): string => (site.kind === 'sublayer' ? `${site.path}#sublayer` : site.path)

/** Works out what is trained. A head tensor that the checkpoint lacks is always trained (design §4.11). */
export function selectParameters(definition: ModelDefinition): ParameterSelection {
  const { architecture, config, labels, method, options, stored } = definition
  const head = headOf(definition)
  const tensors = [...architecture.tensors(config), ...head.tensors(config, labels)]
  const sites = [...architecture.sites(config), ...head.sites(config, labels)]
  const selection = method.select({ layers: config.layers, prefix: architecture.prefix, sites }, options)
  const parameters: Parameter[] = []
  for (const tensor of tensors) {
    const isNew = !stored.has(tensor.name)
    if (!isNew && !selection.trains(tensor)) continue
    const { name, shape, layer, role } = tensor
    parameters.push({
      name,
      shape,
      size: sizeOf(shape),
      layer,
      role,
      origin: isNew ? 'new' : 'base',
      spec: tensor,
      learningRateScale: 1
    })
  }
  const attached = new Map<string, AttachedSite>()
  for (const site of sites) {
    if (!selection.adapts(site)) continue
    const slots: Record<string, string> = {}
    for (const [short, spec] of Object.entries(method.tensors(site, options))) {
      const name = `${site.path}.${short}`
      slots[short] = name
      const learningRateScale = spec.learningRateScale ?? 1
      const role = site.layer === null ? 'head' : 'layer'
      parameters.push({
        name,
        shape: spec.shape,
        size: sizeOf(spec.shape),
        layer: site.layer,
        role,
        origin: 'adapter',
        spec,
        learningRateScale
      })
    }
    attached.set(siteKey(site), { site, slots })
  }
  const count = (list: readonly { readonly shape: readonly number[] }[]): number =>
    list.reduce((sum, { shape }) => sum + sizeOf(shape), 0)
  return {
    parameters,
    attached,
    tensors,
    trainableCount: count(parameters),
    totalCount: count(tensors) + count(parameters.filter(({ origin }) => origin === 'adapter'))
  }
}
