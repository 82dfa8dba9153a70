export type ScheduleId =
  'constant' | 'constant_with_warmup' | 'linear' | 'cosine' | 'cosine_with_restarts' | 'polynomial' | 'slanted_triangular'

export interface ScheduleSettings {
  readonly type: ScheduleId
  readonly warmupSteps: number
  readonly totalSteps: number
  /** cosine: half periods × 2 (default 0.5); cosine_with_restarts: hard restarts (default 1). */
  readonly numCycles?: number
  /** polynomial, default 1. */
  readonly power?: number
  /** polynomial: the last rate as a share of the first (transformers: lr_end / learning rate, with lr_end 1e-7), default 0. */
  readonly endShare?: number
  /** slanted_triangular: share of steps that rise (default 0.1), and how much smaller the lowest rate is (default 32). */
  readonly cutFraction?: number
  readonly ratio?: number
}

/**
 * The learning rate's multiplier for optimizer step `step`, counted from 0; formulas as in transformers' optimization.py
 * (`get_linear_schedule_with_warmup` and its siblings), slanted_triangular as in ULMFiT (arXiv:1801.06146, eq. 3).
 */
export function scheduleFactor(settings: ScheduleSettings, step: number): number {
  const { type, warmupSteps: warmup, totalSteps: total } = settings
  if (type === 'constant') return 1
  if (type === 'slanted_triangular') return slantedTriangular(settings, step)
  if (step < warmup) return step / Math.max(1, warmup)
  const progress = (step - warmup) / Math.max(1, total - warmup)
  switch (type) {
    case 'constant_with_warmup':
      return 1
    case 'linear':
      return Math.max(0, (total - step) / Math.max(1, total - warmup))
    case 'cosine':
      return Math.max(0, 0.5 * (1 + Math.cos(Math.PI * (settings.numCycles ?? 0.5) * 2 * progress)))
    case 'cosine_with_restarts':
      return progress >= 1 ? 0 : Math.max(0, 0.5 * (1 + Math.cos(Math.PI * (((settings.numCycles ?? 1) * progress) % 1))))
    case 'polynomial':
      return polynomial(settings, step)
  }
}

function polynomial({ warmupSteps: warmup, totalSteps: total, power = 1, endShare = 0 }: ScheduleSettings, step: number): number {
  if (step > total) return endShare
  const left = 1 - (step - warmup) / Math.max(1, total - warmup)
  return (1 - endShare) * left ** power + endShare
}

function slantedTriangular({ totalSteps: total, cutFraction = 0.1, ratio = 32 }: ScheduleSettings, step: number): number {
  const cut = Math.max(1, Math.floor(total * cutFraction))
  const share = step < cut ? step / cut : 1 - (step - cut) / (cut * (1 / cutFraction - 1))
  return (1 + Math.max(0, share) * (ratio - 1)) / ratio
}
