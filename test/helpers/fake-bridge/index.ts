import type { AdapterCandidate } from '../../../src/preload/contract/adapters.ts'
import type { RunCost } from '../../../src/preload/contract/costs.ts'
import type { FileHandle, Reply, RunId, DatasetId, SweepId } from '../../../src/preload/contract/common.ts'
import type { DatasetSummary, Finding, Roles } from '../../../src/preload/contract/data.ts'
import type { Bridge, Domains } from '../../../src/preload/contract/index.ts'
import type { PackCandidate } from '../../../src/preload/contract/packs.ts'
import type { AnswerRequest, Interruption, RunDraft, RunPlan } from '../../../src/preload/contract/runs.ts'
import type { StorageOverview } from '../../../src/preload/contract/storage.ts'
import type { VaultStatus } from '../../../src/preload/contract/vault.ts'
import { adapterHandlers } from './adapters.ts'
import { compareHandlers } from './compare.ts'
import { copiesHandlers } from './copies.ts'
import { documents, known, LETTERS, letters, models, own, PRACTICE, reportOf, ROWS, rowAt, SAMPLES } from './data.ts'
import { labelHandlers } from './labels.ts'
import { markingHandlers } from './mark.ts'
import { privacyChecks } from './privacy.ts'
import { reviewHandlers } from './review.ts'
import { devicesHandlers } from './devices.ts'
import { diagnosticsHandlers } from './diagnostics.ts'
import { versionHandlers } from './versions.ts'
import { answerTo, CURVE, INT8, planOf, resultOf, settingsOf } from './results.ts'
import { FakeRecord } from './record.ts'
import { SimulatedRun } from './simulation.ts'
import { storageHandlers } from './storage.ts'
import { supervisionHandlers } from './supervision.ts'
import { ENDED, sweepHandlers } from './sweeps.ts'
import { intakeHandlers } from './intake.ts'
import { libraryHandlers } from './library.ts'
import { datasheetHandlers } from './datasheets.ts'
import { cardHandlers } from './cards.ts'
import { exportsHandlers } from './exports.ts'
import { packsHandlers } from './packs.ts'
import { answerToQuestion, ASKED, askedContracts, askedPlan, askedReport, askedRowAt } from './asking.ts'
import { MARKED, markedLetters, markedPlan, markedReport, markedRowAt } from './marking.ts'
import { MARKS_RUN, marksResultOf, passagesHandlers } from './passages.ts'
import { answerFromContract, ASKING_RUN, askingResultOf, FOLDS, questionsHandlers } from './questions.ts'
import { FakeMappings } from './mappings.ts'
import { personalHandlers } from './personal.ts'
import { profilesHandlers } from './profiles.ts'
import { scrutinyHandlers } from './scrutiny.ts'
import { servingHandlers } from './serving.ts'
import { useHandlers } from './use.ts'
import { fakeVault } from './vault.ts'

