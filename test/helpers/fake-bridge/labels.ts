import type { DatasetId, RunId } from '../../../src/preload/contract/common.ts'
import type { DatasetSummary, Revision } from '../../../src/preload/contract/data.ts'
import type { LabelBook, LabelFilter, LabelRow, TwoPeople } from '../../../src/preload/contract/labels.ts'
import { ROWS, rowAt } from './data.ts'
import { letter } from './letters.ts'

interface Options {
  readonly summaryOf: (id: DatasetId) => DatasetSummary
  readonly revise: (revision: Revision) => DatasetSummary
  readonly add: (summary: DatasetSummary) => DatasetSummary
}

/** Labelling of the fake's letters, kept in memory. Data without an answer column start without any label. */
export function labelHandlers({ summaryOf, revise, add }: Options) {
  const marks = new Map<number, string | null>()
  const skipped = new Set<number>()
  const settled = new Map<number, string>()
  const classes = new Map<string, string | null>()
  let savedAt: string | null = null
  const isBare = (id: DatasetId): boolean => summaryOf(id).roles.answer === null
  const valueOf = (id: DatasetId, line: number): string | null =>
    marks.has(line) ? (marks.get(line) ?? null) : isBare(id) ? null : rowAt(line - 2)[2] || null
  const all = Array.from({ length: ROWS }, (_, n) => n + 2)

  function book(id: DatasetId): LabelBook {
    if (classes.size === 0 && !isBare(id))
      for (const [i, name] of ['emergency', 'routine', 'soon', 'urgent'].entries()) classes.set(name, `${i + 1}`)
    const values = all.map((line) => valueOf(id, line))
    const counted = [...classes].map(([name, key]) => ({ name, key, count: values.filter((value) => value === name).length }))
    const enough = counted.filter(({ count }) => count >= 10).length >= 2
    return {
      id,
      column: summaryOf(id).roles.answer ?? 'label',
      separator: null,
      classes: counted,
      total: ROWS,
      labelled: values.filter((value) => value !== null).length,
      pending: marks.size,
      savedAt,
      missing: enough ? null : "17 more labels are needed before training: 8 of 'urgent' and 9 of 'routine'.",
      suggester: isBare(id) ? null : { run: 'r3' as RunId, name: 'Urgency v3' },
      people: isBare(id) ? [] : ['Ben']
    }
  }

  const rowOf = (id: DatasetId, line: number): LabelRow => ({
    line,
    position: line - 1,
    preview: letter(line - 2).slice(0, 160),
    value: valueOf(id, line),
    skipped: skipped.has(line)
  })

  function changed(id: DatasetId): LabelBook {
    savedAt = new Date().toISOString()
    return book(id)
  }

  return {
    open: ({ id }: { id: DatasetId }) => book(id),
    queue: ({ id, filter }: { id: DatasetId; filter: LabelFilter }) => {
      const lines = all.filter((line) => {
        if (filter === 'all') return true
        if (filter === 'skipped') return skipped.has(line)
        return (valueOf(id, line) === null) === (filter !== 'labelled')
      })
      return { lines, total: lines.length }
    },
    rows: ({ id, lines }: { id: DatasetId; lines: readonly number[] }) => lines.map((line) => rowOf(id, line)),
    document: ({ id, line }: { id: DatasetId; line: number }) => {
      const { preview: _preview, ...row } = rowOf(id, line)
      return { ...row, text: letter(line - 2), pair: null }
    },
    mark: ({ id, line, value }: { id: DatasetId; line: number; value: string | null }) => {
      marks.set(line, value)
      skipped.delete(line)
      if (value !== null && !classes.has(value)) classes.set(value, null)
      return changed(id)
    },
    skip: ({ id, line, skipped: next }: { id: DatasetId; line: number; skipped: boolean }) => {
      if (next) skipped.add(line)
      else skipped.delete(line)
      return changed(id)
    },
    setClass: ({ id, name, key }: { id: DatasetId; name: string; key: string | null }) => {
      classes.set(name, key ?? `${classes.size + 1}`)
      return changed(id)
    },
    renameClass: ({ id, from, to }: { id: DatasetId; from: string; to: string }) => {
      for (const line of all) if (valueOf(id, line) === from) marks.set(line, to)
      classes.set(to, classes.get(to) ?? classes.get(from) ?? null)
      classes.delete(from)
      return changed(id)
    },
    suggest: ({ lines }: { lines: readonly number[] }) =>
      lines.map((line) => ({ line, label: line % 3 === 0 ? 'urgent' : 'soon', sureness: 0.5 + (line % 40) / 100 })),
    agreement: ({ id }: TwoPeople) => {
      const disagreements = all.slice(3, 6).map((line) => ({
        line,
        position: line - 1,
        preview: letter(line - 2).slice(0, 160),
        first: valueOf(id, line) ?? 'routine',
        second: 'emergency',
        settled: settled.get(line) ?? null
      }))
      return {
        rows: 40,
        kappa: { value: 0.88, low: 0.74, high: 0.97 },
        same: { value: 0.925, low: 0.82, high: 0.99 },
        disagreements
      }
    },
    settle: ({ id, line, value }: { id: DatasetId; line: number; value: string }) => {
      settled.set(line, value)
      return changed(id)
    },
    use: (id: DatasetId) => {
      const cells = [...marks].map(([line, value]) => ({ line, column: book(id).column, value: value ?? '' }))
      const made = revise({ id, edits: [{ kind: 'set', cells }], note: `${cells.length} rows labelled` })
      marks.clear()
      // The fake's tables all have this column.
      return add({ ...made, roles: { ...made.roles, answer: 'urgency' } })
    }
  }
}
