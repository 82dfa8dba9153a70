import type { DatasetId, ModelId } from '../../preload/contract/common.ts'
import type { DatasetSummary, Finding } from '../../preload/contract/data.ts'
import type { RunDraft, RunSummary } from '../../preload/contract/runs.ts'
import type { Datasets } from '../data/datasets/datasets.ts'
import { lengthFinding, type MeasuredLengths } from '../data/datasets/length-finding.ts'
import { asksOfEach } from '../data/datasets/question-roles.ts'
import type { Models } from '../library/models.ts'
import { finishedOf } from '../runs/outcome.ts'
import type { Drafting } from '../runs/ports.ts'
import { runTaskBehind as runTask } from '../runs/supervisor.ts'
import { TOKENS_A_WORD, USUAL_LENGTH, type LengthsInput } from '../worker/measure-lengths.ts'

/** Findings that are kept: some hundred bytes each. */
const MOST_KEPT = 50
/** The middle of the slider, where every draft begins. */
const BALANCED = 2

interface LengthsOptions {
  readonly datasets: Datasets
  readonly models: Pick<Models, 'list'>
  readonly runs: { readonly list: () => readonly Pick<RunSummary, 'project' | 'model' | 'createdAt'>[] }
  readonly drafting: Pick<Drafting, 'reading'>
  /** The trainer's program: tokens are counted in a process of its own. */
  readonly entry: string
}

/** How long the texts of data sets are for the model that would learn from them; counted once for each choice, in the background. */
export class Lengths {
  readonly #options: LengthsOptions
  readonly #control = new AbortController()
  readonly #found = new Map<string, Promise<Finding | null>>()

  constructor(options: LengthsOptions) {
    this.#options = options
  }

  /** `kept`: what was chosen for these data and not started yet. Throws an InputError for a data set that is not there. */
  async of(id: DatasetId, kept: RunDraft | null): Promise<Finding | null> {
    const dataset = this.#options.datasets.get(id)
    const { text, answer } = dataset.roles
    if (text === null || answer === null || (await this.#options.datasets.report(id)).blocked !== null) return null
    const model = await this.#modelFor(dataset, kept)
    const own: LengthsInput['model'] = model && (await this.#options.drafting.reading(draftFor(id, model, kept)))
    const key = JSON.stringify([id, dataset.roles, own])
    const known = this.#found.get(key)
    if (known) return known
    const found = this.#measure(dataset, own)
    this.#found.set(key, found)
    for (const oldest of this.#found.keys()) if (this.#found.size > MOST_KEPT) this.#found.delete(oldest)
    // What failed may go better another time.
    found.catch(() => this.#found.delete(key))
    return found
  }

  dispose(): void {
    this.#control.abort()
  }

  /** Chosen last for these data, else used last in their project, else the practice model. */
  async #modelFor({ project }: DatasetSummary, kept: RunDraft | null): Promise<ModelId | null> {
    const { models, runs } = this.#options
    const usable = (await models.list()).filter(({ state }) => state === 'ready')
    const last = runs
      .list()
      .filter((run) => run.project === project)
      .toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))[0]?.model.id
    const wanted = [kept?.model, last, usable.find(({ bundled }) => bundled)?.id]
    return wanted.find((id) => usable.some((model) => model.id === id)) ?? usable[0]?.id ?? null
  }

  async #measure(dataset: DatasetSummary, model: LengthsInput['model']): Promise<Finding | null> {
    const { datasets, entry } = this.#options
    const { id, rows, columns, roles } = dataset
    const at = (name: string | null): number | null =>
      name === null ? null : columns.findIndex((column) => column.name === name)
    const areMarks = roles.task === 'token-classification'
    const isAsked = roles.task === 'question-answering'
    const wordings = asksOfEach(roles) ? Object.values(roles.questions ?? {}).flat() : []
    const question = wordings.toSorted((a, b) => b.length - a.length)[0] ?? null
    const beside = areMarks || question !== null ? null : at(roles.textPair)
    const input: LengthsInput = {
      ...{ rowsPath: datasets.rowsPathOf(id), rows, text: at(roles.text) ?? 0, beside, question, isAsked, model }
    }
    const options = { entry, killSignal: this.#control.signal, onEvent: () => undefined }
    const finished = finishedOf(await runTask({ kind: 'measure-lengths', input }, options))
    const what = isAsked ? 'question' : beside === null ? 'text' : 'pair'
    const estimate = { tokensAWord: TOKENS_A_WORD, usualLength: USUAL_LENGTH }
    return lengthFinding(finished['found'] as MeasuredLengths, { rows, what, model, estimate }) // Made by measureLengths.
  }
}

const draftFor = (dataset: DatasetId, model: ModelId, kept: RunDraft | null): RunDraft => ({
  ...(kept ?? { thoroughness: BALANCED, changed: {}, mustNotMiss: null, quietly: false, name: null }),
  ...{ dataset, model, adapter: null }
})