export interface FakeOptions {
  /** What is there at the start: nothing, or data and runs in every state. */
  readonly filled?: boolean
  /** Milliseconds between two events of a running run; 0 stands still. */
  readonly beat?: number
  /** Steps between two events. */
  readonly stride?: number
  /** Channels that fail, with the sentence that they fail with. */
  readonly failing?: Readonly<Record<string, string>>
  /** The code of that failure. */
  readonly failingCode?: string
  /** Channels that never answer. */
  readonly silent?: readonly string[]
  readonly shell?: Bridge['shell']
  /** Whether a check of the promise does not hold. */
  readonly leaking?: boolean
  /** What the steps of the run at work wait for. */
  readonly heldUp?: RunCost['waitsFor']
  /** Why the run at work stands still. */
  readonly cutShort?: Interruption
  /** Whether the letters are a large table that is being looked through. */
  readonly looking?: boolean
  /** What there is to mind before a run starts. */
  readonly planNotes?: readonly string[]
  /** What a run would take of an NVIDIA card that passed its test; the one here is refused where left out. */
  readonly card?: NonNullable<RunPlan['card']>
  /** How many rows the tables have. */
  readonly rows?: number
  /** What an imported folder is as an adapter; a model's where left out. */
  readonly adapter?: Partial<AdapterCandidate>
  /** What differs in a pack that is opened; one of an adapter is listed too. */
  readonly pack?: Partial<PackCandidate>
  /** Whether there are letters in which passages are marked, and a run that learns to find them. */
  readonly marked?: boolean
  /** Whether there are questions about contracts, and a run that learns to answer them. */
  readonly asked?: boolean
  /** Whether one of the runs marks passages. */
  readonly marking?: boolean
  /** Whether one of the runs answers questions. */
  readonly asking?: boolean
  /** Whether that run was tested by folds. */
  readonly folded?: boolean
  /** Whether results come with a learning curve. */
  readonly curved?: boolean
  /** Results of runs that trained over frozen layers in 8 bits, which changed so many answers of 16. */
  readonly eightBits?: number
  /** Whether some letters are longer than the model reads at once. */
  readonly long?: boolean
  /** Whether it was measured where the time of a run goes; it was where left out. */
  readonly profiled?: boolean
  /** Whether several runs wait. */
  readonly queued?: boolean
  /** How the encryption of the files stands at the start. */
  readonly vault?: Partial<VaultStatus>
  /** How the data folder stands. */
  readonly storage?: Partial<StorageOverview>
}

type Handlers = { readonly [Domain in keyof Domains]: { readonly [Name in keyof Domains[Domain]]: (argument: never) => unknown } }

/** A bridge to nothing: realistic data and a small simulated run, for tests and screenshots. */
export function makeFakeBridge(options: FakeOptions = {}): Bridge {
  const fake = new Fake(options)
  return {
    shell: options.shell ?? 'electron',
    call: (channel, argument) => fake.call(channel, argument),
    on: (channel, listener) => fake.on(channel, listener),
    fileOf: async (file) => `file:${file.name}` as FileHandle,
    folderOf: async (folder) => `file:${folder.name}` as FileHandle,
    dataFolderOf: async (folder) => `file:${folder.name}` as FileHandle,
    choose: async () => 'file:referrals-2026.csv' as FileHandle,
    save: async () => true,
    savePdf: options.shell === 'loopback' ? null : async () => true
  }
}

const LONG_TEXTS: Finding = {
  code: 'long-texts',
  sentence:
    '128 texts are longer (12 %) than the 256 tokens that Practice model reads at once: what stands behind is cut off, 9 % of everything that is written.',
  rows: 128,
  weight: 'look',
  hasRows: false,
  fixes: []
}

const draftOf = (dataset: DatasetId): RunDraft => ({
  dataset,
  model: PRACTICE,
  thoroughness: 2,
  changed: {},
  mustNotMiss: null,
  quietly: false,
  name: null
})

class Fake {
  readonly #options: FakeOptions
  readonly #listeners = new Map<string, Set<(payload: unknown) => void>>()
  readonly #runs = new Map<RunId, SimulatedRun>()
  readonly #roles = new Map<DatasetId, Roles>()
  readonly #drafts = new Map<string, RunDraft>()
  #datasets: readonly DatasetSummary[] = []
  readonly #mappings = new FakeMappings()
  #models = models.slice(0, 1)
  readonly #handlers: Handlers
  readonly #record: FakeRecord

