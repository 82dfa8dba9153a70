import { realpathSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
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

/** Something that belongs to a project: the entries of that name in the folders of a data folder. */
export interface Belonging {
  /** A run's, a data set's or a project's id. */
  readonly id: string
  readonly project: string
}

/** What another process of this program needs to read and write the same files. It travels in a message, never in arguments, environment or files. */
export interface Sealing {
  readonly places: readonly SealedPlace[]
  readonly keys: readonly { readonly id: string; readonly hex: string }[]
  /** The folder whose folders hold what belongs to projects; null where nothing does. */
  readonly home: string | null
  /** The ids of the projects' keys. */
  readonly projects: readonly { readonly project: string; readonly keyId: string }[]
  readonly belongings: readonly Belonging[]
}

/**
 * The keys that this process has, and where it seals what it writes. What belongs to a project gets that project's key; elsewhere the innermost place
 * around a path counts.
 */
class KeyRing {
  #places: readonly SealedPlace[] = []
  #keys = new Map<string, SealingKey>()
  #homes: readonly string[] = []
  #projects = new Map<string, string>()
  #belongings = new Map<string, string>()

  /** Replaces everything that was known before. */
  use({ places = [], keys = [], home = null, projects = [], belongings = [] }: Partial<Sealing> = {}): void {
    this.#keys = new Map(keys.map(({ id, hex }) => [id, { id, bytes: Buffer.from(hex, 'hex') }]))
    this.#places = places.flatMap((place) => [place, ...realPlaces(place)]).sort((a, b) => b.folder.length - a.folder.length)
    this.#homes = home === null ? [] : [...new Set([home, realOf(home)])]
    this.#projects = new Map(projects.map(({ project, keyId }) => [project, keyId]))
    this.#belongings = new Map(belongings.map(({ id, project }) => [id, project]))
  }

  /** Adds a project's key: what belongs to the project is sealed with it from now on. */
  addProject(project: string, { id, hex }: { readonly id: string; readonly hex: string }): void {
    this.#keys.set(id, { id, bytes: Buffer.from(hex, 'hex') })
    this.#projects.set(project, id)
  }

  /** Forgets a project's key: what it sealed cannot be read any more. */
  dropProject(project: string): void {
    this.#keys.delete(this.#projects.get(project) ?? '')
    this.#projects.delete(project)
  }

  /** From now on the entries of this name belong to a project. Nothing changes where projects have no keys. */
  belong({ id, project }: Belonging): void {
    this.#belongings.set(id, project)
  }

  /**
   * The same for another process, which works on `subject`, a run's folder or configuration: what that process puts into the shared caches is derived from
   * the project's rows, and gets its key.
   */
  share(subject: string | null = null): Sealing {
    const keyId = subject === null ? undefined : this.#projectKeyFor(resolve(subject))?.id
    const caches = keyId === undefined ? [] : this.#homes.map((home) => cachePlace(home, keyId))
    return {
      places: [...this.#places, ...caches],
      keys: [...this.#keys.values()].map(({ id, bytes }) => ({ id, hex: bytes.toString('hex') })),
      home: this.#homes[0] ?? null,
      projects: [...this.#projects].map(([project, id]) => ({ project, keyId: id })),
      belongings: [...this.#belongings].map(([id, project]) => ({ id, project }))
    }
  }

  /** The key that seals a file at `path`; null where it stays as it is. */
  keyFor(path: string): SealingKey | null {
    const whole = resolve(path)
    const place = this.#places.find(({ folder }) => isWithin(folder, whole))
    if (!place || place.except.some((folder) => isWithin(folder, whole))) return null
    if (place.sparesTop && dirname(whole) === place.folder) return null
    return this.#projectKeyFor(whole) ?? this.#keys.get(place.keyId) ?? null
  }

  /** The key of the project that the entry around a path belongs to: `runs/r-1-1/…`, `configurations/r-1.yaml` and `bin/r-1/…` are the run r-1's. */
  #projectKeyFor(whole: string): SealingKey | null {
    const home = this.#homes.find((each) => isWithin(each, whole))
    if (home === undefined) return null
    const [, entry = ''] = relative(home, whole).split(sep)
    for (let name = entry; name !== ''; name = name.replace(/[.-]?[^.-]*$/, '')) {
      const project = this.#belongings.get(name)
      if (project !== undefined) return this.#keys.get(this.#projects.get(project) ?? '') ?? null
    }
    return null
  }

  /** Whether what is sealed with the key `found` is to be sealed with the key `wanted`: never with a shared key in place of a project's. */
  replaces(wanted: string, found: string): boolean {
    const projects = new Set(this.#projects.values())
    return wanted !== found && this.#keys.has(found) && (projects.has(wanted) || !projects.has(found))
  }

  /** The key that a file names. @throws InputError where this process does not have it */
  keyNamed(id: string, path: string): SealingKey {
    const key = this.#keys.get(id)
    if (key) return key
    const sentence =
      'This is encrypted by Attune and its key is not here. Unlock the folder that it lies in; what belonged to a deleted project stays unreadable.'
    throw new InputError('sealed-locked', sentence, { file: path })
  }
}

/** The ring of this process. Files are opened in many places; who may open them is one fact about the process. */
export const keyRing = new KeyRing()

/** Tokens and prefixes; the prepared weights beside them are what others published. */
function cachePlace(home: string, keyId: string): SealedPlace {
  const folder = join(home, 'cache')
  return { folder, except: [join(folder, 'weights')], sparesTop: false, keyId }
}

/** The same place under its real path, where that is another. */
function realPlaces(place: SealedPlace): readonly SealedPlace[] {
  const folder = realOf(place.folder)
  if (folder === place.folder) return []
  return [{ ...place, folder, except: place.except.map((inner) => resolve(folder, relative(place.folder, inner))) }]
}

function realOf(folder: string): string {
  try {
    return realpathSync(folder)
  } catch {
    return folder
  }
}

function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way === '' || (!way.startsWith('..') && !isAbsolute(way))
}
