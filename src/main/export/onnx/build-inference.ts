import { Scope, type SiteAdapter, type Surroundings } from '../../engine/blocks/scope.ts'
import { Ops } from '../../engine/graph/operations.ts'
import type { Shape, Value } from '../../engine/graph/types.ts'
import { verifyGraph } from '../../engine/graph/verify.ts'
import { maskedScore } from '../../engine/training/batches.ts'
import { headOf, poolingOf } from '../../engine/training/custom-head.ts'
import type { TensorSource } from '../../engine/weights/elements.ts'
import { InputError } from '../../base/errors.ts'
import type { ExportableRun } from '../define-exporter.ts'
import { mergedTensors } from '../trained-tensors.ts'
import { buildInferenceEncoder, declareInputs } from './encoder-graph.ts'
import { familyOf } from './families.ts'
import { GraphTensors, type AdapterPair } from './graph-tensors.ts'
import type { InferenceModel } from './inference-model.ts'

export interface BuildOptions {
  /** Weights, in float32 by the family's names. */
  readonly floats: readonly TensorSource[]
  /** Those of float16 mathematics; left out where all is float32. */
  readonly halves?: readonly TensorSource[]
  /** Tensors that the graph is fed instead of holding them. */
  readonly fed?: ReadonlyMap<string, Shape>
  /** The adapters that it is fed, by the path of their layer: names of A and B. */
  readonly adapters?: ReadonlyMap<string, { readonly A: string; readonly B: string }>
}

const byName = (tensors: readonly TensorSource[]): ReadonlyMap<string, TensorSource> =>
  new Map(tensors.map((tensor) => [tensor.name, tensor]))

/**
 * A trained model as others run it: `input_ids`, `attention_mask` and, where the model has several types of token, `token_type_ids` go in,
 * `logits` [batch_size, labels] come out in float32, [batch_size, sequence_length, tags] where passages are marked, or `start_logits` and `end_logits`
 * [batch_size, sequence_length] where questions are answered. Positions and masks are made inside.
 */
export function buildInferenceModel(run: ExportableRun, options: BuildOptions): InferenceModel {
  const family = familyOf(run)
  if (!family) throw new InputError('export-unsupported', 'Models of this type cannot be exported to ONNX yet.')
  const g = new Ops({ training: false })
  const fed = options.fed ?? new Map<string, Shape>()
  const adapterAt = (path: string): AdapterPair | null => {
    const pair = options.adapters?.get(path)
    const input = (name: string): Value => g.input(name, 'float32', fed.get(name) ?? [])
    return pair ? { A: input(pair.A), B: input(pair.B) } : null
  }
  const floats = byName(options.floats)
  const t = new GraphTensors({ g, floats, halves: options.halves ? byName(options.halves) : null, fed, adapterAt })
  const inputs = declareInputs(t, family)
  const everyToken = (head: string): Value => tokenLogits(t, head, buildInferenceEncoder(t, family, inputs, false))
  if (run.marks) g.output('logits', everyToken('classifier'))
  else if (run.answering) {
    const scores = everyToken('qa_outputs')
    for (const [at, name] of ['start_logits', 'end_logits'].entries())
      g.output(name, g.squeeze(g.slice(scores, 2, at, at + 1), [-1]))
  } else {
    const pooling = poolingOf(run.definition)
    const hidden = buildInferenceEncoder(t, family, inputs, pooling === 'first')
    const pooled = g.within('pooling', () => pool(g, pooling, hidden, inputs.attentionMask))
    g.output('logits', buildHead(t, run, pooled, adapterAt))
  }
  const graph = g.build()
  verifyGraph(graph)
  return { graph, inputs: Object.values(inputs).flatMap((value: Value | null) => value?.name ?? []), tensors: t.stored }
}

/** The run's model, adapters merged, in float32 or with its large products and tables in float16. */
export function mergedInference(run: ExportableRun, isHalf: boolean, signal?: AbortSignal): InferenceModel {
  const floats = mergedTensors(run, 'fp32', signal)
  return buildInferenceModel(run, isHalf ? { floats, halves: mergedTensors(run, 'fp16', signal) } : { floats })
}

/**
 * The head of every family's `*ForTokenClassification`, classifier(hidden), or `*ForQuestionAnswering`, qa_outputs(hidden), of all tokens:
 * [batch_size, sequence_length, outputs]. Not a MatMul, so that it stays float32 where products are rounded.
 */
function tokenLogits(t: GraphTensors, head: string, hidden: Value): Value {
  const { g } = t
  return g.within(head, () => g.add(g.fusedMatMul(hidden, t.param(`${head}.weight`), { transB: true }), t.param(`${head}.bias`)))
}

/** One vector a text, [batch_size, width]. */
function pool(g: Ops, pooling: 'first' | 'mean' | 'max', hidden: Value, attentionMask: Value): Value {
  if (pooling === 'first') return g.squeeze(hidden, [1])
  const mask = g.unsqueeze(g.cast(attentionMask, 'float32'), [-1])
  if (pooling === 'mean') return g.div(g.reduceSum(g.mul(hidden, mask), [1]), g.reduceSum(mask, [1]))
  return g.reduceMax(g.add(hidden, g.mul(g.sub(g.scalar(1), mask), g.scalar(maskedScore))), [1])
}

/** The family's own head, or that of the run, on pooled vectors; it stays float32. */
function buildHead(
  t: GraphTensors,
  { definition }: ExportableRun,
  pooled: Value,
  adapterAt: (path: string) => AdapterPair | null
): Value {
  const surroundings: Surroundings = {
    g: t.g,
    param: (name) => t.param(name),
    adapterAt: (path): SiteAdapter | undefined => {
      const pair = adapterAt(path)
      if (!pair) return undefined
      return {
        linear: ({ g, x, base }) => g.gemm(g.gemm(x, pair.A, { transB: true }), pair.B, { transB: true, c: base() })
      }
    },
    mark: (_boundary, value) => value
  }
  const { config, labels } = definition
  return headOf(definition).build(new Scope(surroundings), config, { hidden: pooled, firstTokens: null, labels })
}
