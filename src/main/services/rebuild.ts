import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { StoredDataset } from '../data/datasets/datasets.ts'
import { attach } from '../runs/attached.ts'
import { addEvaluation, addMetricPoints, type EvaluationPoint, type MetricPoint } from '../tracker/queries/metrics.ts'
import { changeDataset, findAnyDataset } from '../tracker/queries/datasets.ts'
import { addProject, changeProject, findAnyProject } from '../tracker/queries/projects.ts'
import { setNote } from '../tracker/queries/record.ts'
import { addRun, changeRun, findAnyRun, type RunRow } from '../tracker/queries/runs.ts'
import type { WritableDb } from '../tracker/tracker.ts'
import { datasetIndex } from './dataset-index.ts'

export interface RebuildFolders {
  readonly projects: string
  readonly datasets: string
  readonly runs: string
  readonly bin: string
}

type Json = Readonly<Record<string, unknown>>

/**
 * Puts into the tracker what lies in the folders and is not in it: everything, where the tracker is new. The folders were written by this
 * program; one that cannot be read is left alone. Resolves to how many entries were added.
 */
export async function rebuild(db: WritableDb, folders: RebuildFolders): Promise<number> {
  let added = 0
  for (const name of await entriesOf(folders.projects)) {
    if (addProjectFile(db, await readJson(join(folders.projects, name)))) added++
  }
  for (const name of await entriesOf(folders.datasets)) {
    if (await addDatasetFolder(db, join(folders.datasets, name), name)) added++
  }
  for (const name of await entriesOf(folders.runs)) {
    if (await addRunFolder(db, join(folders.runs, name))) added++
  }
  for (const name of await entriesOf(folders.bin)) added += await addBinFolder(db, folders, name)
  return added
}

function addProjectFile(db: WritableDb, found: Json | null): boolean {
  const [id, name, created_at] = [textIn(found?.['id']), textIn(found?.['name']), textIn(found?.['created_at'])]
  if (id === null || name === null || created_at === null || findAnyProject(db, id)) return false
  addProject(db, { id, name, created_at, sample: textIn(found?.['sample']), discarded_at: null })
  setNote(db, id, textIn(found?.['note']) ?? '')
  return true
}

async function addDatasetFolder(db: WritableDb, folder: string, name: string): Promise<boolean> {
  const found = (await readJson(join(folder, 'dataset.json'))) as StoredDataset | null // Written by Datasets.
  if (found?.id !== name || findAnyDataset(db, name)) return false
  // Those from before there were projects do not name theirs.
  const project = ((found as Partial<StoredDataset>).project ?? `p-${name.slice(2)}`) as StoredDataset['project'] // Minted here.
  datasetIndex(db).save({ ...found, project })
  haveProject(db, project, found.name, found.addedAt, found.sample)
  return true
}

/** A project whose own file is gone is named after what belongs to it. */
function haveProject(db: WritableDb, id: string, file: string, created_at: string, sample: string | null): void {
  if (findAnyProject(db, id)) return
  addProject(db, { id, name: file.replace(/\.[a-z0-9]{1,6}$/i, ''), sample, created_at, discarded_at: null })
}

/** What lies in the bin is there again, as discarded as it was. */
async function addBinFolder(db: WritableDb, { bin, runs }: RebuildFolders, id: string): Promise<number> {
  const folder = join(bin, id)
  const isData = await addDatasetFolder(db, join(folder, 'dataset'), id)
  const isRun = await addRunFolder(db, join(folder, 'run'))
  if (!isData && !isRun) return 0
  const mark = await readJson(join(folder, 'discarded.json'))
  const discarded = { discarded_at: textIn(mark?.['discarded_at']) ?? '', discarded_with: textIn(mark?.['discarded_with']) }
  if (isData) changeDataset(db, id, discarded)
  else changeRun(db, id, { ...discarded, folder: join(runs, `${id}-1`) })
  const project = discarded.discarded_with
  if (project !== null) changeProject(db, project, { discarded_at: discarded.discarded_at })
  return 1
}

