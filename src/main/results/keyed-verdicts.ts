import { join } from 'node:path'
import type { DatasetId, RunId } from '../../preload/contract/common.ts'
import type { PassageVerdict } from '../../preload/contract/passages.ts'
import type { VerdictSummary } from '../../preload/contract/results.ts'
import { defined } from '../base/assert.ts'
import { InputError, systemCodeOf } from '../base/errors.ts'
import { writeJsonAtomic } from '../base/files.ts'
import { readFile } from '../base/sealed/fs.ts'
import type { StoredResults, TestedRun } from './stored-results.ts'
import type { Verdicts } from './verdicts.ts'

/** What people say of errors, by the errors' keys. */
export type KeyedVerdictMap = ReadonlyMap<string, PassageVerdict>

/** Does the work, one change of a run's folder after the other, and writes on the run's report what came of it. */
export type ChangeRun = (id: string, work: (run: TestedRun) => Promise<void>) => Promise<void>

export interface KeyedVerdictsOptions {
  readonly stored: Pick<StoredResults, 'run'>
  readonly verdicts: Verdicts
  readonly change: ChangeRun
  /** The name of the file in a run's folder that holds them. */
  readonly file: string
}

/** An error that a verdict can be given on; several may stand in one line of the data. */
export interface JudgedError {
  readonly key: string
  readonly line: number
}

export interface ToJudge {
  readonly id: RunId
  readonly key: string
  readonly verdict: PassageVerdict | null
}

/** Verdicts on errors of which a line of the data may have several: passages of a document, questions about it. */
export class KeyedVerdicts {
  readonly #options: KeyedVerdictsOptions

  constructor(options: KeyedVerdictsOptions) {
    this.#options = options
  }

  async of(folder: string): Promise<KeyedVerdictMap> {
    const json = await readFile(join(folder, this.#options.file), 'utf8').catch((error: unknown) => {
      if (systemCodeOf(error) === 'ENOENT') return '{}'
      throw error
    })
    return new Map(Object.entries(JSON.parse(json) as Readonly<Record<string, PassageVerdict>>)) // Written below.
  }

  /**
   * Says what is wrong with one of `errors`, or takes that back. `corrected` gives the cell of a line with these errors of the data put right.
   * @throws InputError where there is no such error, or `corrected` refuses
   */
  async judge<E extends JudgedError>(
    { id, key, verdict }: ToJudge,
    errors: readonly E[],
    corrected: (run: TestedRun, line: number, wrong: readonly E[]) => Promise<string>
  ): Promise<VerdictSummary> {
    const error = errors.find((each) => each.key === key)
    if (!error) throw new InputError('bad-request', 'The page asked for something that Attune does not understand. Reload it.')
    const beside = errors.filter(({ line }) => line === error.line)
    let verdicts: KeyedVerdictMap = new Map()
    await this.#options.change(id, async (run) => {
      const next = new Map(await this.of(run.folder))
      if (verdict === null) next.delete(key)
      else next.set(key, verdict)
      const wrong = beside.filter((each) => next.get(each.key) === 'label-wrong')
      // What the line comes to is worked out before anything is saved: it may be refused.
      const cell = wrong.length === 0 ? null : await corrected(run, error.line, wrong)
      await this.#judgeLine(run, error.line, beside, next, cell)
      await writeJsonAtomic(join(run.folder, this.#options.file), Object.fromEntries(next))
      verdicts = next
    })
    return this.summary(this.#options.stored.run(id), verdicts)
  }

  /** Makes a version of the data with what was corrected. */
  async revise(id: RunId): Promise<DatasetId> {
    let made: DatasetId | null = null
    await this.#options.change(id, async (run) => {
      made = await this.#options.verdicts.revise(run)
    })
    return defined<DatasetId>(made, 'the new version')
  }

  summary(run: TestedRun, verdicts: KeyedVerdictMap): VerdictSummary {
    const all = [...verdicts.values()]
    const countOf = (kind: PassageVerdict): number => all.filter((each) => each === kind).length
    return {
      ...this.#options.verdicts.summary(run),
      labelWrong: countOf('label-wrong'),
      modelWrong: countOf('model-wrong'),
      unclear: countOf('unclear')
    }
  }

  /** The verdicts on a line's errors, as one on the line: it is what the record, the report and new versions of the data know. */
  async #judgeLine(
    run: TestedRun,
    line: number,
    errors: readonly JudgedError[],
    verdicts: KeyedVerdictMap,
    rightAnswer: string | null
  ): Promise<void> {
    const said = errors.flatMap(({ key }) => verdicts.get(key) ?? [])
    const kind = (['label-wrong', 'model-wrong'] as const).find((each) => said.includes(each)) ?? 'unclear'
    await this.#options.verdicts.give(run, line, said.length === 0 ? null : { kind, rightAnswer, note: '' })
  }
}
