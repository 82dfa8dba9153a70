import { lstat } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { InputError } from '../../base/errors.ts'
import { shown, shownList } from '../../base/wording.ts'
import { compileEdits, editedTable, noteOf } from '../../data/datasets/edits.ts'
import { allRows } from '../../data/datasets/rows-file.ts'
import { writeCsv, writeJsonl } from '../../data/write-csv.ts'
import type { CloseFinding, Roles } from '../scrutiny/scrutiny-types.ts'

/** What became of the data. */
export interface Fixed {
  readonly out: string
  readonly rows: number
  /** What was changed, counted: "12 labels corrected, 3 rows dropped". */
  readonly note: string
}

interface Fixing {
  readonly codes: readonly string[]
  readonly out: string
  readonly findings: readonly CloseFinding[]
  readonly rowsPath: string
  readonly columns: readonly string[]
  readonly roles: Roles
  readonly signal: AbortSignal
}

/** Findings that have a fix, where there is anything to put right. */
const FIXABLE: readonly string[] = ['duplicates', 'near-duplicates', 'doubtful-labels', 'languages']

/** Refuses, before any work is done, a place where something is, and endings that are not written. */
export async function requireNew(path: string): Promise<void> {
  const [name, ending] = [basename(path), extname(path).toLowerCase()]
  if (ending !== '.csv' && ending !== '.jsonl')
    throw new InputError('output_type', `${name} cannot be written: name a file that ends in .csv or .jsonl.`, { file: path })
  if ((await lstat(path).catch(() => null)) === null) return
  throw new InputError('output_exists', `${name} is there already, and nothing is written over. Name another file.`, {
    file: path
  })
}

/** Writes the data anew with these findings put right, as the same fixes in the window would; every other cell stays as it is. */
export async function writeFixed({ codes, out, findings, rowsPath, columns, roles, signal }: Fixing): Promise<Fixed> {
  const edits = codes.flatMap((code) => {
    const found = findings.find((each) => each.code === code)
    const fixes = Object.values(found?.fixes ?? {})
    if (fixes.length > 0) return fixes.flat()
    // What was looked for and is not there needs no fix.
    if (!found && FIXABLE.includes(code)) return []
    throw notFixable(code, found !== undefined)
  })
  const { change, counts } = compileEdits(edits, editedTable(columns, roles))
  let rows = 0
  async function* changed(): AsyncGenerator<readonly string[], void, undefined> {
    for await (const row of allRows(rowsPath, signal)) {
      const cells = change(row)
      if (cells === null) continue
      rows++
      yield cells
    }
  }
  const records = async function* (): AsyncGenerator<Readonly<Record<string, string>>, void, undefined> {
    for await (const cells of changed()) yield Object.fromEntries(columns.map((name, i) => [name, cells[i] ?? '']))
  }
  if (extname(out).toLowerCase() === '.csv') await writeCsv(out, columns, changed(), { escapeFormulas: false, signal })
  else await writeJsonl(out, records(), signal)
  return { out, rows, note: noteOf(edits, counts) }
}

function notFixable(code: string, isFound: boolean): InputError {
  const why = isFound
    ? `${shown(code)} has to be looked at row by row: nothing puts it right by itself`
    : `There is no finding ${shown(code)} that can be put right`
  return new InputError('usage', `${why}. These can: ${shownList(FIXABLE)}.`)
}