async function addRunFolder(db: WritableDb, folder: string): Promise<boolean> {
  const identity = await readJson(join(folder, 'attune.json'))
  const record = await readJson(join(folder, 'run.json'))
  const config = objectIn((await readJson(join(folder, 'config.json')))?.['config'])
  const id = identity?.['id']
  if (!identity || !record || !config || typeof id !== 'string' || findAnyRun(db, id)) return false
  const { points, evaluations, totalSteps } = await readEvents(join(folder, 'metrics.jsonl'))
  const metric = textIn(objectIn(config['training'])?.['metric_for_best_model'])
  const row = { ...rowOf(identity, record, config), id, folder, total_steps: totalSteps, step: points.at(-1)?.step ?? 0 }
  const best = metric === null ? undefined : evaluations.findLast(({ isBest }) => isBest)
  const test = testOf(await readJson(join(folder, 'report.json')), metric)
  db.transaction(() => {
    addRun(db, {
      ...row,
      ...test,
      best_metric: metric,
      best_value: best?.metrics[metric ?? ''] ?? null,
      best_step: best?.step ?? null
    })
    attach(db, id, attachedIn(identity))
    haveProject(db, row.project_id, row.dataset_name, row.created_at, null)
    addMetricPoints(db, id, points)
    for (const evaluation of evaluations) addEvaluation(db, id, evaluation)
  })
  return true
}

function attachedIn(identity: Json): { readonly tags: readonly string[]; readonly note: string } {
  const tags = Array.isArray(identity['tags']) ? identity['tags'].filter((tag) => typeof tag === 'string') : []
  return { tags, note: textIn(identity['note']) ?? '' }
}

type Bare = Omit<
  RunRow,
  'id' | 'folder' | 'total_steps' | 'step' | keyof ReturnType<typeof testOf> | `best_${'metric' | 'value' | 'step'}`
>

function rowOf(identity: Json, record: Json, config: Json): Bare {
  const state = record['state']
  const text = (name: string): string => textIn(identity[name]) ?? ''
  return {
    name: text('name'),
    // Whoever was under way then is not any more.
    state: state === 'finished' || state === 'failed' ? state : 'stopped',
    task: config['task'] as RunRow['task'], // Written by the trainer.
    dataset_id: text('dataset_id'),
    dataset_name: text('dataset_name'),
    project_id: textIn(identity['project_id']) ?? `p-${text('dataset_id').slice(2)}`,
    discarded_at: null,
    discarded_with: null,
    model_id: text('model_id'),
    model_name: text('model_name'),
    method: textIn(objectIn(config['method'])?.['type']) ?? '',
    must_not_miss: textIn(identity['must_not_miss']),
    config_file: text('config_file'),
    created_at: textIn(record['createdAt']) ?? '',
    queue_order: null,
    failure_code: null,
    failure_message: null,
    failure_detail: null
  }
}

async function readEvents(path: string): Promise<{ points: MetricPoint[]; evaluations: EvaluationPoint[]; totalSteps: number }> {
  const lines = (await readFile(path, 'utf8').catch(() => '')).split('\n')
  const events = lines.flatMap((line): Json[] => {
    const event = parsed(line)
    return event ? [event] : []
  })
  const points = events.filter(({ event }) => event === 'step').map(pointOf)
  const evaluations = events
    .filter(({ event }) => event === 'evaluation')
    .map(({ step, metrics, isBest }): EvaluationPoint => ({
      step: Number(step),
      metrics: metrics as EvaluationPoint['metrics'], // Written by the trainer.
      isBest: isBest === true
    }))
  return { points, evaluations, totalSteps: Number(events.findLast(({ event }) => event === 'step')?.['totalSteps'] ?? 0) }
}

function pointOf({ step, loss, learningRate, rssBytes, tokens, seconds }: Json): MetricPoint {
  return {
    step: Number(step),
    loss: typeof loss === 'number' ? loss : null,
    learningRate: Number(learningRate),
    memoryBytes: Math.round(Number(rssBytes)),
    tokensPerSecond: Number(seconds) > 0 ? Number(tokens) / Number(seconds) : 0
  }
}

function testOf(report: Json | null, metric: string | null) {
  const metrics = objectIn(objectIn(report?.['evaluation'])?.['metrics'])
  const estimate = metric === null ? null : objectIn(metrics?.[metric])
  const number = (name: string): number | null => (typeof estimate?.[name] === 'number' ? estimate[name] : null)
  return {
    test_metric: estimate ? metric : null,
    test_value: number('value'),
    test_low: number('low'),
    test_high: number('high')
  }
}

const objectIn = (value: unknown): Json | null => (typeof value === 'object' && value !== null ? (value as Json) : null) // JSON has text keys.
const textIn = (value: unknown): string | null => (typeof value === 'string' ? value : null)

function parsed(text: string): Json | null {
  try {
    return objectIn(JSON.parse(text))
  } catch {
    return null
  }
}

const readJson = async (path: string): Promise<Json | null> => parsed(await readFile(path, 'utf8').catch(() => ''))

const entriesOf = (folder: string): Promise<string[]> => readdir(folder).catch(() => [])
