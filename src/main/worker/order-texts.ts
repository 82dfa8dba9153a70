import { fitTfIdf, kCenterOrder } from '../engine/evaluation/index.ts'
import type { FinishedEvent } from './protocol.ts'

/** Texts that are put in order; those after them are like one of these. */
const ORDERED = 300

/** Puts texts in an order in which each is as unlike those before it, and those that are labelled, as can be. The words of a text decide. */
export function orderTexts({
  texts,
  labelled
}: {
  readonly texts: readonly string[]
  readonly labelled: readonly string[]
}): FinishedEvent {
  const { matrix } = fitTfIdf([...labelled, ...texts])
  const places = kCenterOrder(matrix, labelled.length, ORDERED).map((row) => row - labelled.length)
  return { event: 'finished', places }
}
