import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ProjectId } from '../../../preload/contract/common.ts'
import { removeSealedWith } from '../../base/sealed/convert.ts'
import { keyRing, type Belonging, type Sealing } from '../../base/sealed/key-ring.ts'
import { forgetKeyInCopies } from '../../storage/forget-key.ts'
import type { Vault } from '../../vault/vault.ts'

const PREFIX = 'project:'
/** Caches of what is made of the person's rows. */
const derived = ['tokens', 'prefix']
const nameOf = (project: string): string => PREFIX + project

/** Keys of projects where the files are encrypted; nothing happens where they are not. */
export class ProjectKeys {
  readonly #vault: Vault
  readonly #dataFolder: string

  constructor(vault: Vault, dataFolder: string) {
    this.#vault = vault
    this.#dataFolder = dataFolder
  }

  /** Has the project's files sealed with a key of its own from now on. */
  async make(project: ProjectId): Promise<void> {
    if (this.#vault.isProtected) await this.#make([project])
  }

  /** Takes a key back that has sealed nothing which is still there. */
  async drop(project: ProjectId): Promise<void> {
    if (!this.#vault.isProtected) return
    await this.#vault.removeKey(nameOf(project), false)
    keyRing.dropProject(project)
  }

  /**
   * Destroys a project's key: here, and in the copies of the data folder that lie beside it. What it sealed can be read by nobody from then on, whatever
   * becomes of the files.
   */
  async destroy(project: ProjectId): Promise<void> {
    if (!this.#vault.isProtected) return
    const name = nameOf(project)
    const id = this.#vault.keyOf(name)?.id ?? null
    await this.#vault.removeKey(name, true)
    keyRing.dropProject(project)
    if (id === null) return
    await forgetKeyInCopies(this.#dataFolder, { name, id })
    await removeSealedWith(join(this.#dataFolder, 'cache'), new Set([id]))
  }

  /** Takes up what belongs to projects, and makes the keys that are missing: of a folder that was encrypted before projects had keys. */
  async adopt(belongings: readonly Belonging[]): Promise<void> {
    for (const belonging of belongings) keyRing.belong(belonging)
    if (!this.#vault.isProtected) return
    const known = new Set([...this.destroyed, ...this.#projects()])
    const without = [...new Set(belongings.map(({ project }) => project))].filter((project) => !known.has(project))
    if (without.length === 0) return
    // What was cached before does not say whose rows it is made of.
    for (const name of derived) await rm(join(this.#dataFolder, 'cache', name), { recursive: true, force: true })
    await this.#make(without)
  }

  /** Projects whose keys were destroyed: of those nothing is to be there. */
  get destroyed(): readonly string[] {
    return this.#vault.destroyed.flatMap(({ name }) => (name.startsWith(PREFIX) ? [name.slice(PREFIX.length)] : []))
  }

  /** The ids of the keys that were destroyed. */
  get destroyedIds(): ReadonlySet<string> {
    return new Set(this.#vault.destroyed.flatMap(({ id }) => id ?? []))
  }

  /** The projects' part of a key ring. */
  sealing(): Pick<Sealing, 'projects'> {
    return {
      projects: this.#projects().flatMap((project) => {
        const key = this.#vault.keyOf(nameOf(project))
        return key ? [{ project, keyId: key.id }] : []
      })
    }
  }

  #projects(): readonly string[] {
    return this.#vault.names.flatMap((name) => (name.startsWith(PREFIX) ? [name.slice(PREFIX.length)] : []))
  }

  async #make(projects: readonly string[]): Promise<void> {
    await this.#vault.makeKeys(projects.map(nameOf))
    for (const project of projects) {
      const key = this.#vault.keyOf(nameOf(project))
      if (key) keyRing.addProject(project, key)
    }
  }
}
