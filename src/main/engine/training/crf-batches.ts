import type { HostTensor } from '../runtime/port.ts'
import type { Lists } from '../text/number-lists.ts'
import { crfFeeds } from '../tasks/crf.ts'
import type { TaggedUnits } from './token-examples.ts'

function longestList(lists: Lists): number {
  let most = 1
  for (let i = 0; i < lists.length; i++) most = Math.max(most, lists.lengthAt(i))
  return most
}

/** The least power of two that no sequence has more units than. */
export const crfSteps = ({ units }: TaggedUnits): number => 2 ** Math.ceil(Math.log2(longestList(units)))

/** What a conditional random field is fed for the sequences `rows`, whose units follow each other among the logits. */
export function crfInputs(tagged: TaggedUnits, rows: Int32Array, steps: number): Readonly<Record<string, HostTensor>> {
  const { classes, tags } = tagged
  const texts = rows.length
  const words = new BigInt64Array(texts * steps)
  const floats = (...shape: number[]) => ({
    type: 'float32' as const,
    shape,
    data: new Float32Array(shape.reduce((a, b) => a * b, 1))
  })
  const isStep = floats(texts, steps, 1, 1)
  const [first, last] = [floats(texts, 1), floats(texts, 1)]
  const [pairs, starts, ends] = [floats(classes, classes), floats(classes), floats(classes)]
  const borders = new Set(tagged.starts)
  const count = (into: Float32Array, at: number): void => void (into[at] = (into[at] ?? 0) + 1)
  let place = 0
  rows.forEach((row, text) => {
    const own = tagged.units.at(row)
    own.forEach((unit, step) => {
      words[text * steps + step] = BigInt(place++)
      if (step === 0) return
      isStep.data[text * steps + step] = 1
      count(pairs.data, (tags[own[step - 1] ?? 0] ?? 0) * classes + (tags[unit] ?? 0))
    })
    const [begin = -1, end = -1] = [own[0], own.at(-1)]
    if (borders.has(begin)) {
      first.data[text] = 1
      count(starts.data, tags[begin] ?? 0)
    }
    if (borders.has(end + 1)) {
      last.data[text] = 1
      count(ends.data, tags[end] ?? 0)
    }
  })
  return {
    [crfFeeds.words]: { type: 'int64', shape: [texts, steps], data: words },
    [crfFeeds.steps]: isStep,
    [crfFeeds.first]: first,
    [crfFeeds.last]: last,
    [crfFeeds.pairs]: pairs,
    [crfFeeds.starts]: starts,
    [crfFeeds.ends]: ends
  }
}
