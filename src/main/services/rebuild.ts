import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isPurpose } from '../base/licence/purpose.ts'
import { readFile } from '../base/sealed/fs.ts'
import type { StoredDataset } from '../data/datasets/datasets.ts'
import { addEvaluation, addMetricPoints, type EvaluationPoint, type MetricPoint } from '../tracker/queries/metrics.ts'
import { restoreVerdicts } from '../results/verdicts.ts'
import { validationOf } from '../runs/finished.ts'
import type { RunIdentity } from '../runs/identity.ts'
import { attach } from '../runs/attached.ts'
import { changeDataset, findAnyDataset } from '../tracker/queries/datasets.ts'
import { addProject, changeProject, findAnyProject } from '../tracker/queries/projects.ts'
import { setNote } from '../tracker/queries/record.ts'
import { addSweep, findSweep, type SweepRow } from '../tracker/queries/sweeps.ts'
import { addRun, changeRun, findAnyRun, removeRun, type RunRow } from '../tracker/queries/runs.ts'
import type { WritableDb } from '../tracker/tracker.ts'
import { datasetIndex } from './dataset-index.ts'

export interface RebuildFolders {
  readonly projects: string
  readonly datasets: string
  readonly runs: string
  readonly bin: string
  /** Each run's run.yaml, and what is known of it before it has a folder. */
  readonly configurations: string
}

type Json = Readonly<Record<string, unknown>>

/**
 * Puts into the tracker what lies in the folders and is not in it: everything, where the tracker is new. The folders were written by this
 * program; one that cannot be read is left alone. Resolves to how many entries were added.
 */
export async function rebuild(db: WritableDb, folders: RebuildFolders, cutShort: RunRow['interruption'] = null): Promise<number> {
  let added = 0
  for (const name of await entriesOf(folders.projects)) {
    if (addProjectFile(db, await readJson(join(folders.projects, name)))) added++
  }
  for (const name of await entriesOf(folders.datasets)) {
    if (await addDatasetFolder(db, join(folders.datasets, name), name)) added++
  }
  for (const name of await entriesOf(folders.configurations)) {
    if (
      name.endsWith('.json') &&
      (await addKnown(db, await readJson(join(folders.configurations, name)), (id) => join(folders.runs, `${id}-1`), cutShort))
    )
      added++
  }
  for (const name of await entriesOf(folders.runs)) {
    if (await addKnown(db, await readJson(join(folders.runs, name, 'attune.json')), () => join(folders.runs, name), cutShort))
      added++
  }
  for (const name of await entriesOf(folders.bin)) added += await addBinFolder(db, folders, name)
  return added
}

function addProjectFile(db: WritableDb, found: Json | null): boolean {
  const [id, name, created_at] = [textIn(found?.['id']), textIn(found?.['name']), textIn(found?.['created_at'])]
  if (id === null || name === null || created_at === null || findAnyProject(db, id)) return false
  const purpose = isPurpose(found?.['purpose']) ? found['purpose'] : 'unsaid'
  addProject(db, { id, name, created_at, sample: textIn(found?.['sample']), discarded_at: null, purpose })
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
  addProject(db, { id, name: file.replace(/\.[a-z0-9]{1,6}$/i, ''), sample, created_at, discarded_at: null, purpose: 'unsaid' })
}

/** What lies in the bin is there again, as discarded as it was. */
async function addBinFolder(db: WritableDb, { bin, runs }: RebuildFolders, id: string): Promise<number> {
  const folder = join(bin, id)
  const isData = await addDatasetFolder(db, join(folder, 'dataset'), id)
  const identity = (await readJson(join(folder, 'run.json'))) ?? (await readJson(join(folder, 'run', 'attune.json')))
  const isRun = await addKnown(db, identity, () => join(folder, 'run'), null)
  if (!isData && !isRun) return 0
  const mark = await readJson(join(folder, 'discarded.json'))
  const discarded = { discarded_at: textIn(mark?.['discarded_at']) ?? '', discarded_with: textIn(mark?.['discarded_with']) }
  if (isData) changeDataset(db, id, discarded)
  else {
    const own = findAnyRun(db, id)?.folder === null ? null : join(runs, `${id}-1`)
    changeRun(db, id, { ...discarded, folder: own })
  }
  const project = discarded.discarded_with
  if (project !== null) changeProject(db, project, { discarded_at: discarded.discarded_at })
  return 1
}

