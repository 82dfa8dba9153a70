import { join } from 'node:path'
import { defined } from '../base/assert.ts'
import { writeFileAtomic } from '../base/files.ts'
import { readFile } from '../base/sealed/fs.ts'
import { loadDataset } from '../data/dataset.ts'
import { inUnits } from '../data/spans/span.ts'
import type { AnswerBaseline, JudgedAnswer } from '../engine/evaluation/index.ts'
import { foldSummary } from '../report/folds.ts'
import type { RunReport } from '../report/run-report.ts'
import { readAnswers, type StoredQuestion } from '../report/stored-answers.ts'
import { FOLD_FILE, hashOfFolds, placesOf, requireSameData, type FoldedRun } from './folds.ts'
import { measureAnswers } from './measure-answers.ts'
import { datasetSpec, type PreparedRun } from './prepare.ts'
import type { AnsweringFacts } from './run-model.ts'
import { writeAnswers } from './write-answers.ts'

/** What a fold adds to its answers, so that those of all folds can be judged together. */
interface StoredAnswerFold extends AnsweringFacts {
  readonly format: 'attune-fold-answers-1'
  /** Hash of the data's content: rows are numbers into them. */
  readonly content: string
  readonly rows: readonly number[]
  readonly baselines: readonly AnswerBaseline[]
}

/** Keeps which questions a fold tested, when it said none, and how right each baseline was. */
export async function writeAnswerFold(
  folder: string,
  { dataset, split }: Pick<PreparedRun, 'dataset' | 'split'>,
  { threshold }: AnsweringFacts,
  baselines: readonly AnswerBaseline[]
): Promise<void> {
  const stored: StoredAnswerFold = {
    format: 'attune-fold-answers-1',
    content: dataset.contentHash,
    rows: [...split.test],
    threshold,
    baselines
  }
  await writeFileAtomic(join(folder, FOLD_FILE), JSON.stringify(stored))
}

interface AnswerFold extends Pick<StoredAnswerFold, 'rows' | 'threshold' | 'baselines'> {
  readonly questions: readonly StoredQuestion[]
}

async function readAnswerFold(folder: string, content: string): Promise<AnswerFold> {
  const stored = JSON.parse(await readFile(join(folder, FOLD_FILE), 'utf8')) as StoredAnswerFold // Written by writeAnswerFold.
  requireSameData(stored.content, content)
  const { questions } = defined(await readAnswers(folder, 'test'), 'what a fold answered')
  return { rows: stored.rows, threshold: stored.threshold, baselines: stored.baselines, questions }
}

/** A stored answer as it was judged, its places counted in the text's UTF-16 units. */
function judgedAnswer({ truth, said, score, exact, f1 }: StoredQuestion, text: string): JudgedAnswer {
  const units = inUnits(text)
  return { exact, f1, score, isAnswered: truth.length > 0, truth: truth.map(units), said: said && units(said) }
}

/**
 * Judges the answers of all folds as those of one test: every question was answered once, by a model that had not learned from its document, and
 * each fold said none by the threshold that it had fitted itself. Keeps the answers beside the report. Throws an InputError where the data changed
 * in the meantime.
 */
export async function poolAnswerFolds({ config, folder, folders, reports, signal }: FoldedRun): Promise<RunReport> {
  const dataset = await loadDataset(datasetSpec(config), signal)
  const folds = await Promise.all(folders.map((each) => readAnswerFold(each, dataset.contentHash)))
  const places = placesOf(folds)
  const rows = Int32Array.from(places, ({ row }) => row)
  const questions = places.map(({ which, at }) => defined(folds[which]?.questions[at], 'a question of a fold'))
  const judged = questions.map((question, i) => judgedAnswer(question, dataset.texts[rows[i] ?? 0] ?? ''))
  await writeAnswers(folder, 'test', { dataset, split: { splitHash: hashOfFolds(dataset, folds) } }, rows, judged)
  const { seed, bootstrap_resamples: resamples } = config.training
  const evaluation = measureAnswers(dataset, {
    ...{ rows, judged, seed, resamples },
    threshold: folds.map(({ threshold }) => threshold),
    baselines: (folds[0]?.baselines ?? []).map(({ id, title }, each) => ({
      ...{ id, title },
      scores: places.map(({ which, at }) => defined(folds[which]?.baselines[each]?.scores[at], 'what a baseline scored'))
    }))
  })
  return foldSummary(reports, { folder, evaluation, rows: rows.length })
}
