import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ColumnLeaks } from './column-leaks.ts'
import { DoubtfulLabels } from './doubtful-labels.ts'
import { Languages } from './languages.ts'
import { MarkConflicts } from './mark-conflicts.ts'
import { NearCopies } from './near-copies.ts'
import { ClassNumbers, readRows } from './read-rows.ts'
import type { CloseFinding, ScrutinyInput } from './scrutiny-types.ts'
import { WordLeaks } from './word-leaks.ts'

export interface ScrutinyProgress {
  readonly phase: 'counting' | 'checking'
  readonly done: number
  readonly total: number
}

const ROWS_A_NEWS = 2000
/** What its folders begin with. */
const OWN = '.look-'

/**
 * Looks at a table more closely than for every report: near copies, what gives the answer away, languages, doubtful labels. It is read once, and again
 * where a word may give a class away; what does not fit into memory lies in a folder beside the rows (so that encryption covers it) and goes afterwards.
 */
export async function scrutinise(
  input: ScrutinyInput,
  onProgress: (progress: ScrutinyProgress) => void = () => undefined
): Promise<readonly CloseFinding[]> {
  const beside = dirname(input.rowsPath)
  // What a look left that was given up.
  for (const name of await readdir(beside))
    if (name.startsWith(OWN)) await rm(join(beside, name), { recursive: true, force: true })
  const folder = await mkdtemp(join(beside, OWN))
  const near = new NearCopies(comparedTexts(input), folder)
  try {
    return await look(input, near, onProgress)
  } finally {
    await near.dispose()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Questions about one text repeat it, which is no copy. */
const comparedTexts = (input: ScrutinyInput): ScrutinyInput =>
  isAsked(input) ? { ...input, withEqual: false, roles: { ...input.roles, textPair: null } } : input

const isAsked = ({ roles }: ScrutinyInput): boolean => roles.task === 'question-answering'

async function look(
  input: ScrutinyInput,
  near: NearCopies,
  onProgress: (progress: ScrutinyProgress) => void
): Promise<readonly CloseFinding[]> {
  const { columns, roles, rows } = input
  const classes = new ClassNumbers()
  const languages = new Languages(rows)
  const doubtful = new DoubtfulLabels(rows, roles)
  const words = new WordLeaks()
  const others = new ColumnLeaks(columns, roles)
  const asked = isAsked(input)
  const marks = roles.task === 'token-classification' || (asked && roles.questions != null) ? new MarkConflicts() : null
  const tell = (done: number): void => {
    if (done % ROWS_A_NEWS === 0) onProgress({ phase: 'counting', done, total: rows })
  }
  for await (const row of readRows(input, classes, tell)) {
    await near.add(asked ? { ...row, pair: '' } : row)
    languages.add(row)
    doubtful.add(row)
    marks?.learn(row)
    // Marks and answers are told by no column and by no single word.
    if (marks || asked) continue
    words.learn(row)
    others.add(row)
  }
  onProgress({ phase: 'checking', done: 0, total: 0 })
  if (words.choose()) for await (const row of readRows(input, classes)) words.measure(row)
  if (marks?.choose() === true) for await (const row of readRows(input, classes)) marks.measure(row)
  const { names } = classes
  const copies = await near.findings()
  const doubts = doubtful.findings(names, (done, total) => onProgress({ phase: 'checking', done, total }))
  return [
    ...words.findings(names),
    ...others.findings(),
    ...doubts,
    ...(marks?.findings() ?? []),
    // Without one row of a text its other questions would stay.
    ...(asked ? copies.map((copy) => ({ ...copy, fixes: {} })) : copies),
    ...languages.findings()
  ]
}
