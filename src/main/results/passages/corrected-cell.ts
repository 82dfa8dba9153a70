import { InputError } from '../../base/errors.ts'
import type { Mark } from '../../base/mark.ts'
import type { Datasets } from '../../data/datasets/datasets.ts'
import type { StoredError } from './errors.ts'

/**
 * The cell of marks of a line with the errors of the data corrected as the model says: what it found in the place of what was marked there. Other marks,
 * and what else the cell says of them, stay as they are.
 * @throws InputError where the data have no such cell any more
 */
export async function correctedCell(
  datasets: Pick<Datasets, 'cellsAt' | 'get'>,
  dataset: string,
  line: number,
  errors: readonly StoredError[]
): Promise<string> {
  const { answer } = datasets.get(dataset).roles
  const cells = await datasets.cellsAt(dataset, line)
  const marks = answer === null ? null : marksOf(cells.get(answer) ?? '')
  if (marks === null)
    throw new InputError('dataset-answerless', 'The data have no answer column any more. Choose it on the Data screen.')
  const gone = errors.flatMap(({ truth }) => truth ?? [])
  const kept = marks.filter((mark) => !gone.some((each) => isPlace(mark, each)))
  const added = errors.flatMap(({ said }) => (said ? [{ start: said.start, end: said.end, label: said.label }] : []))
  return JSON.stringify([...kept, ...added].sort((a, b) => a.start - b.start || a.end - b.end))
}

interface CellMark {
  readonly start: number
  readonly end: number
  readonly label: string
}

const isPlace = ({ start, end, label }: CellMark, mark: Mark): boolean =>
  start === mark.start && end === mark.end && label.trim().normalize('NFC') === mark.label

function marksOf(cell: string): readonly CellMark[] | null {
  try {
    const parsed: unknown = JSON.parse(cell)
    return Array.isArray(parsed) && parsed.every(isMark) ? parsed : null
  } catch {
    return null
  }
}

function isMark(value: unknown): value is CellMark {
  if (typeof value !== 'object' || value === null) return false
  const { start, end, label } = value as Partial<Record<keyof CellMark, unknown>> // Checked on the next line.
  return typeof start === 'number' && typeof end === 'number' && typeof label === 'string'
}
