import { randomBytes } from 'node:crypto'
import { mkdir, opendir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, relative, sep } from 'node:path'
import { InputError, systemCodeOf } from '../../base/errors.ts'
import { safeFileName } from '../../base/file-name.ts'
import type { FilePurpose } from '../../ipc/define.ts'
import type { Handles } from '../handles.ts'

/** Folders of one listing; a person looks through no more. */
const MOST = 2000

/** A folder as the page knows it: an id, never a path. */
interface NamedFolder {
  readonly id: string
  readonly name: string
}

/** What the page shows of a folder: how it is reached from the root, and the folders within. Never a file. */
interface FolderPage {
  readonly id: string
  readonly crumbs: readonly NamedFolder[]
  readonly folders: readonly NamedFolder[]
  /** More folders than are listed. */
  readonly isCut: boolean
}

interface Known {
  readonly path: string
  readonly session: string
}

/** Lets a page choose folders of this machine below one root, without naming a path (security.md §3). */
export class FolderPicker {
  readonly #root: string
  readonly #handles: Handles
  readonly #known = new Map<string, Known>()
  readonly #ids = new Map<string, string>()

  private constructor(root: string, handles: Handles) {
    this.#root = root
    this.#handles = handles
  }

  /** Throws an InputError where there is no such folder. */
  static async below(root: string, handles: Handles): Promise<FolderPicker> {
    const real = await realpath(root).catch(() => null)
    if (real === null || !(await stat(real)).isDirectory())
      throw new InputError('root-missing', `There is no folder ${root}. Name one that exists after --root.`, { file: root })
    return new FolderPicker(real, handles)
  }

  /** The folders in a folder; in the root where `id` is null. Throws an InputError for one that is not the session's, is gone, or leads out. */
  async list(id: unknown, session: string): Promise<FolderPage> {
    const path = await this.#inside(this.#pathOf(id, session))
    const names: string[] = []
    let isCut = false
    try {
      for await (const entry of await opendir(path)) {
        const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && (await this.#leadsToFolder(join(path, entry.name))))
        if (!isFolder) continue
        isCut = names.length === MOST
        if (isCut) break
        names.push(entry.name)
      }
    } catch (error) {
      throw unreadable(error)
    }
    const folders = names.toSorted(byName).map((name) => this.#named(join(path, name), session))
    return { id: this.#idOf(path, session), crumbs: this.#crumbs(path, session), folders, isCut }
  }

  /** Makes a folder, and lists it. */
  async make(id: unknown, name: unknown, session: string): Promise<FolderPage> {
    const parent = await this.#inside(this.#pathOf(id, session))
    const wanted = typeof name === 'string' ? name.trim() : ''
    if (wanted === '' || safeFileName(wanted) !== wanted)
      throw new InputError('folder-name', 'A folder cannot have this name. Use letters, digits, spaces and hyphens.')
    const path = join(parent, wanted)
    try {
      await mkdir(path, { mode: 0o700 })
    } catch (error) {
      if (systemCodeOf(error) === 'EEXIST')
        throw new InputError('folder-name', 'There is something of this name already. Choose another.')
      throw unreadable(error)
    }
    return this.list(this.#idOf(path, session), session)
  }

  /** A handle for the folder, for one purpose. */
  async choose(id: unknown, purpose: unknown, session: string): Promise<string> {
    if (purpose !== 'model-folder' && purpose !== 'data-folder' && purpose !== 'cuda-folder' && purpose !== 'folder')
      throw new InputError('bad-request', 'The page asked for something that Attune does not understand. Reload it.')
    const path = await this.#inside(this.#pathOf(id, session))
    return this.#handles.mint({ path, name: basename(path) || path, purpose: purpose satisfies FilePurpose, session })
  }

  #pathOf(id: unknown, session: string): string {
    if (id === null) return this.#root
    const known = typeof id === 'string' ? this.#known.get(id) : undefined
    if (known?.session === session) return known.path
    throw gone()
  }

  /** Where the path leads now, links resolved: within the root, and a folder. */
  async #inside(path: string): Promise<string> {
    const real = await realpath(path).catch(() => null)
    if (real === null || !this.#holds(real)) throw gone()
    if (!(await stat(real)).isDirectory()) throw gone()
    return real
  }

  #holds(path: string): boolean {
    return path === this.#root || path.startsWith(this.#root.endsWith(sep) ? this.#root : this.#root + sep)
  }

  async #leadsToFolder(path: string): Promise<boolean> {
    return this.#inside(path).then(
      () => true,
      () => false
    )
  }

  #crumbs(path: string, session: string): NamedFolder[] {
    const crumbs: NamedFolder[] = []
    for (let at = path; this.#holds(at); at = dirname(at)) {
      crumbs.unshift(this.#named(at, session))
      if (relative(this.#root, at) === '') break
    }
    return crumbs
  }

  #named(path: string, session: string): NamedFolder {
    return { id: this.#idOf(path, session), name: basename(path) || path }
  }

  #idOf(path: string, session: string): string {
    const key = `${session} ${path}`
    const id = this.#ids.get(key) ?? `p-${randomBytes(16).toString('hex')}`
    this.#ids.set(key, id)
    this.#known.set(id, { path, session })
    return id
  }

  /** Forgets what a page that was replaced has seen. */
  clear(): void {
    this.#known.clear()
    this.#ids.clear()
  }
}

/** Hidden folders come last. */
function byName(a: string, b: string): number {
  return Number(a.startsWith('.')) - Number(b.startsWith('.')) || a.localeCompare(b, 'en', { numeric: true })
}

const gone = (): InputError =>
  new InputError(
    'folder-gone',
    'This folder cannot be opened from here. It may be gone, or lie outside of the folder that Attune was given.'
  )

const unreadable = (cause: unknown): InputError =>
  new InputError('folder-unreadable', 'This folder may not be looked into, or written to, by you. Choose another.', {}, { cause })
