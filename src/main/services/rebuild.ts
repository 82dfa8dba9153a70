import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readFile } from '../base/sealed/fs.ts'
import type { StoredDataset } from '../data/datasets/datasets.ts'
import { addEvaluation, addMetricPoints, type EvaluationPoint, type MetricPoint } from '../tracker/queries/metrics.ts'
import { addRun, findRun, type RunRow } from '../tracker/queries/runs.ts'
import type { WritableDb } from '../tracker/tracker.ts'
import { datasetIndex } from './dataset-index.ts'

export interface RebuildFolders {
  readonly datasets: string
  readonly runs: string
}

type Json = Readonly<Record<string, unknown>>

/**
 * Puts into the tracker what lies in the folders and is not in it: everything, where the tracker is new. The folders were written by this
 * program; one that cannot be read is left alone. Resolves to how many entries were added.
 */
export async function rebuild(db: WritableDb, folders: RebuildFolders): Promise<number> {
  let added = 0
  const index = datasetIndex(db)
  for (const name of await entriesOf(folders.datasets)) {
    const stored = (await readJson(join(folders.datasets, name, 'dataset.json'))) as StoredDataset | null // Written by Datasets.
    if (stored?.id !== name || index.find(name)) continue
    index.save(stored)
    added++
  }
  for (const name of await entriesOf(folders.runs)) {
    if (await addRunFolder(db, join(folders.runs, name))) added++
  }
  return added
}

async function addRunFolder(db: WritableDb, folder: string): Promise<boolean> {
  const identity = await readJson(join(folder, 'attune.json'))
  const record = await readJson(join(folder, 'run.json'))
  const config = objectIn((await readJson(join(folder, 'config.json')))?.['config'])
  const id = identity?.['id']
  if (!identity || !record || !config || typeof id !== 'string' || findRun(db, id)) return false
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
    addMetricPoints(db, id, points)
    for (const evaluation of evaluations) addEvaluation(db, id, evaluation)
  })
  return true
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
