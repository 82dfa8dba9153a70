import type { RunId, SettingValue } from '../../preload/contract/common.ts'
import type { RunDraft, SettingRow } from '../../preload/contract/runs.ts'
import type { PriorSetting, SweepPrior } from '../../preload/contract/sweeps.ts'
import { InputError } from '../base/errors.ts'
import { listRuns, type RunRow } from '../tracker/queries/runs.ts'
import type { ReadableDb } from '../tracker/tracker.ts'
import type { DraftFacts } from './ports.ts'
import { draftOf } from './supervision.ts'

export interface PriorOptions {
  readonly db: ReadableDb
  readonly isLess: (metric: string) => boolean
  readonly facts: (draft: RunDraft) => Promise<DraftFacts>
  /** Throws an InputError for a draft that cannot be meant. */
  readonly settings: (draft: RunDraft) => Promise<readonly SettingRow[]>
}

/**
 * The best on validation among the finished runs that a draft can learn from: on the same data, from the same model and adapter, by the same method and
 * metric. Null where there is none. It speaks of the settings at `paths` alone, with values around its own that the draft may have.
 */
export async function priorOf(options: PriorOptions, draft: RunDraft, paths: readonly string[]): Promise<SweepPrior | null> {
  const { db, isLess, facts, settings } = options
  const { method, metric } = await facts(draft)
  const all = listRuns(db).filter((row) => isAlike(row, draft) && row.method === method && row.best_metric === metric)
  const valueOf = (row: RunRow): number => (row.best_value ?? 0) * (isLess(metric) ? -1 : 1)
  const [best] = all.toSorted((a, b) => valueOf(b) - valueOf(a))
  const own = best && draftOf(best)
  if (!own || best.best_value === null) return null
  const rows = ((await unlessRefused(settings(own))) ?? []).filter(({ path }) => paths.includes(path))
  const known = await Promise.all(rows.map((row) => settingOf(row, draft, settings)))
  return {
    run: { id: best.id as RunId, name: best.name }, // Minted by main.
    ...{ metric, value: best.best_value, among: all.length },
    settings: known.filter(({ around }) => around.length > 0)
  }
}

function isAlike(row: RunRow, { dataset, model, adapter = null }: RunDraft): boolean {
  if (row.state !== 'finished' || row.best_value === null || row.dataset_id !== dataset || row.model_id !== model) return false
  const own = draftOf(row)
  return own !== null && (own.adapter ?? null) === adapter
}

async function settingOf(row: SettingRow, draft: RunDraft, settings: PriorOptions['settings']): Promise<PriorSetting> {
  const { path, value } = row
  const around: SettingValue[] = []
  for (const each of valuesAround(row)) {
    const drafted = settings({ ...draft, changed: { ...draft.changed, [path]: each } })
    if ((await unlessRefused(drafted)) !== null) around.push(each)
  }
  return { path, value, around: around.length > 1 ? around : [] }
}

/** What was run before, or is proposed, need not be allowed now: nothing is proposed then. */
async function unlessRefused<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof InputError) return null
    throw error
  }
}

/** Steps away from a number: far enough to tell one from another, near enough to be of use. */
const FACTORS = { decimal: [1, 0.5, 2, 0.25, 4], integer: [1, 0.5, 2] } as const

/** A setting's value and others worth trying beside it; none where nothing stands beside it. */
export function valuesAround({ kind, value, choices }: Pick<SettingRow, 'kind' | 'value' | 'choices'>): readonly SettingValue[] {
  if (kind === 'boolean' && typeof value === 'boolean') return [value, !value]
  if (kind === 'choice') return [value, ...(choices ?? []).filter((each) => each !== value)]
  if ((kind !== 'decimal' && kind !== 'integer') || typeof value !== 'number' || value <= 0) return []
  const round = kind === 'integer' ? Math.round : (each: number): number => Number(each.toPrecision(3))
  return [...new Set(FACTORS[kind].map((factor) => round(value * factor)))].filter((each) => each > 0)
}

/** Drafts in the order of how near their values are to those known to be good; as they were where nothing is known. */
export function nearestFirst<Draft extends Pick<RunDraft, 'changed'>>(
  drafts: readonly Draft[],
  known: readonly Pick<PriorSetting, 'path' | 'value'>[]
): readonly Draft[] {
  const away = ({ changed }: Draft): number => known.reduce((sum, { path, value }) => sum + distance(changed[path] ?? null, value), 0)
  return drafts.toSorted((a, b) => away(a) - away(b))
}

/** Rates differ by factors; what is no number is the same or another. */
function distance(value: SettingValue, known: SettingValue): number {
  if (typeof value !== 'number' || typeof known !== 'number') return value === known ? 0 : 1
  return value > 0 && known > 0 ? Math.abs(Math.log(value / known)) : Math.abs(value - known)
}
