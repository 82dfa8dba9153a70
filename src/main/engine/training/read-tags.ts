import type { Mark } from '../../base/mark.ts'
import type { TaggedUnits } from './token-examples.ts'
import { logMarginals } from '../tasks/crf-scores.ts'
import { decode, withScheme, type Decoding } from '../tasks/decode.ts'
import { decodeTags, type TagSet } from '../tasks/tags.ts'
import { viterbi, type Transitions } from '../tasks/viterbi.ts'

/** A passage that was found; `confidence` is the least probability among its tags. */
export interface ReadMark extends Mark {
  readonly confidence: number
}

export interface TagReading {
  readonly tags: TagSet
  readonly decoding: Decoding
  /** Divides logits before softmax. */
  readonly temperature: number
  /** Of a conditional random field; null where words are answered one by one. */
  readonly learned: Transitions | null
}

/** The tags of one text and the logarithms of their probabilities, [units, tags]. */
function readText(
  logits: Float32Array,
  { tags, decoding, temperature, learned }: TagReading
): { said: Int32Array; logs: Float64Array } {
  if (!learned) {
    const logs = logProbabilities(logits, tags.size, temperature)
    return { said: decode(logs, tags, decoding), logs }
  }
  const transitions = decoding === 'constrained' ? withScheme(learned, tags) : learned
  return { said: viterbi(logits, transitions), logs: logMarginals(logits, transitions) }
}

/** log softmax(logits / temperature), row by row, [units, tags]. */
function logProbabilities(logits: Float32Array, width: number, temperature: number): Float64Array {
  const logs = Float64Array.from(logits, (value) => value / temperature)
  for (let at = 0; at < logs.length; at += width) {
    const own = logs.subarray(at, at + width)
    const most = own.reduce((a, b) => Math.max(a, b), -Infinity)
    const total = most + Math.log(own.reduce((sum, value) => sum + Math.exp(value - most), 0))
    for (let c = 0; c < width; c++) own[c] = (own[c] ?? 0) - total
  }
  return logs
}

/** The tag of every unit from the logits of all of them, [units, tags]. */
export function readPath({ starts }: TaggedUnits, logits: Float32Array, reading: TagReading): Int32Array {
  const { size } = reading.tags
  const path = new Int32Array(logits.length / size)
  for (let row = 0; row + 1 < starts.length; row++) {
    const [first, end] = [starts[row] ?? 0, starts[row + 1] ?? 0]
    path.set(readText(logits.subarray(first * size, end * size), reading).said, first)
  }
  return path
}

/**
 * How sure each row's tags are: the geometric mean of the probabilities of those that are said (Shen et al. 2018, arXiv:1707.05928, whose
 * MNLP is its logarithm); 1 where a row has no units.
 */
export function tagSureness(tagged: TaggedUnits, logits: Float32Array, reading: TagReading): number[] {
  const { size } = reading.tags
  return Array.from({ length: tagged.starts.length - 1 }, (_, row) => {
    const [first, end] = [tagged.starts[row] ?? 0, tagged.starts[row + 1] ?? 0]
    if (first === end) return 1
    const { said, logs } = readText(logits.subarray(first * size, end * size), reading)
    return Math.exp(said.reduce((sum, tag, unit) => sum + (logs[unit * size + tag] ?? 0), 0) / said.length)
  })
}

/** The passages of each row from the logits of its units, [units, tags]. */
export function readTags(tagged: TaggedUnits, logits: Float32Array, reading: TagReading): ReadMark[][] {
  const { tags } = reading
  const { size } = tags
  return Array.from({ length: tagged.starts.length - 1 }, (_, row) => {
    const [first, end] = [tagged.starts[row] ?? 0, tagged.starts[row + 1] ?? 0]
    const { said, logs: own } = readText(logits.subarray(first * size, end * size), reading)
    return decodeTags(said, tags).map((passage): ReadMark => {
      let least = 0
      for (let unit = passage.first; unit < passage.end; unit++)
        least = Math.min(least, own[unit * size + (said[unit] ?? 0)] ?? 0)
      return {
        start: tagged.from[first + passage.first] ?? 0,
        end: tagged.to[first + passage.end - 1] ?? 0,
        label: tags.types[passage.type] ?? '',
        confidence: Math.exp(least)
      }
    })
  })
}
