import type { Estimate } from '../engine/evaluation/index.ts'
import { harmless } from '../base/wording.ts'
import type { Section, Table } from './blocks.ts'
import { decimalsOf, percent, percentRange, point, pValue, range, signed, whole } from './numbers.ts'
import { groupWords } from './review-words.ts'
import { count, list, number, object, orNull, text, truth, type Check } from './shape.ts'
import { page } from './words.ts'

/** A group of test rows, and how it differs from all others. */
export interface Subgroup {
  readonly name: string
  readonly rows: number
  readonly value: Estimate | null
  readonly difference: Estimate | null
  /** Corrected by Holm's method for the number of groups. */
  readonly p: number | null
}

/** Test rows in groups. */
export interface SubgroupFacts {
  /** What they are grouped by. */
  readonly by: string
  /** Whether the values are shares of right answers; else how far off answers are. */
  readonly isShare: boolean
  readonly rows: readonly Subgroup[]
}

const estimate = orNull(object<Estimate>({ value: number, low: number, high: number }))
const subgroup = object<Subgroup>({ name: text, rows: count, value: estimate, difference: estimate, p: orNull(number) })
const facts = object<SubgroupFacts>({ by: text, isShare: truth, rows: list(subgroup) })

/** Reports made before there were any lack them. */
export const checkSubgroups: Check = (value) => (value === undefined ? null : facts(value))

/** Rows in thirds by how long their texts are, in characters. */
export function lengthGroups(texts: readonly string[]): readonly string[] {
  const lengths = texts.map((each) => each.length)
  const sorted = lengths.toSorted((a, b) => a - b)
  const low = sorted[Math.floor(sorted.length / 3)] ?? 0
  const high = sorted[Math.floor((2 * sorted.length) / 3)] ?? 0
  return lengths.map((length) =>
    length < low ? groupWords.shorter(low) : length < high ? groupWords.between(low, high) : groupWords.longer(high)
  )
}

/** How each group does beside the others; null where there is but one. */
export function subgroupSection(found: SubgroupFacts | undefined): Section | null {
  if (!found || found.rows.length < 2) return null
  return {
    title: page.headings.subgroups,
    blocks: [groupTable(found), { kind: 'text', text: page.subgroupsNote, isQuiet: true }]
  }
}

/** Groups by the values of a column. No group is smaller than those that are merged. */
export interface ColumnGroups extends SubgroupFacts {
  /** How many groups were put together, as the last of the rows. */
  readonly merged: number
}

/** A section for each column that the report is grouped by. Where no two groups are large enough it says so and shows no number. */
export function columnGroupSections(all: readonly ColumnGroups[]): readonly Section[] {
  return all.map((found) => {
    const { by, rows, merged } = found
    const title = groupWords.heading(harmless(by))
    if (rows.length < 2) return { title, blocks: [{ kind: 'text', text: groupWords.tooFew }] }
    const note = [groupWords.note, ...(merged > 0 ? [groupWords.together(merged)] : [])].join(' ')
    return { title, blocks: [groupTable(found), { kind: 'text', text: note, isQuiet: true }] }
  })
}

function groupTable({ by, isShare, rows }: SubgroupFacts): Table {
  const { columns } = page
  const right = (title: string) => ({ title, align: 'right' }) as const
  return {
    kind: 'table',
    caption: null,
    columns: [
      { title: harmless(by), align: 'left' },
      right(columns.rows),
      right(isShare ? columns.accuracy : columns.offBy),
      right(columns.toOthers),
      right(columns.chance)
    ],
    rows: rows.map(({ name, rows: size, value, difference, p }) => {
      const decimals = difference ? decimalsOf(difference) : 0
      return [
        harmless(name),
        whole(size),
        value === null
          ? page.notDefined
          : isShare
            ? `${percent(value.value)} (${percentRange(value)})`
            : `${point(value)} (${range(value, decimalsOf(value))})`,
        difference === null ? page.notDefined : `${signed(difference.value, decimals)} (${range(difference, decimals)})`,
        p === null ? '' : pValue(p)
      ]
    })
  }
}
