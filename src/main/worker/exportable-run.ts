import { defined } from '../base/assert.ts'
import type { ExportableRun } from '../export/define-exporter.ts'
import { answeringFile, type AnsweringFile } from '../export/answering/answering-file.ts'
import { marksFile, type MarksFile } from '../export/marks/marks-file.ts'
import { tagReading } from './mark-reading.ts'
import { answeringOf, askedSpec } from './prepare-answers.ts'
import { markingOf } from './prepare-marks.ts'
import type { TrainedParts } from './trained-run.ts'

/** A run as an exporter sees it. */
export function exportable(run: TrainedParts): ExportableRun {
  const { config, base, tokenizer, definition, selection, checkpoint, facts, settings } = run
  const { classNames, problem, shift, scale } = facts
  const weights = { base, definition, selection, checkpoint: checkpoint.checkpoint, shift, scale }
  const padId = tokenizer.specialTokens.pad ?? base.config.padId
  const reading = { maxLength: settings.maxLength, pairs: 'text_pair' in config.data && config.data.text_pair !== null }
  const padding = { id: padId, token: tokenizer.tokenOf(padId) }
  const read = { marks: marksOf(run), answering: answersOf(run) }
  return { ...weights, classNames, problem, ...read, ...reading, padding, metrics: {} }
}

/** How a run's answers are read from its scores; null where nothing is asked. */
function answersOf({ config, facts, settings }: TrainedParts): AnsweringFile | null {
  const answering = answeringOf(config)
  if (!answering || config.task !== 'question-answering') return null
  const { maxAnswerLength, nBest } = answering.reading
  return answeringFile({
    questions: askedSpec(config.data).questions ?? null,
    max_length: settings.maxLength,
    stride: settings.truncation === 'windows' ? settings.windowStride : 0,
    ...{ max_answer_length: maxAnswerLength, n_best: nBest },
    threshold: defined(facts.answering, 'when it says none').threshold
  })
}

/** How a run's passages are read from its tags; null where it answers whole texts. */
function marksOf({ config, facts, settings }: TrainedParts): MarksFile | null {
  const marking = markingOf(config, facts.classNames)
  if (!marking) return null
  const { temperature, learned } = tagReading(marking, facts)
  const stride = settings.truncation === 'windows' ? settings.windowStride : 0
  const { options } = marking
  return marksFile({ kinds: facts.classNames, options, temperature, learned, maxLength: settings.maxLength, stride })
}
