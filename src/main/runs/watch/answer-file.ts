import { join } from 'node:path'
import { InputError, StoppedError } from '../../base/errors.ts'
import { layHere } from '../../data/intake/laying.ts'
import type { ModelFacts } from '../../worker/protocol.ts'
import type { OpenModel } from '../serving/open-model.ts'
import { openInput, type UseInputFiles } from '../use/open-input.ts'

/** Forms of a file of answers, by its ending. */
export const answerForms = ['csv', 'xlsx', 'jsonl'] as const
export type AnswerForm = (typeof answerForms)[number]

export interface AnswerFile {
  readonly model: OpenModel
  readonly facts: ModelFacts
  /** Asked of every text in place of the model's own, where it answers questions. */
  readonly questions?: readonly string[] | undefined
  /** The copy that was taken, and what its owner calls it. */
  readonly path: string
  readonly name: string
  /** For what is made on the way; emptied by whoever made it. */
  readonly scratch: string
  readonly form: AnswerForm
  /** Written aside and renamed. */
  readonly out: string
  readonly now: Date
}

export interface AnsweredFile {
  readonly rows: number
  readonly empty: number
  readonly cut: number
}

/** Answers one table or text file. @throws InputError for one that cannot be read, lacks the model's columns or is too much for its form */
export async function answerFile({ model, facts, questions, path, name, scratch, form, out, now }: AnswerFile): Promise<AnsweredFile> {
  const used = { folder: '', ...facts.columns, label: null, marks: false, asks: null, classNames: facts.labels, weightsHash: '' }
  const input = await openInput([{ path, name }], scratch, used, { onRows: () => undefined, laying: layHere })
  const columns = facts.questions ? askedPlaces(input, facts, questions) : placesOf(input, facts)
  const { rowsFile, rows } = input
  const answersFile = join(scratch, 'answers.jsonl')
  const { done, empty, cut } = await model.ask<'table'>({
    ...{ kind: 'table', rowsFile, columns, rows, outFile: answersFile },
    ...(questions && { questions })
  })
  // Asked to stop in the middle, it keeps what it has; half of the answers are none here.
  if (done < rows) throw new StoppedError()
  const saving = {
    ...{ rowsFile, answersFile, rows, columns: input.columns, format: form, path: out },
    facts: [
      ['Model', facts.name],
      ['Weights (SHA-256)', facts.weights.join(' ')],
      ['Document', name],
      ['Answered on', now.toISOString()],
      ['Rows answered', rows]
    ] as const
  }
  if (facts.problem === 'token-classification')
    await model.ask<'save-passages'>({ kind: 'save-passages', ...saving, text: columns.text })
  else if (facts.questions) 
    await model.ask<'save-asked'>({ ...{ kind: 'save-asked', ...saving, text: columns.text }, questions: null, threshold: null })
  else
    await model.ask<'save'>({
      ...{ kind: 'save', ...saving, classNames: facts.labels, threshold: facts.decision.person_below }
    })
  return { rows, empty, cut }
}

interface Places {
  readonly text: number
  readonly pair: number | null
  readonly answer: null
}

/** Where the columns are that the model was trained on. Nobody is there to be asked whether others will do. */
function placesOf({ kind, columns }: UseInputFiles, { columns: wanted }: Pick<ModelFacts, 'columns'>): Places {
  if (kind === 'documents' && wanted.pair !== null)
    throw new InputError('watch-column', 'This model reads two texts of a row, and a text file holds one. Bring a table with both columns.')
  if (kind === 'documents') return { text: columns.indexOf('text'), pair: null, answer: null }
  const place = (name: string): number => {
    const found = columns.indexOf(name)
    if (found >= 0) return found
    throw new InputError('watch-column', `The table has no column '${name}', which the model reads. Name its column so.`)
  }
  return { text: place(wanted.text), pair: wanted.pair === null ? null : place(wanted.pair), answer: null }
}

/** The same where questions are answered: those of a column, unless some are given or the model has its own and there is no such column. */
function askedPlaces(input: UseInputFiles, facts: ModelFacts, given: readonly string[] | undefined): Places {
  const { columns: wanted, questions = [] } = facts
  const hasColumn = wanted.pair !== null && input.columns.includes(wanted.pair)
  const alone = { ...facts, columns: { ...wanted, pair: null } }
  if (given !== undefined || (questions.length > 0 && !hasColumn)) return placesOf(input, alone)
  if (input.kind === 'documents') throw unasked()
  return placesOf(input, facts)
}

/** A document without a question. */
function unasked(): InputError {
  const what = 'This model has no questions of its own, and a document holds none. Bring a table with a column of questions'
  return new InputError('watch-column', `${what}, or give some with --ask.`, { inApp: `${what}.` })
}

/** What other programs make beside the files that people mean, and what hides. */
const passing = /^(?:\.|~\$|~|thumbs\.db$|desktop\.ini$)|(?:\.(?:tmp|part|partial|crdownload|lock|swp|bak)|~)$/i

/** Whether a name is that of a file that nobody brought to be answered. */
export const isPassing = (name: string): boolean => passing.test(name)
