import { join } from 'node:path'
import { InputError, systemCodeOf } from '../../base/errors.ts'
import { writeJsonAtomic } from '../../base/files.ts'
import { readFile } from '../../base/sealed/fs.ts'
import { count, list, number, object, oneOf, orNull, record, text } from '../../report/shape.ts'
import type { ExportableRun } from '../define-exporter.ts'

/** The file beside a model that answers questions that says how answers are read from its scores, for Attune and for any other program. */
export const ANSWERING_FILE = 'answering.json'

const FORMAT = 'attune-answering-1'

/** The reading of the scores of tokens as first and last of an answer. */
export interface AnsweringFile {
  readonly format: typeof FORMAT
  /** The questions that the run learned to ask of every text, in each of their wordings; null where they stood in its data. */
  readonly questions: Readonly<Record<string, readonly string[]>> | null
  /** Longest sequence of question and text in tokens, and how many tokens windows of longer texts share; 0 where longer texts are cut. */
  readonly max_length: number
  readonly stride: number
  /** Tokens of an answer at most. */
  readonly max_answer_length: number
  /** Firsts and lasts of each window that are tried with each other, and answers that are kept. */
  readonly n_best: number
  /** "No answer" is said where the scores of the first token, less those of the best answer, are above it; null where an answer is always given. */
  readonly threshold: number | null
}

/** What answering.json says. */
export const answeringFile = (said: Omit<AnsweringFile, 'format'>): AnsweringFile => ({ format: FORMAT, ...said })

/** Writes it beside a model that answers questions; of any other nothing. */
export async function writeAnswering({ answering }: Pick<ExportableRun, 'answering'>, folder: string): Promise<void> {
  if (answering) await writeJsonAtomic(join(folder, ANSWERING_FILE), answering)
}

const check = object<AnsweringFile>({
  format: oneOf(FORMAT),
  questions: orNull(record(list(text))),
  max_length: count,
  stride: count,
  max_answer_length: count,
  n_best: count,
  threshold: orNull(number)
})

/** Reads it from an export's folder. @throws InputError where it is missing or not as Attune writes it */
export async function readAnswering(folder: string): Promise<AnsweringFile> {
  const file = join(folder, ANSWERING_FILE)
  const broken = (why: string, cause?: unknown): InputError =>
    new InputError('export-incomplete', `${ANSWERING_FILE} ${why}. Export the run again.`, { file }, { cause })
  const source = await readFile(file, 'utf8').catch((error: unknown) => {
    if (systemCodeOf(error) === 'ENOENT') throw broken('is missing, which says how answers are read', error)
    throw error
  })
  let value: unknown
  try {
    value = JSON.parse(source)
  } catch (error) {
    throw broken('is not valid JSON', error)
  }
  const fault = check(value)
  if (fault !== null) throw broken(`does not say what is needed to read answers: ${fault.replace(/^\./, '')}`)
  return value as AnsweringFile // Just looked at.
}
