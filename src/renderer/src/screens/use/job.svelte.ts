import type { AnswererId } from '../../../../preload/contract/common.ts'
import type { AskedOfEach, UseEvents, UseFormat, UseJob, UseRow } from '../../../../preload/contract/use.ts'
import { attuneError, type Api, type AttuneError } from '../../lib/api.ts'

const PAGE = 100
/** Rows that are answered first, to see whether it goes well. */
export const PREVIEW = 100

type Pages = ReadonlyMap<number, readonly UseRow[]>

/** A table or documents: brought, answered piece by piece, looked at a page at a time, saved. */
export class JobState {
  #job = $state.raw<UseJob | null>(null)
  #reading = $state.raw<UseEvents['reading'] | null>(null)
  #failure = $state.raw<AttuneError | null>(null)
  #pages = $state.raw<Pages>(new Map())
  #unsureFirst = $state(false)
  #isSaving = $state(false)
  keeps = $state(false)
  #asked = new Set<number>()
  #turn = 0
  #startedAt = 0
  readonly #api: Pick<Api, 'use' | 'fileOf' | 'save'>

  constructor(api: Pick<Api, 'use' | 'fileOf' | 'save'>) {
    this.#api = api
  }

  get job(): UseJob | null {
    return this.#job
  }

  get reading(): UseEvents['reading'] | null {
    return this.#reading
  }

  get failure(): AttuneError | null {
    return this.#failure
  }

  get isSaving(): boolean {
    return this.#isSaving
  }

  get unsureFirst(): boolean {
    return this.#unsureFirst
  }

  set unsureFirst(value: boolean) {
    this.#unsureFirst = value
    this.#forget()
  }

  /** Rows that the table shows: all of them, or when the least sure come first those that are answered. */
  readonly shownRows = $derived.by(() => {
    const job = this.#job
    if (!job) return 0
    return this.#unsureFirst && job.done > 0 ? job.done : job.rows
  })

  /** Seconds still to go; null until enough is known. */
  readonly secondsLeft = $derived.by(() => {
    const progress = this.#job?.progress
    if (!progress || progress.done === 0) return null
    const passed = (performance.now() - this.#startedAt) / 1000
    return passed < 2 ? null : (passed * (progress.total - progress.done)) / progress.done
  })

  /** Hears how far it has come. Returns the function that stops it. */
  follow(): () => void {
    const stops = [
      this.#api.use.on('changed', (job) => {
        if (job.id === this.#job?.id) this.#take(job)
      }),
      this.#api.use.on('reading', (progress) => {
        if (this.#reading) this.#reading = progress
      })
    ]
    return () => stops.forEach((stop) => stop())
  }

  async open(run: AnswererId, files: readonly File[]): Promise<void> {
    const [first] = files
    if (!first || this.#reading) return
    await this.drop()
    this.#failure = null
    this.#reading = { name: first.name, phase: 'reading', done: 0, total: 0 }
    try {
      const handles = []
      for (const file of files) handles.push(await this.#api.fileOf(file))
      this.#take(await this.#api.use.open({ run, files: handles }))
    } catch (thrown) {
      this.#failure = attuneError(thrown)
    } finally {
      this.#reading = null
    }
  }

  /** Other columns to read or to measure against. */
  choose(columns: Partial<Pick<UseJob, 'text' | 'pair' | 'answer'>>): void {
    if (!this.#job) return
    this.#job = { ...this.#job, ...columns }
  }

  /** `asked`: what every text is asked, for a run that answers questions; a chosen column of questions goes before it. */
  async start(run: AnswererId, limit: number | null, asked: readonly AskedOfEach[] = []): Promise<void> {
    const job = this.#job
    if (!job) return
    this.#startedAt = performance.now()
    const { id, text, pair, answer } = job
    const questions = job.asks && pair === null ? asked : null
    await this.#api.use.start({ id, run, text, pair, answer, questions, limit })
    if (this.keeps) await this.#api.use.keep(id)
  }

  async stop(): Promise<void> {
    if (this.#job) await this.#api.use.stop(this.#job.id)
  }

  async setThreshold(value: number): Promise<void> {
    if (this.#job) this.#take(await this.#api.use.setThreshold({ id: this.#job.id, value }))
  }

  /** Writes and saves the answers; false where the person thought better of it. */
  async save(format: UseFormat): Promise<string | null> {
    if (!this.#job || this.#isSaving) return null
    this.#isSaving = true
    try {
      const { ticket, name } = await this.#api.use.save({ id: this.#job.id, format })
      return (await this.#api.save(ticket, name)) ? name : null
    } finally {
      this.#isSaving = false
    }
  }

  async drop(): Promise<void> {
    const job = this.#job
    this.#job = null
    this.#failure = null
    this.#unsureFirst = false
    this.keeps = false
    this.#forget()
    // It may be gone already: then there is nothing to forget.
    if (job) await this.#api.use.drop(job.id).catch(() => undefined)
  }

  row(index: number): UseRow | undefined {
    return this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE]
  }

  /** Reads the pages under rows `from` to `to`, each once. */
  async show(from: number, to: number): Promise<void> {
    for (let page = Math.floor(from / PAGE); page * PAGE < to; page++) if (!this.#asked.has(page)) await this.#read(page)
  }

  async #read(page: number): Promise<void> {
    const id = this.#job?.id
    if (id === undefined) return
    const turn = this.#turn
    this.#asked.add(page)
    try {
      const { rows } = await this.#api.use.rows({ id, from: page * PAGE, count: PAGE, unsureFirst: this.#unsureFirst })
      if (turn === this.#turn) this.#pages = new Map(this.#pages).set(page, rows)
    } catch {
      // A page is asked for again when it is scrolled to.
      this.#asked.delete(page)
    }
  }

  #take(job: UseJob): void {
    const before = this.#job
    this.#job = job
    const isNew = before?.state !== job.state || before.done !== job.done || before.text !== job.text
    if (isNew) this.#forget()
  }

  #forget(): void {
    this.#turn++
    this.#pages = new Map()
    this.#asked = new Set()
    if (this.#job) void this.show(0, Math.min(PAGE, this.#job.rows))
  }
}
