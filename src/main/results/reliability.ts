import type { CalibrationView, Reliability } from '../../preload/contract/results.ts'
import { binEvents, calibrationError, reliabilityBins, topEvents, type BinnedEvents } from '../engine/evaluation/index.ts'
import { evaluationInputOf, type StoredPredictions } from '../report/predictions.ts'

/** How sure the model was and how often it was right, for stored answers. */
function reliabilityOf(stored: StoredPredictions): Reliability | null {
  const events = eventsOf(stored)
  if (events === null || stored.lines.length === 0) return null
  const error = calibrationError(events)(new Int32Array(stored.lines.length).fill(1))
  const bins = reliabilityBins(events).flatMap(({ confidence, accuracy, count }) =>
    confidence === null || accuracy === null ? [] : [{ sure: confidence, right: accuracy, count }]
  )
  return { rows: stored.lines.length, bins, ece: error }
}

function eventsOf(stored: StoredPredictions): BinnedEvents | null {
  const input = evaluationInputOf(stored)
  if (input.kind === 'regression') return null
  if (input.kind === 'single-label') return topEvents(input)
  return binEvents(input.probabilities, input.labels, input.labelNames.length)
}

/**
 * The same answers before the temperature T was applied. With p ∝ exp(z / T) the probabilities without it are ∝ p^T; of a label alone they follow
 * from its odds, (p / (1 − p))^T.
 */
export function withoutTemperature(stored: StoredPredictions, temperatures: readonly number[]): StoredPredictions {
  const width = Math.max(1, stored.classNames.length)
  if (stored.kind === 'multi-label') {
    const answers = stored.answers.map((p, i) => {
      const odds = (p / (1 - p)) ** (temperatures[i % width] ?? 1)
      return odds === Infinity ? 1 : odds / (1 + odds)
    })
    return { ...stored, answers }
  }
  const power = temperatures[0] ?? 1
  const raised = stored.answers.map((p) => p ** power)
  const answers = raised.map((value, i) => {
    const start = i - (i % width)
    return value / raised.slice(start, start + width).reduce((sum, each) => sum + each, 0)
  })
  return { ...stored, answers }
}

/** What temperature scaling did on validation, where it was fitted, and whether it holds on the test. */
export function calibrationOf(
  validation: StoredPredictions | null,
  test: StoredPredictions | null,
  temperatures: readonly number[] | null
): CalibrationView {
  const before = validation && temperatures && reliabilityOf(withoutTemperature(validation, temperatures))
  return {
    temperatures: temperatures ?? [],
    before,
    after: validation && reliabilityOf(validation),
    test: test && reliabilityOf(test)
  }
}
