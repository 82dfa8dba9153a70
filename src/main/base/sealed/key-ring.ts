import { realpathSync } from 'node:fs'
import { dirname, isAbsolute, relative, resolve } from 'node:path'
import { InputError } from '../errors.ts'
import type { SealingKey } from './format.ts'

/** A folder in which everything that is written is sealed. */
export interface SealedPlace {
  readonly folder: string
  /** Folders in it that stay as they are: what the computing library maps. */
  readonly except: readonly string[]
  /** Whether files directly in the folder stay as they are: those that must be read before there is a key. */
  readonly sparesTop: boolean
  /** The key that new files get. */
  readonly keyId: string
}

/** What another process of this program needs to read and write the same files. It travels in a message, never in arguments, environment or files. */
export interface Sealing {
  readonly places: readonly SealedPlace[]
  readonly keys: readonly { readonly id: string; readonly hex: string }[]
}

const nothing: Sealing = { places: [], keys: [] }

/** The keys that this process has, and where it seals what it writes. Of the innermost place around a path, that place's key counts. */
class KeyRing {
  #places: readonly SealedPlace[] = []
  #keys: ReadonlyMap<string, SealingKey> = new Map()

  /** Replaces everything that was known before. */
  use({ places, keys }: Sealing = nothing): void {
    this.#keys = new Map(keys.map(({ id, hex }) => [id, { id, bytes: Buffer.from(hex, 'hex') }]))
    this.#places = places.flatMap((place) => [place, ...realPlaces(place)]).sort((a, b) => b.folder.length - a.folder.length)
  }

  /** The same for another process. */
  share(): Sealing {
    return { places: this.#places, keys: [...this.#keys.values()].map(({ id, bytes }) => ({ id, hex: bytes.toString('hex') })) }
  }

  /** The key that seals a file at `path`; null where it stays as it is. */
  keyFor(path: string): SealingKey | null {
    const whole = resolve(path)
    const place = this.#places.find(({ folder }) => isWithin(folder, whole))
    if (!place || place.except.some((folder) => isWithin(folder, whole))) return null
    if (place.sparesTop && dirname(whole) === place.folder) return null
    return this.#keys.get(place.keyId) ?? null
  }

  /** The key that a file names. @throws InputError where this process does not have it */
  keyNamed(id: string, path: string): SealingKey {
    const key = this.#keys.get(id)
    if (key) return key
    const sentence =
      'This is encrypted by Attune and can only be read there: open the application, unlock it, and work on it in its window.'
    throw new InputError('sealed-locked', sentence, { file: path })
  }
}

/** The ring of this process. Files are opened in many places; who may open them is one fact about the process. */
export const keyRing = new KeyRing()

/** The same place under its real path, where that is another. */
function realPlaces(place: SealedPlace): readonly SealedPlace[] {
  try {
    const folder = realpathSync(place.folder)
    if (folder === place.folder) return []
    return [{ ...place, folder, except: place.except.map((inner) => resolve(folder, relative(place.folder, inner))) }]
  } catch {
    return []
  }
}

function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way === '' || (!way.startsWith('..') && !isAbsolute(way))
}
