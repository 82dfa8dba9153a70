/** The learning rate that a run takes when it names none, and the range in which such runs usually learn. */
export interface LearningRateAdvice {
  readonly default: number
  readonly usual: readonly [low: number, high: number]
}
