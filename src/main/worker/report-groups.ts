import { InputError } from '../base/errors.ts'
import { shown } from '../base/wording.ts'
import type { RunConfig } from '../config/config-types.ts'
import { cellsAt } from '../data/column-cells.ts'
import { compareGroups, mergeGroups, type RowScores } from '../engine/evaluation/index.ts'
import type { PredictedPart } from '../report/predictions.ts'
import { groupWords } from '../report/review-words.ts'
import type { ColumnGroups } from '../report/subgroups.ts'
import { datasetSpec } from './prepare.ts'

/** Columns with more different values are no groups. */
const MOST_VALUES = 20

export interface ReportGroupsInput {
  readonly config: RunConfig
  /** The part that the run was tested on, and the lines of its rows in their file. */
  readonly part: PredictedPart
  readonly lines: readonly number[]
  /** How right the run was about each of them, and their groups where the data name some. */
  readonly scores: () => RowScores
  readonly units: ArrayLike<number> | null
  readonly columns: readonly string[]
  readonly signal: AbortSignal
}

/**
 * How the tested rows were answered by the values of some columns of the data, as means of groups of at least 20 rows.
 * @throws InputError for a column that the data do not have, that holds texts, or that has too many values
 */
export async function reportGroups(input: ReportGroupsInput): Promise<readonly ColumnGroups[]> {
  const { config, part, lines, columns, signal } = input
  if (columns.length === 0) return []
  const { data } = config
  const texts = [data.text, 'text_pair' in data ? data.text_pair : null]
  const text = columns.find((column) => texts.includes(column))
  if (text !== undefined)
    throw new InputError('report-groups', `The column ${shown(text)} holds the texts, which are no groups. Choose another.`)
  const cells = await cellsAt(datasetSpec(config), part, columns, lines, signal)
  const scores = input.scores()
  const units = input.units && Int32Array.from(input.units)
  return columns.map((by) => groupsBy(by, cells.get(by) ?? [], scores, units))
}

function groupsBy(by: string, cells: readonly string[], { values, isShare }: RowScores, units: Int32Array | null): ColumnGroups {
  const distinct = new Set(cells).size
  if (distinct > MOST_VALUES) {
    const sentence = `The column ${shown(by)} has ${distinct} different values among the tested rows, and groups come of ${MOST_VALUES} at most. Choose another.`
    throw new InputError('report-groups', sentence)
  }
  const { names, merged, groupOf } = mergeGroups(cells, true)
  const all = [
    ...names.map((name) => (name === '' ? groupWords.empty : name)),
    ...(merged > 0 ? [groupWords.others(merged)] : [])
  ]
  const compared = compareGroups(values, groupOf, all.length, { seed: 1, isShare, units })
  return { by, isShare, merged, rows: compared.map((each, g) => ({ name: all[g] ?? '', ...each })) }
}
