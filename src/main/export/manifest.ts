import { createHash } from 'node:crypto'
import { InputError } from '../base/errors.ts'
import type { SigningKey } from './signing-key.ts'
import { verifySignature } from './signing-key.ts'

/** One fact of an export: an input, a tool, a measurement or an output file. */
export interface Fact {
  readonly kind:
    | 'tools'
    | 'model'
    | 'adapter'
    | 'licence'
    | 'data'
    | 'config'
    | 'run'
    | 'reading'
    | 'replay'
    | 'quantization'
    | 'memorisation'
    | 'file'
  readonly [name: string]: unknown
}

/** A fact in its place: its hash covers the hash before it, so that none can be changed, taken out or moved alone. */
export type Entry = Fact & { readonly previous: string; readonly sha256: string }

export interface Manifest {
  readonly format: 'attune-manifest-1'
  readonly entries: readonly Entry[]
  readonly signature: { readonly algorithm: 'ed25519'; readonly public_key: string; readonly value: string }
}

export const MANIFEST = 'manifest.json'
const START = '0'.repeat(64)

/** JSON with sorted keys and without spaces: the same value has the same text on every machine. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(',')}}`
}

const hashOf = (fact: object, previous: string): string =>
  createHash('sha256')
    .update(`${previous}\n${canonical(fact)}`)
    .digest('hex')

/** Chains the facts and signs the end of the chain. */
export function makeManifest(facts: readonly Fact[], key: SigningKey): Manifest {
  let previous = START
  const entries = facts.map((fact): Entry => {
    // Through JSON, so that what is hashed is what will be read.
    const plain = JSON.parse(JSON.stringify(fact)) as Fact // A fact that was just written.
    const entry = { ...plain, previous, sha256: hashOf(plain, previous) }
    previous = entry.sha256
    return entry
  })
  return {
    format: 'attune-manifest-1',
    entries,
    signature: { algorithm: 'ed25519', public_key: key.publicKey, value: key.sign(previous) }
  }
}

/**
 * Reads a manifest and checks its chain and signature.
 * @throws InputError naming the entry that was changed, or saying that the signature does not fit
 */
export function checkManifest(json: string, file: string): Manifest {
  const manifest = parse(json, file)
  let previous = START
  for (const [i, entry] of manifest.entries.entries()) {
    const { previous: before, sha256, ...fact } = entry
    if (before !== previous || sha256 !== hashOf(fact, previous)) {
      const sentence = `manifest.json was changed: its entry ${i + 1} (${fact.kind}) does not fit its hash. Take the export from where it was made.`
      throw new InputError('verify-manifest', sentence, { file })
    }
    previous = sha256
  }
  const { public_key: publicKey, value } = manifest.signature
  if (!verifySignature(publicKey, previous, value)) {
    const sentence =
      'manifest.json does not fit its signature: entries were added or taken out. Take the export from where it was made.'
    throw new InputError('verify-signature', sentence, { file })
  }
  return manifest
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

function parse(json: string, file: string): Manifest {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    value = null
  }
  const signature = isRecord(value) ? value['signature'] : null
  const isWhole =
    isRecord(value) &&
    value['format'] === 'attune-manifest-1' &&
    Array.isArray(value['entries']) &&
    value['entries'].every(
      (entry) => isRecord(entry) && typeof entry['kind'] === 'string' && typeof entry['sha256'] === 'string'
    ) &&
    isRecord(signature) &&
    typeof signature['public_key'] === 'string' &&
    typeof signature['value'] === 'string'
  if (isWhole) return value as Manifest // As far as it is read, it was just looked at.
  throw new InputError('verify-manifest', 'manifest.json is not a manifest of Attune, or was cut off. Export the run again.', {
    file
  })
}
