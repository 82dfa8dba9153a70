import type { RunConfig } from '../config-types.ts'

type Part = Pick<RunConfig, 'method' | 'training'>

/** What a device can compute matrix products in; one that is chosen later may be the processor. */
const precisions: Readonly<Record<RunConfig['training']['device'], readonly string[]>> = {
  cpu: ['float32'],
  auto: ['float32'],
  cuda: ['float32', 'bf16', 'fp16'],
  webgpu: ['float32', 'fp16'],
  directml: ['float32', 'fp16']
}

/** Whether a setting does anything on the device that a run asks for. */
export const isOffered = (path: string, { training }: Part): boolean => path !== 'training.tf32' || training.device === 'cuda'

/** Of a setting's choices those that can stand beside the rest of the run: what the device cannot compute is not offered. */
export function offered(path: string, choices: readonly string[], { method, training }: Part): readonly string[] {
  const isProcessor = training.device === 'cpu'
  if (path === 'training.precision') return precisions[training.device]
  if (path === 'training.optim' && !isProcessor) return choices.filter((choice) => choice !== 'adamw_8bit')
  if (path === 'training.frozen_weights' && (!isProcessor || method.type === 'full')) return ['float32']
  return choices
}
