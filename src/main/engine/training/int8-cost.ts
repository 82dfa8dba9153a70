import { int8Forward } from '../graph/passes/int8-forward.ts'
import { Evaluator } from './evaluator.ts'
import type { Examples } from './examples.ts'
import { buildEvaluationGraph } from './graphs.ts'
import { initialiseWeights } from './initialise.ts'
import { lossOptionsOf } from './plan.ts'
import { pick } from './rehearsal.ts'
import type { TextRun } from './text-run.ts'
import type { TextRunInput } from './text-run-input.ts'

/** Texts that are looked at: a few seconds for a model of 100 M parameters. */
const sampled = 16

/** What computing frozen layers forward in 8 bits changes, with the weights as they stand. */
export interface Int8Cost {
  /** Texts, or pieces of texts, that were looked at, and the rows that they are of. */
  readonly sequences: number
  readonly part: 'train' | 'validation'
  /** What `relative` is of. */
  readonly measure: 'logits' | 'loss'
  /** Euclidean norm of the differences over that of the float32 logits around their means; for masked-lm the difference of the loss over the loss. */
  readonly relative: number
  /** Answers, and those of them that become another class; null where answers are no single classes. */
  readonly changed: { readonly of: number; readonly count: number } | null
}

/**
 * Compares the answers to some validation texts (training texts where there are none), in float32 and with the layers in 8 bits that training computes
 * so. `isFresh`: the arena holds no weights yet, and is given the run's first ones.
 * @returns null where training computes no layer in 8 bits
 */
export async function int8Cost(run: TextRun, input: TextRunInput, isFresh: boolean): Promise<Int8Cost | null> {
  const int8 = await run.int8()
  if (int8 === null) return null
  const { definition, model, settings, start } = input
  if (isFresh) await initialiseWeights(run.arena, model, settings.seed, start)
  const part = run.validation.sequences.length > 0 ? 'validation' : 'train'
  const from = run[part]
  const examples = await pick(
    from,
    Int32Array.from({ length: Math.min(sampled, from.sequences.length) }, (_, i) => i)
  )
  const graph = buildEvaluationGraph(definition, run.selection, { loss: lossOptionsOf(settings) })
  const isTrainedWith = (tensor: string): boolean => int8.has(tensor)
  const answers = []
  for (const each of [graph, int8Forward(graph, isTrainedWith)]) {
    const evaluator = await Evaluator.open(input.runtime, {
      ...{ definition, selection: run.selection, weights: input.weights, collate: run.collate, graph: each, boundary: null },
      ...{ loss: lossOptionsOf(settings), batchSize: settings.evaluationBatchSize, pooling: settings.windowPooling },
      state: (slot) => int8.state(slot) ?? run.arena.weight(slot)
    })
    try {
      answers.push(await run.answersOf(evaluator, examples))
    } finally {
      await evaluator.dispose()
    }
  }
  const [float = new Float32Array(0), quantised = float] = answers
  return { part, ...costOf(float, quantised, definition.labels, examples, settings.loss) }
}

/** @param labels columns of the logits, both [answers, labels] */
function costOf(
  float: Float32Array,
  quantised: Float32Array,
  labels: number,
  { sequences }: Pick<Examples, 'sequences'>,
  loss: string
): Omit<Int8Cost, 'part'> {
  const isLoss = loss === 'masked_cross_entropy'
  const isClass = (loss === 'cross_entropy' || loss === 'focal') && labels > 1
  const of = float.length / labels
  const best = (logits: Float32Array, row: number): number => {
    const own = logits.subarray(row * labels, (row + 1) * labels)
    return own.indexOf(Math.max(...own))
  }
  const count = isClass
    ? Array.from({ length: of }, (_, row) => row).filter((row) => best(float, row) !== best(quantised, row)).length
    : 0
  return {
    sequences: sequences.length,
    measure: isLoss ? 'loss' : 'logits',
    relative: isLoss ? relativeLoss(float, quantised) : relativeLogits(float, quantised, labels),
    changed: isClass ? { of, count } : null
  }
}

const relativeLoss = ([before = 0]: Float32Array, [after = 0]: Float32Array): number =>
  Math.abs(after - before) / Math.abs(before)

function relativeLogits(float: Float32Array, quantised: Float32Array, labels: number): number {
  const rows = float.length / labels
  let apart = 0
  let spread = 0
  for (let label = 0; label < labels; label++) {
    let mean = 0
    for (let row = 0; row < rows; row++) mean += (float[row * labels + label] ?? 0) / rows
    for (let row = 0; row < rows; row++) {
      const value = float[row * labels + label] ?? 0
      apart += ((quantised[row * labels + label] ?? 0) - value) ** 2
      spread += (value - mean) ** 2
    }
  }
  return spread > 0 ? Math.sqrt(apart / spread) : 0
}
