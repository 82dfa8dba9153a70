import { predictedClasses } from './classification.ts'

/** The rule by which one class is called out: from this probability on, however probable another class is. */
export interface Alarm {
  /** Class number. */
  readonly label: number
  readonly threshold: number
}

/** The answer to each row of `probabilities` [rows, classes]: the alarm's class from its threshold on, else the most probable of the others. */
export function decide(probabilities: Float64Array, classes: number, alarm: Alarm | null): Int32Array {
  if (alarm === null) return predictedClasses(probabilities, classes)
  const { label, threshold } = alarm
  return Int32Array.from({ length: probabilities.length / classes }, (_, row) => {
    const own = probabilities.subarray(row * classes, (row + 1) * classes)
    if ((own[label] ?? 0) >= threshold) return label
    return own.reduce((best, value, c) => (c !== label && (best === label || value > (own[best] ?? 0)) ? c : best), label)
  })
}

/** How sure each answer to `probabilities` [rows, classes] is: its highest probability, which decides whether a person must look. */
export function surenessOf(probabilities: Float64Array, classes: number): Float64Array {
  return Float64Array.from({ length: probabilities.length / classes }, (_, row) =>
    probabilities.subarray(row * classes, (row + 1) * classes).reduce((most, value) => Math.max(most, value), 0)
  )
}
