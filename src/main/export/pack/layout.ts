import { InputError } from '../../base/errors.ts'
import { safeFileName } from '../../base/file-name.ts'
import { isLicenceFile } from '../../base/licence/read-licence.ts'
import { quoted } from '../../base/storage-problem.ts'
import { isRecord } from '../../report/shape.ts'

/*
 * A pack (`FILE.attune`) is a zip whose entries are stored, not compressed: `attune-pack.json`, which says what it is, then the files of one export below
 * `model/` or `adapter/`, its manifest first. Encrypted, the whole zip is the content of an age file.
 */

/** The ending of a pack's name. */
export const PACK_ENDING = '.attune'
/** The first entry. */
export const PACK_HEAD = 'attune-pack.json'
export const PACK_VERSION = 1
/** More than any export has: a model of 500 GB has 100 shards. */
export const MOST_ENTRIES = 1000
/** Bytes of the head and of a manifest that are read into memory. */
export const MOST_HEAD_BYTES = 4096
export const MOST_MANIFEST_BYTES = 4_000_000

/** What a pack holds: a merged model that is whole, or an adapter that needs its base model. It is the folder of its entries, too. */
export type PackContent = 'model' | 'adapter'

/** What the first entry says. */
export const packHead = (holds: PackContent): string =>
  `${JSON.stringify({ format: 'attune-pack', version: PACK_VERSION, holds })}\n`

/** Reads it. @throws InputError for another kind of file, or a version from the future */
export function readPackHead(json: string, file: string): PackContent {
  const head = parsed(json)
  if (!isRecord(head) || head['format'] !== 'attune-pack') throw noPack(file)
  const { version, holds } = head
  if (version === PACK_VERSION && (holds === 'model' || holds === 'adapter')) return holds
  const sentence = `${quoted(file)} is a pack of version ${shownVersion(version)}, which this Attune does not read. Get a newer Attune, or have it packed again.`
  throw new InputError('pack-version', sentence, { file })
}

const shownVersion = (version: unknown): string => (Number.isSafeInteger(version) ? String(version) : 'unknown')

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return null
  }
}

export const noPack = (file: string, cause?: unknown): InputError =>
  new InputError(
    'pack-none',
    `${quoted(file)} is not a pack of Attune. Choose a file that Attune packed; its name ends in .attune.`,
    { file },
    { cause }
  )

export const damagedPack = (file: string, cause?: unknown): InputError =>
  new InputError(
    'pack-damaged',
    `${quoted(file)} is damaged or was cut off. Copy it again from where it was made.`,
    { file },
    { cause }
  )

/** Letters, digits and three marks that every system knows: neither folders nor hidden files nor anything that looks like another name. */
const plainName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/
/** Kinds of files that are data, beside licences. What a program runs (pickles, scripts) is in no export of Attune. */
const known = /\.(?:json|safetensors|txt|md|html|model)$/i

/** The name of a file within its folder; null where an entry of this name belongs to no pack. */
export function entryName(path: string, holds: PackContent): string | null {
  const name = path.startsWith(`${holds}/`) ? path.slice(holds.length + 1) : ''
  return plainName.test(name) && (known.test(name) || isLicenceFile(name)) && safeFileName(name) === name ? name : null
}
