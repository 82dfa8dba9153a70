import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError, messageOf, systemCodeOf } from '../base/errors.ts'
import { writeJsonAtomic } from '../base/files.ts'
import { readFile } from '../base/sealed/fs.ts'
import { shown } from '../base/wording.ts'
import { isRecord } from './shape.ts'

/** What a person adds to the model card of a run, as plain text (`card.json` in its folder); empty where nothing is said. */
export interface CardWords {
  /** What the model is meant for. */
  readonly intended: string
  /** Where it must not be relied on. */
  readonly limits: string
  /** Anything else. */
  readonly further: string
}

export const CARD_PARTS = ['intended', 'limits', 'further'] as const satisfies readonly (keyof CardWords)[]

export const noWords: CardWords = { intended: '', limits: '', further: '' }

const FILE = 'card.json'
/** Characters of each part. */
export const LONGEST_CARD_PART = 4000

/** A person's words for the model card of the run in `folder`. @throws InputError where the file is no card */
export async function readCardWords(folder: string): Promise<CardWords> {
  const file = join(folder, FILE)
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'))
    const fault = faultOf(value)
    if (fault !== null) throw damaged(file, fault)
    return { ...noWords, ...(value as Partial<CardWords>) } // Looked at by faultOf.
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return noWords
    throw error instanceof InputError ? error : damaged(file, messageOf(error), error)
  }
}

/** Keeps the words; where none is said no file is left. */
export async function writeCardWords(folder: string, words: CardWords): Promise<void> {
  const file = join(folder, FILE)
  const said = CARD_PARTS.map((part) => [part, words[part].trim()] as const).filter(([, text]) => text !== '')
  if (said.length === 0) await rm(file, { force: true })
  else await writeJsonAtomic(file, Object.fromEntries(said))
}

function faultOf(value: unknown): string | null {
  if (!isRecord(value)) return 'it is no object'
  for (const [key, text] of Object.entries(value)) {
    if (!(CARD_PARTS as readonly string[]).includes(key))
      return `it has no part ${shown(key)}; its parts are ${CARD_PARTS.join(', ')}`
    if (typeof text !== 'string') return `${key} is no text`
    if (text.length > LONGEST_CARD_PART) return `${key} has more than ${LONGEST_CARD_PART} characters`
  }
  return null
}

function damaged(file: string, why: string, cause?: unknown): InputError {
  const message = `The words for the model card of this run cannot be read (${why}). Correct ${FILE}, or delete it.`
  const inApp = `The words for the model card of this run cannot be read (${why}). Restore the run from a backup.`
  return new InputError('card-unreadable', message, { file, inApp }, { cause })
}
