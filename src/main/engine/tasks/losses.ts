import { assert } from '../../base/assert.ts'
import type { Ops } from '../graph/operations.ts'
import type { Value } from '../graph/types.ts'

export type LossKind = 'cross_entropy' | 'focal' | 'bce' | 'mse' | 'l1' | 'huber' | 'masked_cross_entropy' | 'crf' | 'answer'

export interface LossOptions {
  readonly kind: LossKind
  readonly focalGamma: number
  readonly huberDelta: number
}

/** Names of what the host feeds besides the text. */
export const lossFeeds = {
  /** [rows, labels] float32: see the losses. */
  targets: 'targets',
  /** [rows, labels] float32: weight of each element (bce and the regression losses). */
  targetWeights: 'target_weights',
  /** [examples] int64: the true token at each label position. */
  labels: 'labels',
  /** Scalar: 1 / Σ weight over the whole accumulation window. */
  scale: 'loss_scale'
} as const

/**
 * The weighted sum of a batch's losses, a scalar, before the host's 1/Σweight (design §4.5). With T the fed targets and z the logits:
 *
 * cross_entropy  −Σ T·log softmax(z). The host puts class weights and label smoothing into T as torch defines them:
 *                T[i,c] = (1−ε)·w[yᵢ]·[c = yᵢ] + ε/C·w[c], and the weight of row i is w[yᵢ] (torch.nn.CrossEntropyLoss).
 * focal          −Σ T·(1−p)^γ·log p (arXiv:1708.02002), T without smoothing.
 * bce            Σ v·(softplus(z) − z·T), v the element's weight (torch.nn.BCEWithLogitsLoss).
 * mse, l1        Σ v·(z−T)², Σ v·|z−T|
 * huber          Σ v·m·(|z−T| − m/2) with m = min(|z−T|, δ) (torch.nn.HuberLoss)
 */
export function weightedLoss(g: Ops, logits: Value, { kind, focalGamma, huberDelta }: LossOptions): Value {
  assert(kind !== 'crf' && kind !== 'answer', 'sequences have losses of their own')
  if (kind === 'masked_cross_entropy') return maskedLoss(g, logits)
  const targets = g.input(lossFeeds.targets, 'float32', logits.shape)
  if (kind === 'cross_entropy' || kind === 'focal') {
    const logP = g.logSoftmax(logits)
    const focus = kind === 'focal' ? g.mul(targets, focalWeight(g, logP, focalGamma)) : targets
    return g.neg(g.sumAll(g.mul(focus, logP)))
  }
  const weights = g.input(lossFeeds.targetWeights, 'float32', logits.shape)
  return g.sumAll(g.mul(weights, elementLoss(g, kind, logits, targets, huberDelta)))
}

function focalWeight(g: Ops, logP: Value, gamma: number): Value {
  const miss = g.sub(g.scalar(1), g.exp(logP))
  return g.pow(g.max(miss, g.scalar(0)), g.scalar(gamma))
}

function elementLoss(g: Ops, kind: 'bce' | 'mse' | 'l1' | 'huber', logits: Value, targets: Value, delta: number): Value {
  if (kind === 'bce') return g.sub(g.softplus(logits), g.mul(logits, targets))
  const difference = g.sub(logits, targets)
  if (kind === 'mse') return g.mul(difference, difference)
  const distance = g.abs(difference)
  if (kind === 'l1') return distance
  const near = g.min(distance, g.scalar(delta))
  return g.mul(near, g.sub(distance, g.scale(near, 0.5)))
}

/** −Σ log p of the true token at each label position: logits [examples, vocabulary]. */
function maskedLoss(g: Ops, logits: Value): Value {
  const labels = g.input(lossFeeds.labels, 'int64', ['examples'])
  const picked = g.gatherElements(g.logSoftmax(logits), g.unsqueeze(labels, [1]), 1)
  return g.neg(g.sumAll(picked))
}
