import { stat } from 'node:fs/promises'
import type { DatasheetQuestion } from '../../preload/contract/datasheets.ts'
import { InputError } from '../base/errors.ts'
import { writeJsonAtomic } from '../base/files.ts'
import { shown } from '../base/wording.ts'
import { datasheetPath, LONGEST_ANSWER, readDatasheet } from '../config/read-datasheet.ts'
import type { Datasets } from '../data/datasets/datasets.ts'
import { datasheetQuestions } from '../export/paper/questions.ts'

const keys: readonly string[] = datasheetQuestions.map(({ key }) => key)

/** As long as an answer may be. */
function fitting(text: string): string {
  const whole = text.trim()
  return whole.length > LONGEST_ANSWER ? `${whole.slice(0, LONGEST_ANSWER - 1)}…` : whole
}

/** A person's answers about data sets, each beside the table in the data folder, where an export finds them. */
export class Datasheets {
  readonly #datasets: Pick<Datasets, 'pathOf' | 'versions'>

  constructor(datasets: Pick<Datasets, 'pathOf' | 'versions'>) {
    this.#datasets = datasets
  }

  async get(id: string): Promise<readonly DatasheetQuestion[]> {
    const file = await this.fileOf(id)
    const answers = file === null ? {} : await readDatasheet(file, keys)
    return datasheetQuestions.map((each) => ({ ...each, answer: answers[each.key] ?? '' }))
  }

  async save(id: string, answers: Readonly<Record<string, string>>): Promise<void> {
    const given = Object.entries(answers).map(([key, answer]) => [key, answer.trim()] as const)
    const unknown = given.find(([key]) => !keys.includes(key))
    if (unknown) throw new InputError('datasheet', `There is no question ${shown(unknown[0])}.`)
    // JSON is YAML.
    await writeJsonAtomic(
      datasheetPath(this.#datasets.pathOf(id)),
      Object.fromEntries(given.filter(([, answer]) => answer !== ''))
    )
  }

  /** Puts an answer in the place of one that was put here before, or of none; what a person wrote stays. */
  async replace(id: string, key: string, before: string, after: string): Promise<void> {
    const answers = Object.fromEntries((await this.get(id)).map((each) => [each.key, each.answer]))
    const present = answers[key] ?? ''
    if (present === '' || present === fitting(before)) await this.save(id, { ...answers, [key]: fitting(after) })
  }

  /** Where the answers about a data set lie: its own, or else those about the newest other version that has some. */
  async fileOf(id: string): Promise<string | null> {
    const others = this.#datasets
      .versions(id)
      .toSorted((a, b) => b.addedAt.localeCompare(a.addedAt))
      .map((version) => version.id)
    for (const one of [id, ...others]) {
      const path = datasheetPath(this.#datasets.pathOf(one))
      const isThere = await stat(path).then(
        (found) => found.isFile(),
        () => false
      )
      if (isThere) return path
    }
    return null
  }
}
