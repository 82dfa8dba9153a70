import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { OptimizerId } from '../../src/main/engine/optimizers/state.ts'
import { updateScalars, type UpdateSettings } from '../../src/main/engine/optimizers/update-graphs.ts'

/** What scripts/reference/optimizers.py records of one optimizer: ten clipped steps over two parameters, each a group of its own. */
export interface OptimizerCase {
  readonly name: string
  readonly optimizer: OptimizerId
  readonly settings: UpdateSettings
  readonly max_norm: number
  readonly groups: readonly { readonly learning_rate: number; readonly weight_decay: number }[]
  readonly start: readonly (readonly number[])[]
  /** By step, then by group. */
  readonly gradients: readonly (readonly (readonly number[])[])[]
  readonly norms: readonly number[]
  readonly after: readonly (readonly (readonly number[])[])[]
}

const file = join(import.meta.dirname, '../fixtures/optimizers/updates.json')

// Our own fixture.
export const optimizerCases = (JSON.parse(readFileSync(file, 'utf8')) as { readonly cases: readonly OptimizerCase[] }).cases

/** The scalars of `step` (from 0) for `group`; the norm is clipped as torch.nn.utils.clip_grad_norm_ does. */
export function scalarsAt(record: OptimizerCase, step: number, group: number, norm: number): Readonly<Record<string, number>> {
  const { learning_rate: learningRate = NaN, weight_decay: weightDecay = NaN } = record.groups[group] ?? {}
  const clipScale = Math.min(1, record.max_norm / (norm + 1e-6))
  return updateScalars(record.optimizer, record.settings, { step: step + 1, learningRate, weightDecay, clipScale })
}
