import { join } from 'node:path'
import { defined } from '../base/assert.ts'
import { writeFileAtomic } from '../base/files.ts'
import type { Mark } from '../base/mark.ts'
import { readFile } from '../base/sealed/fs.ts'
import { loadDataset } from '../data/dataset.ts'
import { inCodePoints, inUnits } from '../data/spans/span.ts'
import { evaluateEntities, type EntityBaseline } from '../engine/evaluation/index.ts'
import { foldSummary } from '../report/folds.ts'
import { readPassages, type StoredDocument } from '../report/passages.ts'
import type { RunReport } from '../report/run-report.ts'
import { FOLD_FILE, hashOfFolds, placesOf, requireSameData, type FoldedRun } from './folds.ts'
import { groupNumbers } from './group-numbers.ts'
import { datasetSpec, type PreparedRun } from './prepare.ts'
import { writePassages } from './write-passages.ts'

/** What a fold adds to the passages that it found, so that those of all folds can be judged together. */
interface StoredMarkFold {
  readonly format: 'attune-fold-marks-1'
  /** Hash of the data's content: rows are numbers into them. */
  readonly content: string
  readonly rows: readonly number[]
  /** Places count characters as the stored passages do: code points. */
  readonly baselines: readonly EntityBaseline[]
}

/** Keeps which documents a fold tested, and what each baseline found in them. */
export async function writeMarkFold(
  folder: string,
  { dataset, split }: Pick<PreparedRun, 'dataset' | 'split'>,
  baselines: readonly EntityBaseline[]
): Promise<void> {
  const placed = (said: EntityBaseline['said']): Mark[][] =>
    said.map((marks, i) => {
      const place = inCodePoints(dataset.texts[split.test[i] ?? 0] ?? '')
      return marks.map((mark) => place(mark))
    })
  const stored: StoredMarkFold = {
    format: 'attune-fold-marks-1',
    content: dataset.contentHash,
    rows: [...split.test],
    baselines: baselines.map(({ id, title, said }) => ({ id, title, said: placed(said) }))
  }
  await writeFileAtomic(join(folder, FOLD_FILE), JSON.stringify(stored))
}

interface MarkFold extends Pick<StoredMarkFold, 'rows' | 'baselines'> {
  readonly types: readonly string[]
  readonly documents: readonly StoredDocument[]
}

async function readMarkFold(folder: string, content: string): Promise<MarkFold> {
  const stored = JSON.parse(await readFile(join(folder, FOLD_FILE), 'utf8')) as StoredMarkFold // Written by writeMarkFold.
  requireSameData(stored.content, content)
  const { types, documents } = defined(await readPassages(folder, 'test'), 'what a fold found')
  return { rows: stored.rows, baselines: stored.baselines, types, documents }
}

/**
 * Judges the passages of all folds as those of one test: every document was read once, by a model that had not learned from it. Keeps them
 * beside the report. Throws an InputError where the data changed in the meantime.
 */
export async function poolMarkFolds({ config, folder, folders, reports, signal }: FoldedRun): Promise<RunReport> {
  const dataset = await loadDataset(datasetSpec(config), signal)
  const folds = await Promise.all(folders.map((each) => readMarkFold(each, dataset.contentHash)))
  const places = placesOf(folds)
  const rows = Int32Array.from(places, ({ row }) => row)
  const inText = <M extends Mark>(marks: readonly M[] = [], i: number): M[] => {
    const place = inUnits(dataset.texts[rows[i] ?? 0] ?? '')
    return marks.map((mark) => place(mark))
  }
  const documents = places.map(({ which, at }) => defined(folds[which]?.documents[at], 'a document of a fold'))
  const judged = {
    types: defined(folds[0], 'a fold').types,
    truth: documents.map(({ truth }, i) => inText(truth, i)),
    said: documents.map(({ said }, i) => inText(said, i))
  }
  await writePassages(folder, 'test', { dataset, split: { splitHash: hashOfFolds(dataset, folds) } }, rows, judged)
  const { seed, bootstrap_resamples: resamples } = config.training
  const baselines = (folds[0]?.baselines ?? []).map(({ id, title }, each) => ({
    ...{ id, title },
    said: places.map(({ which, at }, i) => inText(folds[which]?.baselines[each]?.said[at], i))
  }))
  const rowIds = Array.from(rows, (row) => dataset.lines[row] ?? row)
  const groups = groupNumbers(dataset, rows)
  const evaluation = evaluateEntities(judged, { seed, rowIds, groups, resamples, baselines })
  return foldSummary(reports, { folder, evaluation, rows: rows.length })
}
