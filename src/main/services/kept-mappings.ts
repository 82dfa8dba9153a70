import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { DatasetId } from '../../preload/contract/common.ts'
import type { DatasetSummary } from '../../preload/contract/data.ts'
import type { KeptMapping } from '../../preload/contract/mappings.ts'
import { InputError } from '../base/errors.ts'
import { ifThere } from '../base/if-there.ts'
import { readFile, writeFile } from '../base/sealed/fs.ts'
import type { Datasets } from '../data/datasets/datasets.ts'
import type { Outbox } from './outbox.ts'

/** What stands for what, in the folder of the version in which it stands. */
export const MAPPING_FILE = 'mapping.age'

/** What stands for what in clean versions: age files under passphrases that nobody here knows. */
export class KeptMappings {
  readonly #datasets: Datasets
  readonly #outbox: Outbox

  constructor(datasets: Datasets, outbox: Outbox) {
    this.#datasets = datasets
    this.#outbox = outbox
  }

  async list(): Promise<readonly KeptMapping[]> {
    const kept = await Promise.all(this.#datasets.list().map((one) => this.#beside(one)))
    return kept.filter((one) => one !== null)
  }

  /** Throws an InputError for a data set that is not there. */
  async of(id: DatasetId): Promise<KeptMapping | null> {
    const list = this.#datasets.list()
    let at: DatasetSummary | null = this.#datasets.get(id)
    while (at !== null) {
      const parent: DatasetId | null = at.parent
      const kept = await this.#beside(at)
      if (kept) return kept
      at = list.find((one) => one.id === parent) ?? null
    }
    return null
  }

  /** Where it lies, and what it is called in sentences. Throws an InputError where none lies beside this version. */
  async pathOf(id: DatasetId): Promise<{ readonly path: string; readonly name: string }> {
    const dataset = this.#datasets.get(id)
    if (await this.#beside(dataset)) return { path: join(this.#datasets.folderOf(id), MAPPING_FILE), name: nameOf(dataset) }
    throw new InputError(
      'mapping-gone',
      `What stands for what is not kept beside version ${dataset.version} of ${dataset.name} any more. Choose another, or a file.`
    )
  }

  async save(id: DatasetId): Promise<{ readonly ticket: string; readonly name: string }> {
    const { path, name } = await this.pathOf(id)
    const copy = this.#outbox.newPath('.age')
    await writeFile(copy, await readFile(path), { mode: 0o600 })
    return { ticket: this.#outbox.offer(copy, name), name }
  }

  async destroy(id: DatasetId): Promise<void> {
    await rm((await this.pathOf(id)).path)
  }

  async #beside({ id, name, version }: DatasetSummary): Promise<KeptMapping | null> {
    const found = await ifThere(stat(join(this.#datasets.folderOf(id), MAPPING_FILE)))
    return found && { dataset: id, name, version }
  }
}

const nameOf = ({ name, version }: DatasetSummary): string => `${name.replace(/\.[^.]{1,8}$/, '')} version ${version} mapping.age`
