import { numberGroups } from '../engine/evaluation/index.ts'
import type { Dataset } from '../data/dataset-types.ts'

/** A number for each of these rows' groups, or null where the data name none. A row that names no group stands alone. */
export function groupNumbers({ groups }: Pick<Dataset, 'groups'>, rows: Int32Array): Int32Array | null {
  return groups && numberGroups(Array.from(rows, (row) => (groups[row] ? `group ${groups[row]}` : `row ${row}`)))
}