  constructor(options: FakeOptions) {
    this.#options = options
    this.#record = new FakeRecord({
      datasets: () => this.#datasets,
      setDatasets: (next) => void (this.#datasets = next),
      runs: this.#runs,
      emit: (channel, payload) => this.#emit(channel, payload)
    })
    if (options.filled) this.#fill()
    const { projects, record } = this.#record
    this.#handlers = {
      adapters: adapterHandlers(options.filled === true, options.adapter ?? null, options.pack?.holds === 'adapter'),
      app: this.#app(),
      devices: devicesHandlers(options.filled === true, options.card !== undefined),
      diagnostics: diagnosticsHandlers,
      drafts: {
        get: (dataset: string) => this.#drafts.get(dataset) ?? null,
        keep: (draft: RunDraft) => void this.#drafts.set(draft.dataset, draft)
      },
      datasheets: datasheetHandlers(),
      cards: cardHandlers(),
      scrutiny: scrutinyHandlers(),
      serving: servingHandlers((channel, payload) => this.#emit(channel, payload)),
      exports: exportsHandlers(
        (channel, payload) => this.#emit(channel, payload),
        options.beat ?? 20,
        options.filled ?? false,
        options.pack !== undefined
      ),
      compare: compareHandlers,
      copies: copiesHandlers,
      data: this.#data(),
      intake: intakeHandlers({ of: documents.id, open: () => this.#data().openDocuments(undefined as never) }),
      labels: this.#labels(),
      marking: this.#marking(),
      library: libraryHandlers(),
      models: this.#library(),
      packs: packsHandlers(options.pack),
      passages: passagesHandlers(),
      lengths: { of: () => (this.#options.long === true ? LONG_TEXTS : null) },
      mappings: this.#mappings.handlers,
      personal: this.#personal(),
      profiles: profilesHandlers(options.filled === true && options.profiled !== false, options.beat === 0, (news) =>
        this.#emit('profiles:progress', news)
      ),
      projects,
      questions: questionsHandlers(this.#options.folded ? FOLDS : null),
      record,
      results: reviewHandlers(),
      runs: this.#training(),
      storage: storageHandlers(options.storage),
      supervision: this.#supervision(),
      sweeps: sweepHandlers(() => this.#runs.get('r5' as RunId)!.summary),
      use: useHandlers((channel, payload) => this.#emit(channel, payload), options.beat ?? 20),
      vault: fakeVault(options.vault, (status) => this.#emit('vault:changed', status))
    }
  }

  on(channel: string, listener: (payload: unknown) => void): () => void {
    const all = this.#listeners.get(channel) ?? new Set()
    this.#listeners.set(channel, all.add(listener))
    if (channel === 'data:looking' && this.#options.looking)
      listener({ id: LETTERS, phase: 'counting', done: 412_000, total: 1_000_000 })
    return () => void all.delete(listener)
  }

  /** Lets every screen hear of something, as main would. */
  #emit(channel: string, payload: unknown): void {
    for (const listener of this.#listeners.get(channel) ?? []) listener(structuredClone(payload))
  }

  async call(channel: string, argument: unknown): Promise<Reply<unknown>> {
    if (this.#options.silent?.includes(channel)) return new Promise(() => undefined)
    const message = this.#options.failing?.[channel]
    if (message !== undefined)
      return {
        ok: false,
        error: { code: this.#options.failingCode ?? 'fake.failure', message, detail: `${channel} was told to fail` }
      }
    const [domain = '', name = ''] = channel.split(':')
    // A channel's name comes from the contract's own keys.
    const handlers = this.#handlers[domain as keyof Domains] as unknown as Record<string, (argument: unknown) => unknown>
    try {
      return { ok: true, value: structuredClone(await handlers[name]!(argument)) }
    } catch (error) {
      return {
        ok: false,
        error: { code: 'fake.refused', message: error instanceof Error ? error.message : String(error), detail: channel }
      }
    }
  }

  #fill(): void {
    this.#datasets = [letters, own, documents]
    this.#models = [...models]
    this.#record.fill()
    const make = (id: string, name: string, total: number, done: number): SimulatedRun => {
      const run = new SimulatedRun(id as RunId, name, draftOf(LETTERS), total)
      run.advance(done)
      this.#runs.set(run.summary.id, run)
      return run
    }
    const atWork = make('r5', 'Urgency v5', 276, 118)
    atWork.become('running')
    atWork.holdUp(this.#options.heldUp ?? null)
    const failed = make('r4', 'Urgency v4', 276, 140)
    failed.become('failed')
    failed.summary = {
      ...failed.summary,
      failure: {
        code: 'worker.lost',
        message: 'The training process ended without a word, most likely for lack of memory.',
        detail: 'signal SIGKILL at step 140'
      }
    }
    const waiting = make('r6', 'Clauses v2', 252, 0)
    waiting.summary = { ...waiting.summary, state: 'queued', place: 2, progress: null }
    make('r3', 'Urgency v3', 184, 184).finish('finished')
    make('bad', 'Urgency v2, head only', 92, 92).finish('finished')
    make('r1', 'Urgency v1', 184, 120).finish('stopped')
    const { cutShort, marking, asking, queued } = this.#options
    if (asking) {
      make(ASKING_RUN, 'Contract questions v1', 184, 184).finish('finished')
      const run = this.#runs.get(ASKING_RUN)!
      const measured = { value: 0.76, low: 0.69, high: 0.83 }
      run.summary = { ...run.summary, task: 'question-answering', test: { metric: 'answer_f1', measured } }
    }
    if (marking) {
      make(MARKS_RUN, 'Names and dates v1', 184, 184).finish('finished')
      const run = this.#runs.get(MARKS_RUN)!
      const measured = { value: 0.84, low: 0.8, high: 0.88 }
      run.summary = { ...run.summary, task: 'token-classification', test: { metric: 'micro_f1', measured } }
    }
    if (cutShort) {
      const { summary } = this.#runs.get('r5' as RunId)!
      const state = cutShort === 'battery' ? 'paused' : 'stopped'
      this.#runs.get('r5' as RunId)!.summary = {
        ...summary,
        state,
        interruption: cutShort,
        secondsLeft: null,
        ...(cutShort === 'poorer' && { endedEarly: ENDED, sweep: 's-1' as SweepId })
      }
    }
    if (this.#options.marked) {
      this.#datasets = [markedLetters, ...this.#datasets]
      const marking = new SimulatedRun('m1' as RunId, 'Marked letters 1', draftOf(MARKED), 600)
      this.#runs.set(marking.summary.id, marking)
      marking.advance(240)
      marking.become('running')
    }
    if (this.#options.asked) {
      this.#datasets = [askedContracts, ...this.#datasets]
      const run = new SimulatedRun('q1' as RunId, 'Contract questions 1', draftOf(ASKED), 1372)
      this.#runs.set(run.summary.id, run)
      run.advance(600)
      run.become('running')
    }
    if (queued)
      for (const place of [1, 3]) {
        const next = make(`q${place}`, `Clauses v${place + 2}`, 252, 0)
        next.summary = { ...next.summary, state: 'queued', place, progress: null }
      }
    this.#live(this.#runs.get('r5' as RunId)!)
  }

  #app(): Handlers['app'] {
    const { shell = 'electron' } = this.#options
    return {
      facts: () => ({
        version: '0.1.0',
        platform: 'Linux x64',
        shell,
        device: 'CPU, 2 threads',
        deviceWhy: null,
        threads: 2,
        memory: { total: 16.6e9, free: 6.2e9 },
        disk: { free: 58e9 }
      }),
      privacy: () => privacyChecks(this.#options.leaking === true)
    }
  }

  #data(): Handlers['data'] {
    const { rows = ROWS } = this.#options
    const summaryOf = (id: DatasetId): DatasetSummary => {
      const found = this.#datasets.find((one) => one.id === id)
      if (!found) throw new Error('These data are no longer here. Open the file again.')
      return id === MARKED || id === ASKED ? found : { ...found, rows }
    }
    const add = (summary: DatasetSummary): DatasetSummary => {
      this.#datasets = [summary, ...this.#datasets.filter(({ id }) => id !== summary.id)]
      return summary
    }
    const rolesOf = (summary: DatasetSummary): Roles => this.#roles.get(summary.id) ?? summary.roles
    return {
      samples: () => SAMPLES,
      openSample: () => add(letters),
      open: async () => add(await this.#reading()),
      openAs: async () => add(await this.#reading()),
      openDocuments: () => add(documents),
      list: () => this.#datasets,
      get: (id: DatasetId) => summaryOf(id),
      rows: ({ id, from, count }: { id: DatasetId; from: number; count: number }) => {
        summaryOf(id)
        const places = Array.from({ length: Math.max(0, Math.min(count, rows - from)) }, (_, n) => from + n)
        return {
          from,
          lines: places.map((place) => place + 2),
          rows: places.map(id === MARKED ? markedRowAt : id === ASKED ? askedRowAt : rowAt)
        }
      },
      setRoles: ({ id, roles }: { id: DatasetId; roles: Roles }) => {
        this.#roles.set(id, roles)
        return reportOf(summaryOf(id), roles)
      },
      ...versionHandlers(() => this.#datasets, add),
      report: (id: DatasetId) =>
        id === MARKED
          ? markedReport(markedLetters.roles)
          : id === ASKED
            ? askedReport(askedContracts.roles)
            : reportOf(summaryOf(id), rolesOf(summaryOf(id))),
      remove: (id: DatasetId) => this.#record.discardDataset(id)
    }
  }

  async #reading(): Promise<DatasetSummary> {
    for (let done = 0; done < ROWS; done += 350) {
      this.#emit('data:reading', { name: own.name, phase: 'reading', done, total: 0 })
      await new Promise((resolve) => setTimeout(resolve, this.#options.beat ?? 20))
    }
    return own
  }

  #personal(): Handlers['personal'] {
    const add = (summary: DatasetSummary): DatasetSummary => {
      this.#datasets = [summary, ...this.#datasets.filter(({ id }) => id !== summary.id)]
      return summary
    }
    const { revise } = versionHandlers(() => this.#datasets, add)
    const keep = (made: DatasetSummary): void => this.#mappings.keep(made)
    return personalHandlers({ revise, keep, has: (id) => this.#datasets.some((one) => one.id === id) })
  }

  #labels(): Handlers['labels'] {
    const add = (summary: DatasetSummary): DatasetSummary => {
      this.#datasets = [summary, ...this.#datasets.filter(({ id }) => id !== summary.id)]
      return summary
    }
    const { revise } = versionHandlers(() => this.#datasets, add)
    return labelHandlers({ add, revise, summaryOf: (id) => this.#datasets.find((one) => one.id === id)! })
  }

  #marking(): Handlers['marking'] {
    const add = (summary: DatasetSummary): DatasetSummary => {
      this.#datasets = [summary, ...this.#datasets.filter(({ id }) => id !== summary.id)]
      return summary
    }
    const { revise } = versionHandlers(() => this.#datasets, add)
    const use = (id: DatasetId): DatasetSummary => {
      const made = revise({ id, edits: [{ kind: 'add-column', column: 'marks' }], note: '10 documents marked (12 passages)' })
      return add({ ...made, roles: { ...made.roles, task: 'token-classification', answer: 'marks' } })
    }
    return markingHandlers({ marked: own.id, use })
  }

  #library(): Handlers['models'] {
    return {
      list: () => this.#models,
      known: () => known,
      remove: (id: string) => {
        this.#models = this.#models.filter((model) => model.id !== id)
      }
    }
  }

  #training(): Handlers['runs'] {
    const runOf = (id: RunId): SimulatedRun => {
      const run = this.#runs.get(id)
      if (!run) throw new Error('This run is no longer here.')
      return run
    }
    const tell = (run: SimulatedRun): void => this.#emit('runs:changed', run.summary)
    const become = (id: RunId, state: 'paused' | 'running'): void => {
      runOf(id).become(state)
      tell(runOf(id))
      if (state === 'running') this.#live(runOf(id))
    }
    return {
      settings: settingsOf,
      plan: (draft: RunDraft) =>
        draft.dataset === MARKED
          ? markedPlan(planOf(draft))
          : draft.dataset === ASKED
            ? askedPlan(planOf(draft))
            : { ...planOf(draft), notes: this.#options.planNotes ?? [], ...this.#card(draft) },
      yaml: (draft: RunDraft) =>
        settingsOf(draft)
          .map(({ path, value }) => `${path}: ${String(value)}`)
          .join('\n'),
      start: (draft: RunDraft) => this.#start(draft),
      list: () => [...this.#runs.values()].map((run) => run.summary),
      get: (id: RunId) => runOf(id).summary,
      curves: (id: RunId) => runOf(id).curves,
      log: (id: RunId) => runOf(id).log,
      result: (id: RunId) =>
        id === MARKS_RUN
          ? marksResultOf(id)
          : id === ASKING_RUN
            ? askingResultOf(id, this.#options.folded ? FOLDS.length : null)
            : {
                ...resultOf(
                  id,
                  id === ('bad' as RunId),
                  settingsOf({ ...runOf(id).draft, thoroughness: id === ('bad' as RunId) ? 0 : 2 })
                ),
                learningCurve: this.#options.curved ? CURVE : null,
                int8: this.#options.eightBits === undefined ? null : INT8(this.#options.eightBits)
              },
      pause: (id: RunId) => become(id, 'paused'),
      resume: (id: RunId) => become(id, 'running'),
      finish: (id: RunId) => {
        runOf(id).finish('stopped')
        tell(runOf(id))
      },
      discard: (id: RunId) => this.#record.discardRun(id),
      rename: ({ id, name }: { id: RunId; name: string }) => {
        runOf(id).summary = { ...runOf(id).summary, name }
        tell(runOf(id))
      },
      answer: ({ id, texts, questions }: AnswerRequest) =>
        id === ASKING_RUN
          ? texts.map((text, i) => answerFromContract(text, questions?.[i] ?? ''))
          : texts.map(questions ? answerToQuestion : answerTo)
    }
  }

  /** What an NVIDIA card would take of a run that it computes. */
  #card({ changed }: RunDraft): Partial<RunPlan> {
    const { card } = this.#options
    return card && changed['training.device'] === 'cuda' ? { card, time: null } : {}
  }

  #supervision(): Handlers['supervision'] {
    return supervisionHandlers({
      runOf: (id) => {
        const run = this.#runs.get(id)
        if (!run) throw new Error('This run is no longer here.')
        return run
      },
      all: () => [...this.#runs.values()],
      tell: (run) => this.#emit('runs:changed', run.summary),
      resume: (id) => {
        const run = this.#runs.get(id)
        run?.become('running')
        if (run) this.#emit('runs:changed', run.summary)
      },
      beat: this.#options.beat ?? 20
    })
  }

  #start(draft: RunDraft): RunId {
    const id = `n${this.#runs.size + 1}` as RunId
    const run = new SimulatedRun(id, draft.name ?? 'Clinical letters', draft, planOf(draft).steps)
    this.#runs.set(id, run)
    this.#emit('runs:changed', run.summary)
    setTimeout(() => {
      run.become('running')
      this.#emit('runs:changed', run.summary)
      this.#live(run)
    }, this.#options.beat ?? 20)
    return id
  }

  /** Moves a run along on a timer until it is tested, paused or discarded. */
  #live(run: SimulatedRun): void {
    const { beat = 20, stride = 2 } = this.#options
    if (beat === 0) return
    const timer = setInterval(() => {
      const { id } = run.summary
      if (run.summary.state !== 'running' || !this.#runs.has(id)) return clearInterval(timer)
      this.#emit('runs:curves', { id, ...run.advance(stride) })
      if (run.summary.step >= run.summary.totalSteps) {
        clearInterval(timer)
        run.become('testing')
        setTimeout(() => {
          run.finish('finished')
          this.#emit('runs:changed', run.summary)
        }, beat)
      }
      this.#emit('runs:changed', run.summary)
    }, beat)
  }
}
