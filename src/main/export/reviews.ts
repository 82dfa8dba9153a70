import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { InputError, systemCodeOf } from '../base/errors.ts'
import { writeJsonAtomic } from '../base/files.ts'
import { readFile } from '../base/sealed/fs.ts'
import { canonical, type Manifest } from './manifest.ts'
import { readManifest } from './read-manifest.ts'
import { fingerprint, verifySignature, type SigningKey } from './signing-key.ts'

/** What lies beside the manifest once somebody reviewed or retired an export. */
export const REVIEW = 'review.json'

/** How far an export has come. A draft is what nobody has reviewed yet. */
export type ExportStatus = 'draft' | 'reviewed' | 'retired'

/** What a person says of an export; chained to the manifest or the statement before it, and signed with the key of their installation. */
interface Statement {
  readonly status: Exclude<ExportStatus, 'draft'>
  readonly name: string
  readonly note: string
  /** ISO 8601, UTC; of the clock of whoever signed. */
  readonly date: string
  readonly previous: string
  readonly sha256: string
  readonly signature: { readonly public_key: string; readonly value: string }
}

/** A statement as it is shown. */
export interface Review extends Pick<Statement, 'status' | 'name' | 'note' | 'date'> {
  /** Fingerprint of the key that signed it. */
  readonly signedBy: string
}

export interface Reviews {
  readonly status: ExportStatus
  readonly reviews: readonly Review[]
}

const FORMAT = 'attune-review-1'
const MOST_STATEMENTS = 100
const LONGEST_NAME = 100
const LONGEST_NOTE = 2000

const hashOf = ({ status, name, note, date, previous }: Omit<Statement, 'sha256' | 'signature'>): string =>
  createHash('sha256')
    .update(`${previous}\n${canonical({ status, name, note, date })}`)
    .digest('hex')

/** The format stands in what is signed, so that no signature of a statement can be taken for that of a manifest. */
const signed = (sha256: string): string => `${FORMAT}\n${sha256}`

/** Status and statements of an export's folder. @throws InputError where manifest or statements were changed */
export async function readReviews(folder: string): Promise<Reviews> {
  return shownOf(await readStatements(folder, await readManifest(folder)))
}

/** What whoever uses a retired export is told. */
export const retiredSentence = ({ name, date, note }: Review): string =>
  `This export was retired on ${date.slice(0, 10)} by ${name}${note === '' ? '' : ` (${note})`}. Do not use it any more.`

const shownOf = (statements: readonly Statement[]): Reviews => ({
  status: statements.at(-1)?.status ?? 'draft',
  reviews: statements.map(({ status, name, note, date, signature }) => {
    return { status, name, note, date, signedBy: fingerprint(signature.public_key) }
  })
})

async function readStatements(folder: string, manifest: Manifest): Promise<readonly Statement[]> {
  const file = join(folder, REVIEW)
  const json = await readFile(file, 'utf8').catch((error: unknown) => {
    if (systemCodeOf(error) === 'ENOENT') return null
    throw error
  })
  if (json === null) return []
  const statements = parse(json, file)
  let previous = endOf(manifest)
  for (const [i, statement] of statements.entries()) {
    const { signature, sha256 } = statement
    const isWhole = statement.previous === previous && sha256 === hashOf(statement)
    const mayReview = statement.status !== 'reviewed' || signature.public_key !== manifest.signature.public_key
    if (!isWhole || !mayReview || !verifySignature(signature.public_key, signed(sha256), signature.value)) {
      const sentence = `${REVIEW} was changed: its statement ${i + 1} is not what was signed. Take the export from where it was reviewed.`
      throw new InputError('verify-review', sentence, { file })
    }
    previous = sha256
  }
  return statements
}

const endOf = ({ entries }: Manifest): string => entries.at(-1)?.sha256 ?? ''

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

function parse(json: string, file: string): readonly Statement[] {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    value = null
  }
  const statements = isRecord(value) && value['format'] === FORMAT ? value['statements'] : null
  if (Array.isArray(statements) && statements.length <= MOST_STATEMENTS && statements.every(isStatement)) return statements
  throw new InputError(
    'verify-review',
    `${REVIEW} is not what Attune writes, or was cut off. Take the export from where it was reviewed.`,
    {
      file
    }
  )
}

function isStatement(value: unknown): value is Statement {
  if (!isRecord(value) || (value['status'] !== 'reviewed' && value['status'] !== 'retired')) return false
  const { signature } = value
  const texts = ['name', 'note', 'date', 'previous', 'sha256'].map((key) => value[key])
  if (!isRecord(signature)) return false
  return [...texts, signature['public_key'], signature['value']].every((each) => typeof each === 'string')
}

export interface ReviewInput {
  readonly folder: string
  readonly status: Exclude<ExportStatus, 'draft'>
  /** Who says so. */
  readonly name: string
  readonly note: string
  readonly key: SigningKey
  /** ISO 8601. */
  readonly now: string
}

/**
 * Adds a person's statement to an export, whose files were checked: `reviewed` by a second person, whose key is not the one that signed the export, or
 * `retired` by anyone. Resolves to what the folder says then.
 * @throws InputError where the statement is not this person's to make, or has been made
 */
export async function addReview({ folder, status, name, note, key, now }: ReviewInput): Promise<Reviews> {
  const manifest = await readManifest(folder)
  const before = await readStatements(folder, manifest)
  requireWords(name, note)
  refuse(before, manifest, status, key)
  const bare = { status, name: name.trim(), note: note.trim(), date: now, previous: before.at(-1)?.sha256 ?? endOf(manifest) }
  const sha256 = hashOf(bare)
  const statement: Statement = { ...bare, sha256, signature: { public_key: key.publicKey, value: key.sign(signed(sha256)) } }
  const statements = [...before, statement]
  await writeJsonAtomic(join(folder, REVIEW), { format: FORMAT, statements })
  return shownOf(statements)
}

function requireWords(name: string, note: string): void {
  const [named, noted] = [name.trim().length, note.trim().length]
  if (named === 0 || named > LONGEST_NAME)
    throw new InputError(
      'review-name',
      `A review needs the name of whoever stands for it, of at most ${LONGEST_NAME} characters.`
    )
  if (noted > LONGEST_NOTE)
    throw new InputError('review-name', `The note of a review has ${noted} characters; ${LONGEST_NOTE} are the most. Shorten it.`)
}

function refuse(before: readonly Statement[], manifest: Manifest, status: Statement['status'], { publicKey }: SigningKey): void {
  const last = before.at(-1)
  if (last?.status === 'retired') {
    const sentence = `This export was retired by ${last.name}. A retired export stays retired: export the run again.`
    throw new InputError('review-retired', sentence)
  }
  if (status === 'retired') return
  if (publicKey === manifest.signature.public_key) {
    const sentence =
      'This installation signed the export itself, and a review is the word of a second person. Take the folder to their computer, and have it reviewed there.'
    throw new InputError('review-own', sentence)
  }
  if (before.some(({ signature }) => signature.public_key === publicKey))
    throw new InputError('review-again', 'This installation has reviewed the export already. Nothing was changed.')
}
