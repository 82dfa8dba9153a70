/** The factor that keeps small gradients above float16's smallest number, and the steps since it last changed. */
export interface LossScale {
  readonly scale: number
  readonly goodSteps: number
}

/** As torch.amp.GradScaler: begins with 2¹⁶, doubles after 2,000 steps without an overflow, halves after each. */
export const firstLossScale: LossScale = { scale: 65_536, goodSteps: 0 }
const growthInterval = 2000

/** After a step whose gradients were finite. */
export function afterGoodStep({ scale, goodSteps }: LossScale): LossScale {
  return goodSteps + 1 < growthInterval ? { scale, goodSteps: goodSteps + 1 } : { scale: scale * 2, goodSteps: 0 }
}

/** After gradients that overflowed; null where nothing is left to give way: the loss was not scaled up any more. */
export function afterOverflow({ scale }: LossScale): LossScale | null {
  return scale > 1 ? { scale: scale / 2, goodSteps: 0 } : null
}
