import type { KindCheck } from '../data/personal/check.ts'
import type { CleanedFile } from '../data/personal/deidentify.ts'
import type { FoundValue } from '../data/personal/cleaner.ts'
import type { Visible } from '../data/personal/visible.ts'
import { counted, harmless } from '../base/wording.ts'
import { percent, whole } from '../report/numbers.ts'
import type { FinishedEvent } from '../worker/protocol.ts'
import { factLines, objectAt, textAt } from './facts.ts'

/** Files that are named one by one. */
const MOST_FILES = 40

/** What `attune deidentify` came to: counts by kind and by file, what was left out, and what was asked to be shown. */
export function deidentifyPage(finished: FinishedEvent): string {
  const files = finished['files'] as readonly CleanedFile[] // Made by deidentify; JSON keeps their shape.
  const leftOut = finished['left_out'] as readonly { readonly file: string; readonly reason: string }[]
  const parts = [
    factLines([
      ['Written', `${counted(files.length, 'file')} to ${harmless(textAt(finished, 'out') ?? '')}`],
      ...optional('Mapping', textAt(finished, 'mapping')),
      ...optional('Known', Number(finished['known']) > 0 ? counted(Number(finished['known']), 'value') : null),
      ['Found', countsLine(objectAt(finished, 'counts') as Readonly<Record<string, number>>)]
    ]),
    files.length > 1 || files.some(({ notes }) => notes.length > 0) ? filesPart(files) : '',
    leftOut.length > 0 ? `Left out:\n${shortList(leftOut.map(({ file, reason }) => `${harmless(file)}: ${reason}`))}` : '',
    shownPart(finished),
    'Rules do not find everything. Read some of the copies before you pass them on.'
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

const optional = (title: string, value: string | null): (readonly [string, string])[] =>
  value === null ? [] : [[title, harmless(value)]]

function filesPart(files: readonly CleanedFile[]): string {
  const lines = files.flatMap(({ file, counts, notes }) => [
    `${harmless(file)}: ${countsLine(counts)}`,
    ...notes.map((note) => `  ${harmless(note)}`)
  ])
  return shortList(lines)
}

const shortList = (lines: readonly string[]): string =>
  [
    ...lines.slice(0, MOST_FILES),
    ...(lines.length > MOST_FILES ? [`and ${whole(lines.length - MOST_FILES)} more (--json lists all)`] : [])
  ]
    .map((line) => `  ${line}`)
    .join('\n')

function countsLine(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).map(([kind, count]) => `${whole(count)} ${kind}`)
  return parts.length === 0 ? 'nothing' : parts.join(', ')
}

function shownPart(finished: FinishedEvent): string {
  const found = finished['found'] as readonly FoundValue[]
  const visible = finished['visible'] as readonly Visible[]
  const head = (title: string, shown: number, all: unknown): string => `${title} (${whole(shown)} of ${whole(Number(all))}):`
  return [
    ...(found.length > 0 ? [head('What was found', found.length, finished['found_all'])] : []),
    ...found.map(({ kind, value }) => `  ${kind}  ${harmless(value)}`),
    ...(visible.length > 0 ? [head('What may still be visible', visible.length, finished['visible_all'])] : []),
    ...visible.map(({ before, text, after }) => `  …${harmless(before)}«${harmless(text)}»${harmless(after)}…`)
  ].join('\n')
}

/** What `attune deidentify --check` came to: of the marked passages how many are hidden, of what was found how much is marked. */
export function checkPage(finished: FinishedEvent): string {
  const kinds = objectAt(finished, 'kinds') as Readonly<Record<string, KindCheck>> // Made by checkFile.
  const { all, ...others } = kinds
  const rows = [...(all ? [['all kinds', all] as const] : []), ...Object.entries(others).sort(([a], [b]) => (a < b ? -1 : 1))]
  const lines = rows.map(([kind, check]) => [
    kind,
    whole(check.marked),
    share(check.hidden, check.marked),
    whole(check.partly),
    whole(check.found),
    share(kind === 'all kinds' ? check.justified : check.right, check.found)
  ])
  const table = columnsOf([['', 'marked', 'hidden (recall)', 'in part', 'found', 'right (precision)'], ...lines])
  return `${counted(Number(finished['rows']), 'text')} compared with the marks.\n\n${table}\n\nhidden: marked passages of which every letter and digit was found, whatever it was taken for.\nright: findings that touch a mark of the same kind; of all kinds: a mark of any kind.\n`
}

const share = (part: number, of: number): string => (of === 0 ? 'none' : `${whole(part)} (${percent(part / of)})`)

function columnsOf(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => (row[i] ?? '').length)))
  return rows
    .map((row) => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  '))
    .join('\n')
}
