import { TagSet } from '../engine/tasks/tags.ts'
import type { Transitions } from '../engine/tasks/viterbi.ts'
import type { TagReading } from '../engine/training/read-tags.ts'
import { learnedScores, type MarksFile } from '../export/marks/marks-file.ts'
import type { Marking } from './prepare-marks.ts'
import type { CrfFacts, RunModel } from './run-model.ts'

/** How the logits of words are read. */
export type MarkReading = Pick<RunModel, 'calibration' | 'crf'>

/** Scores of a conditional random field as the decoder takes them. */
export const transitionsOf = ({ between, start, end }: CrfFacts, tags: number): Transitions => ({
  tags,
  between: Float64Array.from(between),
  start: Float64Array.from(start),
  end: Float64Array.from(end)
})

/** How a run reads the logits of words. */
export function tagReading({ tags, options }: Marking, { calibration, crf }: MarkReading): TagReading {
  const learned = crf ? transitionsOf(crf, tags.size) : null
  return { tags, decoding: options.decoding, temperature: calibration.temperatures[0] ?? 1, learned }
}

/** How an export says that they are read. */
export function readingOfFile(file: MarksFile): TagReading {
  const tags = new TagSet(file.kinds, file.scheme)
  const crf = learnedScores(file)
  return { tags, decoding: file.decoding, temperature: file.temperature, learned: crf && transitionsOf(crf, tags.size) }
}