/** Adds a run by what was written of it: with its curves and its result where it has a folder. */
async function addKnown(
  db: WritableDb,
  identity: Json | null,
  folderOf: (id: string) => string,
  cutShort: RunRow['interruption']
): Promise<boolean> {
  const id = identity?.['id']
  if (!identity || typeof id !== 'string') return false
  const folder = folderOf(id)
  const record = await readJson(join(folder, 'run.json'))
  const known = findAnyRun(db, id)
  if (known && !isOutdated(known, identity, record)) return false
  if (known) removeRun(db, id)
  const config = objectIn((await readJson(join(folder, 'config.json')))?.['config'])
  const row = { ...untouched, ...rowOf(identity, record, config, cutShort), id }
  haveProject(db, row.project_id, row.dataset_name, row.created_at, null)
  const sweep = objectIn(identity['sweep']) as Omit<SweepRow, 'ends_early'> | null // Written by Runs.
  // Those from before runs were ended early do not say whether they do.
  if (sweep && !findSweep(db, sweep.id)) addSweep(db, { ends_early: 0, ...sweep })
  if (!record || !config) {
    addRun(db, row)
    attach(db, id, attachedIn(identity))
    return true
  }
  const { points, evaluations, totalSteps } = await readEvents(join(folder, 'metrics.jsonl'))
  const metric = textIn(objectIn(config['training'])?.['metric_for_best_model'])
  const best = metric === null ? undefined : evaluations.findLast(({ isBest }) => isBest)
  const test = testOf(await readJson(join(folder, 'report.json')), metric)
  const validation = await validationOf(folder, metric)
  db.transaction(() => {
    addRun(db, {
      ...row,
      ...test,
      folder,
      total_steps: totalSteps,
      step: points.at(-1)?.step ?? 0,
      best_metric: metric,
      best_value: best?.metrics[metric ?? ''] ?? null,
      best_step: best?.step ?? null,
      ...validation
    })
    attach(db, id, attachedIn(identity))
    addMetricPoints(db, id, points)
    for (const evaluation of evaluations) addEvaluation(db, id, evaluation)
  })
  await restoreVerdicts(db, id, folder)
  return true
}

function attachedIn(identity: Json): { readonly tags: readonly string[]; readonly note: string } {
  const tags = Array.isArray(identity['tags']) ? identity['tags'].filter((tag) => typeof tag === 'string') : []
  return { tags, note: textIn(identity['note']) ?? '' }
}
const resting: readonly unknown[] = ['paused', 'stopped', 'failed', 'finished'] satisfies RunRow['state'][]

/** A power cut can take the newest entries of the tracker, but not what was written beside them: then the run rests though it seems at work. */
const isOutdated = ({ state }: RunRow, identity: Json, record: Json | null): boolean =>
  ['preparing', 'running', 'testing'].includes(state) && (record?.['state'] === 'finished' || resting.includes(identity['state']))

/** What only a run's folder knows. */
const untouched = {
  folder: null,
  queue_order: null,
  step: 0,
  total_steps: 0,
  best_metric: null,
  best_value: null,
  best_step: null,
  best_low: null,
  best_high: null,
  test_metric: null,
  test_value: null,
  test_low: null,
  test_high: null,
  discarded_at: null,
  discarded_with: null
} as const satisfies Partial<RunRow>

function rowOf(
  identity: Json,
  record: Json | null,
  config: Json | null,
  cutShort: RunRow['interruption']
): Omit<RunIdentity, 'id'> {
  const text = (name: string): string => textIn(identity[name]) ?? ''
  const orNull = (name: string): string | null => textIn(identity[name])
  const number = (name: string): number | null => (typeof identity[name] === 'number' ? identity[name] : null)
  return {
    name: text('name'),
    ...standingOf(identity, record, cutShort),
    // Written by Runs and by the trainer.
    task: (config?.['task'] ?? identity['task']) as RunRow['task'],
    dataset_id: text('dataset_id'),
    dataset_name: text('dataset_name'),
    project_id: orNull('project_id') ?? `p-${text('dataset_id').slice(2)}`,
    model_id: text('model_id'),
    model_name: text('model_name'),
    method: textIn(objectIn(config?.['method'])?.['type']) ?? text('method'),
    must_not_miss: orNull('must_not_miss'),
    config_file: text('config_file'),
    created_at: orNull('created_at') ?? textIn(record?.['createdAt']) ?? '',
    draft: orNull('draft'),
    micro_batch: number('micro_batch'),
    is_quiet: number('is_quiet') ?? 0,
    is_tested: number('is_tested') ?? 1,
    sweep_id: orNull('sweep_id'),
    ended_step: number('ended_step'),
    ended_value: number('ended_value'),
    ended_median: number('ended_median'),
    ended_others: number('ended_others'),
    ended_step_seconds: number('ended_step_seconds'),
    // Older runs have it in the trainer's record alone.
    device: orNull('device') ?? textIn(record?.['device'])
  }
}

type Standing = Pick<RunIdentity, 'state' | 'interruption' | 'failure_code' | 'failure_message' | 'failure_detail'>

/** Where a run stood. Whoever waited or was under way then is not any more. */
function standingOf(identity: Json, record: Json | null, cutShort: RunRow['interruption']): Standing {
  const orNull = (name: string): string | null => textIn(identity[name])
  const failure = {
    failure_code: orNull('failure_code'),
    failure_message: orNull('failure_message'),
    failure_detail: orNull('failure_detail')
  }
  // Written by Runs.
  const state = identity['state'] as RunRow['state'] | undefined
  const interruption = orNull('interruption') as RunRow['interruption']
  if (record?.['state'] === 'finished') return { state: 'finished', interruption: null, ...noFailure }
  if (state === 'paused' || state === 'stopped' || state === 'failed') return { state, interruption, ...failure }
  if (!record) return { state: 'paused', interruption: null, ...noFailure }
  return { state: record['state'] === 'failed' ? 'failed' : 'stopped', interruption: cutShort ?? 'program-ended', ...noFailure }
}

const noFailure = { failure_code: null, failure_message: null, failure_detail: null }

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
