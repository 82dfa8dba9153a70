import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError, messageOf, systemCodeOf } from '../base/errors.ts'
import { writeJsonAtomic } from '../base/files.ts'
import { readFile } from '../base/sealed/fs.ts'
import type { Alarm } from '../engine/evaluation/index.ts'
import { count, list, number, object, oneOf, orNull, text } from './shape.ts'

/** What a fixed threshold comes to on the test rows, counted when it was fixed. */
export interface AlarmTest {
  readonly rows: number
  readonly positives: number
  readonly alarms: number
  readonly hits: number
}

/** The class that is called out from a probability on. */
export interface FixedAlarm {
  readonly className: string
  readonly threshold: number
  /** What it was chosen for, in words. */
  readonly goal: string
  /** ISO 8601. */
  readonly fixedAt: string
  readonly test: AlarmTest
}

/** What goes to a person instead of being answered. */
export interface FixedPerson {
  /** Answers whose highest probability is below this. */
  readonly below: number
  readonly fixedAt: string
}

/** How a person decided that a run's probabilities are read (`decision.json` in its folder); both shells and the command line go by it. */
export interface FixedDecision {
  readonly format: 'attune-decision-1'
  readonly alarm: FixedAlarm | null
  readonly person: FixedPerson | null
  /** Where a text may have several classes: those that are said from a probability of their own on, each at most once. */
  readonly labels: readonly FixedAlarm[]
}

export const noDecision: FixedDecision = { format: 'attune-decision-1', alarm: null, person: null, labels: [] }

const fileName = 'decision.json'
const alarm = object<FixedAlarm>({
  className: text,
  threshold: number,
  goal: text,
  fixedAt: text,
  test: object<AlarmTest>({ rows: count, positives: count, alarms: count, hits: count })
})
const decision = object<FixedDecision>({
  format: oneOf('attune-decision-1'),
  alarm: orNull(alarm),
  person: orNull(object<FixedPerson>({ below: number, fixedAt: text })),
  // Decisions made before several classes could have thresholds lack it.
  labels: (value) => (value === undefined ? null : list(alarm)(value))
})

/** The decision of a run's folder; nothing fixed where there is no file. Throws an InputError where it is damaged: answers would change in silence. */
export async function readDecision(folder: string): Promise<FixedDecision> {
  const file = join(folder, fileName)
  const json = await readFile(file, 'utf8').catch(nothingThere)
  if (json === null) return noDecision
  const value = parsed(json, file)
  const fault = decision(value)
  if (fault !== null) throw damaged(file, fault.trim())
  // Every field was checked against a list that must name them all, but for the one that may be missing.
  return { labels: [], ...(value as Omit<FixedDecision, 'labels'> & Partial<Pick<FixedDecision, 'labels'>>) }
}

/** A decision that another Attune wrote; null where it is none. */
export function decisionOf(value: unknown): FixedDecision | null {
  // As above.
  return decision(value) === null ? { labels: [], ...(value as Omit<FixedDecision, 'labels'>) } : null
}

/** Keeps the decision; one that fixes nothing leaves no file. */
export async function writeDecision(folder: string, value: FixedDecision): Promise<void> {
  const file = join(folder, fileName)
  if (value.alarm === null && value.person === null && value.labels.length === 0) await rm(file, { force: true })
  else await writeJsonAtomic(file, value)
}

/** The fixed alarm in class numbers; none where nothing was fixed. */
export function alarmOf({ alarm }: FixedDecision, classNames: readonly string[]): Alarm | null {
  const label = alarm === null ? -1 : classNames.indexOf(alarm.className)
  return alarm === null || label < 0 ? null : { label, threshold: alarm.threshold }
}

/** From which probability on each class is said, where a text may have several: as it was fixed, else as validation taught. */
export function thresholdsOfLabels(
  { labels }: FixedDecision,
  classNames: readonly string[],
  taught: ArrayLike<number> | null
): Float64Array {
  const fixed = new Map(labels.map(({ className, threshold }) => [className, threshold]))
  return Float64Array.from(classNames, (name, place) => fixed.get(name) ?? taught?.[place] ?? 0.5)
}

function parsed(json: string, file: string): unknown {
  try {
    return JSON.parse(json)
  } catch (cause) {
    throw damaged(file, messageOf(cause), cause)
  }
}

function damaged(file: string, why: string, cause?: unknown): InputError {
  const message = `The fixed threshold of this run cannot be read (${why}). Restore ${fileName} from a copy, or delete it and fix the threshold again.`
  const inApp = `The fixed threshold of this run cannot be read (${why}). Restore it from a backup, or train the run again.`
  return new InputError('decision-unreadable', message, { file, inApp }, { cause })
}

function nothingThere(error: unknown): null {
  if (systemCodeOf(error) === 'ENOENT') return null
  throw error
}
