import { evaluate } from '../engine/evaluation/index.ts'
import { loadDataset } from '../data/dataset.ts'
import type { Runtime } from '../engine/runtime/port.ts'
import { evaluateMarks } from './answer-marks.ts'
import { evaluateQuestions } from './answer-questions.ts'
import { datasetSpec, oneFile, targetsOf } from './prepare.ts'
import { groupNumbers } from './group-numbers.ts'
import { evaluationInput, readLogits } from './judge.ts'
import type { TrainerEvent } from './protocol.ts'
import { decided } from './decided.ts'
import { followsSentence } from '../report/after-test.ts'
import { countTestLook } from '../report/test-looks.ts'
import { telling } from './open-answering.ts'
import { TrainedModel } from './trained-run.ts'

export interface EvaluateInput {
  readonly runFolder: string
  readonly dataFile: string
  readonly runtime: Runtime
  readonly cacheFolder: string
  readonly signal: AbortSignal
  readonly emit: (event: TrainerEvent) => void
}

/** Judges a finished run on another labelled file, with the columns of its configuration. */
export async function evaluateRun(input: EvaluateInput): Promise<Extract<TrainerEvent, { event: 'finished' }>> {
  const model = await TrainedModel.open(input.runtime, input.runFolder, input.cacheFolder, {
    takesPassages: true,
    takesQuestions: true,
    onSmaller: telling(input.emit)
  })
  try {
    if (model.config.task === 'token-classification') return await evaluateMarks(input, model)
    if (model.config.task === 'question-answering') return await evaluateQuestions(input, model)
    const { facts, config, settings } = model
    const dataset = await loadDataset(oneFile(datasetSpec(config, facts.classNames), input.dataFile), input.signal)
    for (const { code, message } of dataset.notes) input.emit({ event: 'note', code, message })
    const follows = followsSentence(model.decision)
    if (follows !== null) input.emit({ event: 'note', code: 'decision', message: follows })
    const targets = targetsOf(dataset)
    if (!targets) throw new Error('a run without targets cannot be evaluated')
    const onProgress = (done: number, total: number): void => {
      input.emit({ event: 'progress', phase: 'testing', done, total })
    }
    const { logits, examples } = await model.logits(dataset.texts, dataset.pairs, input.signal, onProgress)
    const rows = Int32Array.from(dataset.texts, (_, i) => i)
    const answers = readLogits(targets.kind, logits, targets.classes, facts.calibration, facts)
    const judged = decided(evaluationInput(targets, facts.classNames, rows, answers, facts.calibration), model.decision)
    const evaluation = evaluate(judged, {
      seed: settings.seed,
      rowIds: [...dataset.lines],
      groups: groupNumbers(dataset, rows),
      resamples: config.training.bootstrap_resamples
    })
    const looks = await countTestLook(config.output, dataset.contentHash)
    return {
      event: 'finished',
      run: input.runFolder,
      data: input.dataFile,
      rows: dataset.count,
      metrics: { test: evaluation.metrics },
      evaluation,
      test_looks: looks,
      truncated_rows: examples.truncatedRows
    }
  } finally {
    await model.dispose()
  }
}
