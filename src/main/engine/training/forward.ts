import type { TextInputs } from '../architectures/define-architecture.ts'
import { Scope, type AdapterTensors, type Surroundings } from '../blocks/scope.ts'
import type { Block } from '../autodiff/recomputation.ts'
import { Ops } from '../graph/operations.ts'
import type { Node, Value } from '../graph/types.ts'
import { headOf } from './custom-head.ts'
import { feeds } from './feeds.ts'
import type { ModelDefinition, ParameterSelection } from './model-definition.ts'

export interface ForwardOptions {
  readonly training: boolean
  /** A boundary whose value comes from the frozen prefix's cache instead of being computed: `layer.3`, `pooled`. */
  readonly from?: string
  /** Stop at this boundary and give its value back (the frozen prefix itself). */
  readonly until?: string
  /** Give back the value at this boundary, besides the logits. */
  readonly watch?: string
  /** Several texts to a row: the head then answers for `examples` instead of `rows`. */
  readonly packed?: boolean
}

export interface Forward {
  readonly g: Ops
  /** Logits, or the value at `until`. */
  readonly result: Value
  /** The value at `watch`. */
  readonly watched?: Value
  /** The encoder's layers, the lowest first. */
  readonly layers: readonly Block[]
  /** Trained tensors as graph values, by name. */
  readonly trained: ReadonlyMap<string, Value>
}

/** Builds a model with its head, method and dropout: token ids to logits. */
export function buildForward(
  definition: ModelDefinition,
  selection: ParameterSelection,
  { training, from, until, watch, packed = false }: ForwardOptions
): Forward {
  const { architecture, config, head, labels } = definition
  const g = new Ops({ training })
  const trained = new Map(selection.parameters.map(({ name, shape }) => [name, g.state(name, 'float32', shape)]))
  let stopped: Value | undefined
  let watched: Value | undefined
  const layers: Block[] = []
  let before = 0
  const surroundings: Surroundings = {
    g,
    param: (name, shape) => trained.get(name) ?? g.weight(name, 'float32', shape),
    adapterAt: (path) => {
      const place = selection.attached.get(path)
      if (!place) return undefined
      const tensors: Record<string, Value> = {}
      for (const [short, slot] of Object.entries(place.slots)) {
        const value = trained.get(slot)
        if (value) tensors[short] = value
      }
      return definition.method.attach(definition.options, tensors satisfies AdapterTensors)
    },
    mark: (boundary, value) => {
      if (boundary === until) stopped = value
      if (boundary === watch) watched = value
      if (boundary.startsWith('layer.')) layers.push({ nodes: new Set<Node>(g.nodes.slice(before)), output: value })
      before = g.nodes.length
      return boundary === from ? g.input(`prefix/${boundary}`, value.dtype, value.shape) : value
    }
  }
  const scope = new Scope(surroundings)
  const hidden = architecture.build(scope, config, textInputs(g, packed))
  const firstTokens =
    head === 'sequence-classification' ? g.input(feeds.firstTokens, 'int64', [packed ? 'examples' : 'rows']) : null
  const picked =
    head === 'sequence-classification' ? hidden : g.gather(hidden, g.input(feeds.labelPositions, 'int64', ['examples']))
  const logits = headOf(definition).build(scope, config, { hidden: picked, firstTokens, labels })
  if (until !== undefined && !stopped) throw new Error(`the model has no boundary "${until}"`)
  return { g, result: stopped ?? logits, ...(watched && { watched }), layers, trained }
}

function textInputs(g: Ops, packed: boolean): TextInputs {
  const ids = (name: string): Value => g.input(name, 'int64', ['rows', 'time'])
  return {
    inputIds: ids(feeds.inputIds),
    tokenTypeIds: ids(feeds.tokenTypeIds),
    positionIds: ids(feeds.positionIds),
    attentionBias: g.input(feeds.attentionBias, 'float32', ['rows', 1, packed ? 'time' : 1, 'time'])
  }
}
