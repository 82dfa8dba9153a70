import { Ops } from '../graph/operations.ts'
import type { Graph, Value } from '../graph/types.ts'
import { verifyGraph, verifyInPlace } from '../graph/verify.ts'

export type OptimizerId = 'adamw' | 'adam' | 'sgd'

/**
 * Scalars that the host works out in double precision for each step and parameter group and feeds as float32.
 */
export const scalarNames = {
  /** Factor on the gradient: 1, or max_grad_norm / norm. */
  clip: 'clip_scale',
  /** adamw: 1 − lr·weight_decay, on the weight. */
  keep: 'keep',
  /** adam, sgd: weight_decay, added to the gradient times the weight (L2). */
  decay: 'decay',
  /** adamw, adam: lr / (1 − β₁ᵗ). sgd: lr. */
  stepSize: 'step_size',
  /** adamw, adam: 1 / √(1 − β₂ᵗ). */
  rootCorrection: 'root_correction',
  beta1: 'beta1',
  oneMinusBeta1: 'one_minus_beta1',
  beta2: 'beta2',
  oneMinusBeta2: 'one_minus_beta2',
  epsilon: 'epsilon',
  /** sgd */
  momentum: 'momentum'
} as const

/** State arrays an optimizer keeps beside weight and gradient, each as large as the parameters. */
export const optimizerState: Readonly<Record<OptimizerId, readonly string[]>> = {
  adamw: ['exp_avg', 'exp_avg_sq'],
  adam: ['exp_avg', 'exp_avg_sq'],
  sgd: ['momentum_buffer']
}

/** A slot's new value is the graph output of this name. */
export const updatedOutput = (slot: string): string => `new/${slot}`

/**
 * One optimizer step over a stretch of `n` consecutive parameters, all slots updated in place. The stretch is short enough to stay in the
 * processor's cache, so a step costs little more than reading and writing each array once.
 *
 * adamw (arXiv:1711.05101, torch.optim.AdamW): w ← w·(1 − lr·λ); m ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²; w ← w − lr/(1−β₁ᵗ) · m / (√v/√(1−β₂ᵗ) + ε)
 * adam (arXiv:1412.6980, torch.optim.Adam): the same with g ← g + λw and no decay of w
 * sgd (torch.optim.SGD): g ← g + λw; b ← μb + g; w ← w − lr·b
 */
export function buildUpdateGraph(optimizer: OptimizerId): Graph {
  const g = new Ops({ training: false })
  const slot = (name: string): Value => g.state(name, 'float32', ['n'])
  const scalar = (name: string): Value => g.input(name, 'float32', [])
  const weight = slot('weight')
  const clipped = g.mul(slot('grad'), scalar(scalarNames.clip))
  const gradient = optimizer === 'adamw' ? clipped : g.add(clipped, g.mul(weight, scalar(scalarNames.decay)))
  const kept = optimizer === 'adamw' ? g.mul(weight, scalar(scalarNames.keep)) : weight
  const direction = optimizer === 'sgd' ? momentumStep(g, slot, scalar, gradient) : adamDirection(g, slot, scalar, gradient)
  g.output(updatedOutput('weight'), g.sub(kept, g.mul(direction, scalar(scalarNames.stepSize))))
  const graph = g.build()
  verifyGraph(graph)
  for (const name of ['weight', ...optimizerState[optimizer]]) verifyInPlace(graph, name, updatedOutput(name))
  return graph
}

type Named = (name: string) => Value

function adamDirection(g: Ops, slot: Named, scalar: Named, gradient: Value): Value {
  const average = g.add(g.mul(slot('exp_avg'), scalar(scalarNames.beta1)), g.mul(gradient, scalar(scalarNames.oneMinusBeta1)))
  const squares = g.add(
    g.mul(slot('exp_avg_sq'), scalar(scalarNames.beta2)),
    g.mul(g.mul(gradient, gradient), scalar(scalarNames.oneMinusBeta2))
  )
  g.output(updatedOutput('exp_avg'), average)
  g.output(updatedOutput('exp_avg_sq'), squares)
  const root = g.mul(g.sqrt(squares), scalar(scalarNames.rootCorrection))
  return g.div(average, g.add(root, scalar(scalarNames.epsilon)))
}

function momentumStep(g: Ops, slot: Named, scalar: Named, gradient: Value): Value {
  const buffer = g.add(g.mul(slot('momentum_buffer'), scalar(scalarNames.momentum)), gradient)
  g.output(updatedOutput('momentum_buffer'), buffer)
  return buffer
}

/** The sum of squares of a stretch of `n` gradients: output `sum`. */
export function buildNormGraph(): Graph {
  const g = new Ops({ training: false })
  g.output('sum', g.reduceSumSquare(g.state('grad', 'float32', ['n']), [0]))
  const graph = g.build()
  verifyGraph(graph)
  return graph
}

export interface UpdateSettings {
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  readonly momentum: number
}

/** The scalars of one step for one group. `step` counts from 1. */
export function updateScalars(
  optimizer: OptimizerId,
  settings: UpdateSettings,
  at: { readonly step: number; readonly learningRate: number; readonly weightDecay: number; readonly clipScale: number }
): Readonly<Record<string, number>> {
  const { beta1, beta2, epsilon, momentum } = settings
  const { step, learningRate, weightDecay, clipScale } = at
  const common = { [scalarNames.clip]: clipScale }
  if (optimizer === 'sgd') {
    return { ...common, [scalarNames.decay]: weightDecay, [scalarNames.stepSize]: learningRate, [scalarNames.momentum]: momentum }
  }
  return {
    ...common,
    ...(optimizer === 'adamw' ? { [scalarNames.keep]: 1 - learningRate * weightDecay } : { [scalarNames.decay]: weightDecay }),
    [scalarNames.stepSize]: learningRate / (1 - beta1 ** step),
    [scalarNames.rootCorrection]: 1 / Math.sqrt(1 - beta2 ** step),
    [scalarNames.beta1]: beta1,
    [scalarNames.oneMinusBeta1]: 1 - beta1,
    [scalarNames.beta2]: beta2,
    [scalarNames.oneMinusBeta2]: 1 - beta2,
    [scalarNames.epsilon]: epsilon
  }
}
