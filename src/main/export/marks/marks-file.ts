import { join } from 'node:path'
import { InputError, systemCodeOf } from '../../base/errors.ts'
import { writeJsonAtomic } from '../../base/files.ts'
import { readFile } from '../../base/sealed/fs.ts'
import { WORD_PATTERN } from '../../base/words-in.ts'
import { schemeTransitions, withScheme } from '../../engine/tasks/decode.ts'
import type { TagOptions } from '../../engine/tasks/options.ts'
import { TagSet } from '../../engine/tasks/tags.ts'
import type { Transitions } from '../../engine/tasks/viterbi.ts'
import { count, list, number, object, oneOf, text, truth } from '../../report/shape.ts'
import type { ExportableRun } from '../define-exporter.ts'

/** The file beside a model that marks passages that says how they are read from its logits, for Attune and for any other program. */
export const MARKS_FILE = 'marks.json'

const FORMAT = 'attune-marks-1'

/** Scores of going from one tag to another, of starting and of ending with one. JSON knows no −∞: what may not be has `NEVER`. */
export interface TagScores {
  /** [from][to] */
  readonly between: readonly (readonly number[])[]
  readonly start: readonly number[]
  readonly end: readonly number[]
}

/** The reading of logits [tokens, tags] as passages. */
export interface MarksFile {
  readonly format: typeof FORMAT
  /** Kinds of passages. */
  readonly kinds: readonly string[]
  /** The outputs in their order: `O`, then those of each kind. */
  readonly tags: readonly string[]
  readonly scheme: TagOptions['scheme']
  /** Which tokens are asked: the first of each word, or all. */
  readonly labelled: TagOptions['labelled']
  /** A regular expression with the flags `gu`: what a word is. */
  readonly word: string
  readonly decoding: TagOptions['decoding']
  /** Divides logits before softmax, for the score of a passage. */
  readonly temperature: number
  /** Whether `transitions` were learned (a conditional random field); else they hold what the scheme allows. */
  readonly crf: boolean
  /** The tags of a text are those with the highest sum of logits and transitions. */
  readonly transitions: TagScores
  /** Longest sequence in tokens, and how many tokens windows of longer texts share; 0 where longer texts are cut. */
  readonly max_length: number
  readonly stride: number
}

/** The score of what may not be: its exponential is 0 in every arithmetic. */
const NEVER = -1e4

export interface MarksFileInput extends Pick<MarksFile, 'kinds' | 'temperature'> {
  readonly options: Omit<TagOptions, 'init'>
  /** Of a conditional random field; null where there is none. */
  readonly learned: Transitions | null
  readonly maxLength: number
  readonly stride: number
}

/** What marks.json says. */
export function marksFile({ kinds, options, temperature, learned, maxLength, stride }: MarksFileInput): MarksFile {
  const { scheme, labelled, decoding } = options
  const tags = new TagSet(kinds, scheme)
  return {
    ...{ format: FORMAT, kinds, tags: tags.names, scheme, labelled, word: WORD_PATTERN, decoding, temperature },
    ...{ crf: learned !== null, transitions: scoresOf(transitionsOf(tags, decoding, learned)) },
    ...{ max_length: maxLength, stride }
  }
}

function transitionsOf(tags: TagSet, decoding: TagOptions['decoding'], learned: Transitions | null): Transitions {
  if (decoding === 'constrained') return learned ? withScheme(learned, tags) : schemeTransitions(tags)
  const free = (length: number): Float64Array => new Float64Array(length)
  return learned ?? { tags: tags.size, between: free(tags.size ** 2), start: free(tags.size), end: free(tags.size) }
}

function scoresOf({ tags, between, start, end }: Transitions): TagScores {
  const plain = (scores: Float64Array): number[] => Array.from(scores, (score) => (score === -Infinity ? NEVER : score))
  const rows = Array.from({ length: tags }, (_, from) => plain(between.subarray(from * tags, (from + 1) * tags)))
  return { between: rows, start: plain(start), end: plain(end) }
}

/** Writes it beside a model that marks passages; of any other nothing. */
export async function writeMarks({ marks }: Pick<ExportableRun, 'marks'>, folder: string): Promise<void> {
  if (marks) await writeJsonAtomic(join(folder, MARKS_FILE), marks)
}

const scores = (tags: number) =>
  object<TagScores>({ between: list(list(number, tags), tags), start: list(number, tags), end: list(number, tags) })

const checkWith = (tags: number) =>
  object<MarksFile>({
    ...{
      format: oneOf(FORMAT),
      kinds: list(text),
      tags: list(text),
      scheme: oneOf('BIO', 'BILOU'),
      labelled: oneOf('first', 'all')
    },
    ...{ word: text, decoding: oneOf('constrained', 'independent'), temperature: number, crf: truth },
    ...{ transitions: scores(tags), max_length: count, stride: count }
  })

/** Reads it from an export's folder. @throws InputError where it is missing or not as Attune writes it */
export async function readMarks(folder: string): Promise<MarksFile> {
  const file = join(folder, MARKS_FILE)
  const broken = (why: string, cause?: unknown): InputError =>
    new InputError('export-incomplete', `${MARKS_FILE} ${why}. Export the run again.`, { file }, { cause })
  const source = await readFile(file, 'utf8').catch((error: unknown) => {
    if (systemCodeOf(error) === 'ENOENT') throw broken('is missing, which says how passages are read', error)
    throw error
  })
  let value: unknown
  try {
    value = JSON.parse(source)
  } catch (error) {
    throw broken('is not valid JSON', error)
  }
  const named = (value as Partial<MarksFile> | null)?.tags // Looked at below, as is all of it.
  const fault = checkWith(Array.isArray(named) ? named.length : 0)(value)
  if (fault !== null) throw broken(`does not say what is needed to read passages: ${fault.replace(/^\./, '')}`)
  const marks = value as MarksFile // Just looked at.
  const { names } = new TagSet(marks.kinds, marks.scheme)
  if (names.join('\n') !== marks.tags.join('\n')) throw broken('names other tags than its kinds have')
  return marks
}

/** The scores that a conditional random field learned, one after another; null where there is none. */
export const learnedScores = ({ crf, transitions: { between, start, end } }: MarksFile) =>
  crf ? { between: between.flat(), start, end } : null
