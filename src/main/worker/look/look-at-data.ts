import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { InputError } from '../../base/errors.ts'
import { shown } from '../../base/wording.ts'
import { guessRoles } from '../../data/datasets/roles.ts'
import type { ColumnFacts } from '../../data/datasets/column-stats.ts'
import { writeCsv } from '../../data/write-csv.ts'
import type { TrainerEvent } from '../protocol.ts'
import { scrutinise } from '../scrutiny/scrutinise.ts'
import type { CloseFinding, Roles } from '../scrutiny/scrutiny-types.ts'
import { layRows } from './lay-rows.ts'
import { requireNew, writeFixed, type Fixed } from './write-fixed.ts'

/** A closer look at data that nobody opened in the application. */
export interface LookTask {
  /** A table, or a folder of documents or of one data set. */
  readonly data: string
  /** What the person said of the columns; the rest is guessed as the application guesses it. */
  readonly roles: Partial<Pick<Roles, 'task' | 'text' | 'textPair' | 'answer' | 'separator' | 'group'>>
  /** Findings that are to be put right, by their codes, and the new file for that; null where nothing is. */
  readonly fix: { readonly codes: readonly string[]; readonly out: string } | null
  /** The new CSV file with every row of every finding; null for none. */
  readonly rowsFile: string | null
}

/** Looks as the window does, and puts right what is asked for in a new file. The data are only read; what is laid aside meanwhile goes. */
export async function lookAtData(
  task: LookTask,
  emit: (event: TrainerEvent) => void,
  signal: AbortSignal
): Promise<TrainerEvent> {
  for (const path of [task.fix?.out, task.rowsFile]) if (typeof path === 'string') await requireNew(path)
  const scratch = await mkdtemp(join(tmpdir(), 'attune-look-'))
  try {
    const rowsPath = join(scratch, 'rows.jsonl')
    const onRows = (done: number): void => emit({ event: 'progress', phase: 'reading', done, total: 0 })
    const { columns: facts, rows, leftOut } = await layRows(task.data, rowsPath, { onRows, signal })
    const columns = facts.map(({ name }) => name)
    const roles = rolesOf(task.roles, facts, basename(task.data))
    const tell = (progress: Parameters<NonNullable<Parameters<typeof scrutinise>[1]>>[0]): void => {
      signal.throwIfAborted()
      emit({ event: 'progress', ...progress })
    }
    const findings = await scrutinise({ rowsPath, columns, roles, rows, withEqual: true }, tell)
    if (task.rowsFile !== null) await writeCsv(task.rowsFile, ['finding', 'line', 'remark'], rowsOf(findings))
    const fixed: Fixed | null = task.fix && (await writeFixed({ ...task.fix, findings, rowsPath, columns, roles, signal }))
    return { event: 'finished', data: task.data, rows, left_out: leftOut, roles, findings: findings.map(toldOf), fixed }
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

const rowsOf = (findings: readonly CloseFinding[]): (readonly [string, number, string])[] =>
  findings.flatMap(({ code, lines, remarks }) => lines.map((line, i) => [code, line, remarks?.[i] ?? ''] as const))

/** What is told of a finding; its edits are named, not listed. */
const toldOf = ({ code, sentence, rows, weight, lines, remarks, fixes }: CloseFinding): object => ({
  ...{ code, sentence, rows, weight, lines, remarks },
  fixes: Object.keys(fixes)
})

function rolesOf(asked: LookTask['roles'], facts: readonly ColumnFacts[], name: string): Roles {
  const guessed = guessRoles(facts)
  for (const column of [asked.text, asked.textPair, asked.answer, asked.group])
    if (typeof column === 'string' && !facts.some((each) => each.name === column)) throw unknownColumn(name, column, facts)
  const roles: Roles = { ...guessed, ...asked, belonging: typeof asked.group === 'string' ? 'column' : 'no' }
  if (roles.text === null)
    throw new InputError('usage', `No column of ${name} looks like texts. Name the one with the text: --text COLUMN.`)
  if (roles.answer === null)
    throw new InputError(
      'usage',
      `No column of ${name} looks like classes, numbers or marks. Name the one with the answer: --label COLUMN.`
    )
  if (roles.text === roles.answer)
    throw new InputError('usage', `Text and answer are the same column, ${shown(roles.text)}. Name two: --text, --label.`)
  return roles
}

const unknownColumn = (name: string, column: string, facts: readonly ColumnFacts[]): InputError =>
  new InputError(
    'usage',
    `${name} has no column ${shown(column)}. It has ${facts
      .slice(0, 12)
      .map((each) => shown(each.name))
      .join(', ')}.`
  )
