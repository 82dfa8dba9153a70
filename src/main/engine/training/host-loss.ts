import { lossFeeds, type LossOptions } from '../tasks/losses.ts'
import { batchTargets, type Targets, type TargetSettings } from './targets.ts'

/** The loss that is trained, over given logits [rows, labels]: the formulas of tasks/losses.ts in double precision on the host. */
export function hostLoss(
  targets: Targets,
  settings: TargetSettings,
  options: LossOptions,
  rows: Int32Array,
  logits: Float32Array
): number {
  const { inputs, weight } = batchTargets(targets, settings, rows)
  const wanted = inputs[lossFeeds.targets]?.data ?? new Float32Array(0)
  const weights = inputs[lossFeeds.targetWeights]?.data
  const { classes } = targets
  let sum = 0
  for (let row = 0; row < rows.length; row++) {
    const own = logits.subarray(row * classes, (row + 1) * classes)
    const logTotal = logSumExp(own)
    for (let c = 0; c < classes; c++) {
      const at = row * classes + c
      const target = Number(wanted[at])
      const logit = own[c] ?? 0
      sum +=
        targets.kind === 'single-label'
          ? target * surprise(logit - logTotal, options)
          : Number(weights?.[at] ?? 1) * elementLoss(logit, target, options)
    }
  }
  return sum / weight
}

function logSumExp(values: Float32Array): number {
  const largest = values.reduce((top, value) => Math.max(top, value), -Infinity)
  return largest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - largest), 0))
}

/** −log p, weighed down by (1 − p)^γ for the focal loss. */
function surprise(logP: number, { kind, focalGamma }: LossOptions): number {
  return kind === 'focal' ? -logP * (1 - Math.exp(logP)) ** focalGamma : -logP
}

function elementLoss(logit: number, target: number, { kind, huberDelta }: LossOptions): number {
  if (kind === 'bce') return Math.max(logit, 0) + Math.log1p(Math.exp(-Math.abs(logit))) - logit * target
  const distance = Math.abs(logit - target)
  if (kind === 'mse') return distance ** 2
  if (kind === 'l1') return distance
  const near = Math.min(distance, huberDelta)
  return near * (distance - near / 2)
}
