import type { Architecture, EncoderConfig, Head, HeadKind } from '../architectures/define-architecture.ts'
import { linearTensors } from '../architectures/tensor-lists.ts'
import { linear } from '../blocks/linear.ts'
import type { Initialisation, TensorSpec } from '../blocks/tensor-spec.ts'
import type { Ops } from '../graph/operations.ts'
import { dimAt } from '../graph/shapes.ts'
import type { Value } from '../graph/types.ts'
import { crfTensors } from '../tasks/crf.ts'
import type { HeadOptions } from '../tasks/options.ts'
import { feeds } from './feeds.ts'

/** What decides which head a model gets. */
export interface HeadChoice {
  readonly architecture: Architecture
  readonly head: HeadKind
  /** Absent: the family's own head. */
  readonly headOptions?: HeadOptions
  /** Adds the tensors of a conditional random field. */
  readonly crf?: boolean
}

/** The head that a model is trained with: the family's own, or ours where the options ask for another pooling or for hidden layers. */
export function headOf({ crf = false, ...choice }: HeadChoice): Head<EncoderConfig> {
  const made = plainHead(choice)
  return crf ? { ...made, tensors: (config, labels) => [...made.tensors(config, labels), ...crfSpecs(labels)] } : made
}

/** Every sequence of tags is as good as any other at first. */
function crfSpecs(tags: number): TensorSpec[] {
  const zeros = (name: string, ...shape: number[]): TensorSpec => ({ name, shape, init: { kind: 'zeros' }, ...placement })
  return [zeros(crfTensors.transitions, tags, tags), zeros(crfTensors.start, tags), zeros(crfTensors.end, tags)]
}

function plainHead({ architecture, head, headOptions }: HeadChoice): Head<EncoderConfig> {
  const own = architecture.heads[head]
  if (head === 'masked-lm' || !headOptions) return own
  const isOwn = head !== 'sequence-classification' || (headOptions.pooling === 'default' && headOptions.hidden_sizes.length === 0)
  return withInit(isOwn ? own : customHead(headOptions), headOptions.init)
}

/** What the `pooled` boundary holds: a cache of one kind is of no use to another. */
export function poolingOf({ head, headOptions }: HeadChoice): 'first' | 'mean' | 'max' {
  const pooling = head === 'sequence-classification' ? headOptions?.pooling : undefined
  return pooling === 'mean' || pooling === 'max' ? pooling : 'first'
}

const placement = { layer: null, role: 'head' } as const

/** [path, inputs, outputs] of each linear layer of the head. */
function layersOf({ hidden_sizes: hidden }: HeadOptions, width: number, labels: number): [string, number, number][] {
  const inputs = [width, ...hidden]
  const inner = hidden.map((size, i): [string, number, number] => [`classifier.hidden.${i}`, inputs[i] ?? width, size])
  return [...inner, ['classifier.out', inputs.at(-1) ?? width, labels]]
}

/**
 * A head of the person's making: out(… dropout(gelu(hidden(pooled))) …), GELU in its exact form, dropout at the classifier's rate. Without hidden
 * layers the pooled vector itself is dropped out, as families do before their last layer. The first token stands for `default` and `cls`.
 */
function customHead(options: HeadOptions): Head<EncoderConfig> {
  return {
    tensors: ({ width, initializerRange: std }, labels) =>
      layersOf(options, width, labels).flatMap(([path, from, to]) => linearTensors(path, { in: from, out: to }, std, placement)),
    sites: () => [],
    build(s, { width, classifierDropout }, { hidden, firstTokens, labels }) {
      const made = firstTokens ? s.at('classifier').run(() => pool(s.g, options.pooling, hidden, firstTokens)) : hidden
      let x = s.surroundings.mark('pooled', made)
      const layers = layersOf(options, width, labels)
      if (layers.length === 1) x = s.at('classifier').run(() => s.g.dropout(x, classifierDropout))
      for (const [i, [path, , out]] of layers.entries()) {
        const y = linear(s.at(path), x, { out })
        x = i + 1 === layers.length ? y : s.at(path).run(() => s.g.dropout(s.g.gelu(y), classifierDropout))
      }
      return x
    }
  }
}

/** One vector a text, [texts, width], from hidden states [tokens, width]. */
function pool(g: Ops, pooling: HeadOptions['pooling'], hidden: Value, firstTokens: Value): Value {
  if (pooling !== 'mean' && pooling !== 'max') return g.gather(hidden, firstTokens)
  const width = dimAt(hidden.shape, -1)
  const isPacked = firstTokens.shape[0] === 'examples'
  const [texts, steps] = isPacked ? ['examples', 'longest'] : ['rows', 'time']
  const perText = isPacked
    ? g.gather(hidden, g.input(feeds.unpack, 'int64', [texts, steps]))
    : g.reshape(hidden, [texts, steps, width])
  if (pooling === 'max') return g.reduceMax(g.add(perText, g.input(feeds.poolBias, 'float32', [texts, steps, 1])), [1])
  const mean = g.matMul(g.input(feeds.poolWeights, 'float32', [texts, 1, steps]), perText)
  return g.reshape(mean, [texts, width])
}

const initialisations: Readonly<Record<Exclude<HeadOptions['init'], 'default'>, Initialisation>> = {
  xavier_uniform: { kind: 'xavier-uniform' },
  kaiming_uniform: { kind: 'he-uniform' }
}

/** The same head whose new weight matrices start in another way; biases and normalisations keep theirs. */
function withInit(head: Head<EncoderConfig>, init: HeadOptions['init']): Head<EncoderConfig> {
  if (init === 'default') return head
  const changed = (tensor: TensorSpec): TensorSpec =>
    tensor.shape.length === 2 ? { ...tensor, init: initialisations[init] } : tensor
  return { ...head, tensors: (config, labels) => head.tensors(config, labels).map(changed) }
}
