import { basename } from 'node:path'
import { harmless } from '../base/wording.ts'
import { openMarksFile, type MarksFile } from '../data/importers/marks/marks-file.ts'
import { whole } from '../report/numbers.ts'
import { factLines } from './facts.ts'
import type { Output } from './output.ts'

/** A document that is left out, and why. */
interface LeftOut {
  readonly place: string
  readonly reason: string
}

/** What a file of marks holds. */
export interface MarksInspection {
  readonly file: string
  readonly format: string
  readonly documents: number
  readonly marks: number
  /** Marks of each type, the most frequent first. */
  readonly types: Readonly<Record<string, number>>
  /** Documents in which nothing is marked. */
  readonly unmarked: number
  /** Marks that lie in or across another. */
  readonly overlapping: number
  /** Things besides marks that are not taken, by kind. */
  readonly not_taken: Readonly<Record<string, number>>
  readonly rejected: number
  /** The first of them. */
  readonly rejected_first: readonly LeftOut[]
}

const SHOWN_REJECTED = 20

/** Reads a file of marks from end to end; null where it is none. */
export async function inspectMarks(path: string, signal?: AbortSignal): Promise<MarksInspection | null> {
  const file = await openMarksFile(path, signal)
  return file === null ? null : counted(basename(path), file)
}

async function counted(name: string, { title, unit, documents }: MarksFile): Promise<MarksInspection> {
  const [types, notTaken] = [new Map<string, number>(), new Map<string, number>()]
  const first: LeftOut[] = []
  let [count, unmarked, overlapping, rejected] = [0, 0, 0, 0]
  for await (const found of documents) {
    if (found.kind === 'rejected') {
      if (++rejected <= SHOWN_REJECTED) first.push({ place: `${unit} ${found.line}`, reason: found.reason })
      continue
    }
    count++
    const { spans } = found.document
    if (spans.length === 0) unmarked++
    let end = 0
    for (const span of spans.toSorted((a, b) => a.start - b.start)) {
      if (span.start < end) overlapping++
      end = Math.max(end, span.end)
      types.set(span.label, (types.get(span.label) ?? 0) + 1)
    }
    for (const [kind, times] of Object.entries(found.notTaken)) notTaken.set(kind, (notTaken.get(kind) ?? 0) + times)
  }
  const byCount = (counts: ReadonlyMap<string, number>) => Object.fromEntries([...counts].toSorted((a, b) => b[1] - a[1]))
  const marks = [...types.values()].reduce((sum, each) => sum + each, 0)
  const rest = { not_taken: byCount(notTaken), rejected, rejected_first: first }
  return { file: name, format: title, documents: count, marks, types: byCount(types), unmarked, overlapping, ...rest }
}

/** `attune inspect FILE` for a file of marks; false where it is none. */
export async function showMarks(path: string, output: Output): Promise<boolean> {
  const found = await inspectMarks(path)
  if (found === null) return false
  if (output.isJson) output.event({ event: 'finished', ...found })
  else output.print(marksPage(found))
  return true
}

const SHOWN_TYPES = 40

/** "NAME 1,204, DATE 803" */
function listed(counts: Readonly<Record<string, number>>): string {
  const all = Object.entries(counts).map(([name, count]) => `${harmless(name)} ${whole(count)}`)
  const left = all.length - SHOWN_TYPES
  return `${all.slice(0, SHOWN_TYPES).join(', ')}${left > 0 ? ` and ${whole(left)} more` : ''}`
}

/** The same as a page for people. */
export function marksPage(found: MarksInspection): string {
  const { documents, unmarked, marks, overlapping, rejected, rejected_first } = found
  const none = unmarked === 0 ? '' : `, ${whole(unmarked)} of them without a mark`
  const across = overlapping === 0 ? '' : `, ${whole(overlapping)} of them in or across another`
  const facts = factLines([
    ['File', harmless(found.file)],
    ['Format', `marks of ${found.format}`],
    ['Documents', `${whole(documents)}${none}`],
    ['Marks', `${whole(marks)}${across}`],
    ['Types', listed(found.types)],
    ['Not taken', Object.keys(found.not_taken).length === 0 ? 'nothing' : listed(found.not_taken)],
    ['Left out', whole(rejected)]
  ])
  const reasons = rejected_first.map(({ place, reason }) => `  ${place}: ${reason}`)
  const more = rejected > rejected_first.length ? [`  and ${whole(rejected - rejected_first.length)} more`] : []
  return `${[facts, ...reasons, ...more].join('\n')}\n`
}
