import type { FileHandle, TrainedId } from '../../../../../preload/contract/common.ts'
import type { CopiesKind, CopiesReport, CopiesWish, WrittenCopies } from '../../../../../preload/contract/copies.ts'
import type { PersonalAction } from '../../../../../preload/contract/personal.ts'
import { attuneError, type Api, type AttuneError } from '../../../lib/api.ts'
import { isOursToHide } from '../personal/our-kinds.ts'
import { MappingState } from './mapping.svelte.ts'

type CopiesCalls = Pick<Api, 'choose' | 'copies' | 'mappings'>

/** What is done with everything that is not decided by kind. */
type General = Exclude<PersonalAction, 'leave'>

/** A folder whose copies are to be clean: chosen, looked through, written. */
export class CopiesState {
  readonly mapping: MappingState
  #from = $state.raw<FileHandle | null>(null)
  #run = $state<TrainedId | null>(null)
  #action = $state<General>('mask')
  #chosen = $state.raw<Readonly<Record<string, PersonalAction>>>({})
  #leftColumns = $state.raw<readonly string[]>([])
  #group = $state<string | null>(null)
  #report = $state.raw<CopiesReport | null>(null)
  #isCurrent = $state(false)
  #failure = $state.raw<AttuneError | null>(null)
  #isWorking = $state(false)
  #progress = $state.raw<{ readonly done: number; readonly total: number } | null>(null)
  readonly #api: CopiesCalls
  /** Passages that would be changed. */
  readonly changed = $derived.by(() => {
    const kinds = (this.#report?.kinds ?? []).filter(({ kind }) => this.actionFor(kind) !== 'leave')
    return kinds.reduce((sum, { passages }) => sum + passages, 0)
  })
  /** Whether anything is replaced: else there is nothing to keep or to go on from. */
  readonly replaces = $derived.by(
    () => this.#action === 'pseudonymise' || Object.values(this.#chosen).some((action) => action === 'pseudonymise')
  )
  readonly isReady = $derived.by(() => this.#from !== null && !this.#isWorking && (!this.replaces || this.mapping.isReady))

  constructor(api: CopiesCalls) {
    this.#api = api
    this.mapping = new MappingState(api, () => this.#change())
  }

  get hasFolder(): boolean {
    return this.#from !== null
  }

  get run(): TrainedId | null {
    return this.#run
  }

  get action(): General {
    return this.#action
  }

  get group(): string | null {
    return this.#group
  }

  /** What was found; null until it was looked for in this folder. */
  get report(): CopiesReport | null {
    return this.#report
  }

  /** Whether that was looked for with these very choices: only then it says what would still be visible. */
  get isCurrent(): boolean {
    return this.#isCurrent
  }

  get failure(): AttuneError | null {
    return this.#failure
  }

  get isWorking(): boolean {
    return this.#isWorking
  }

  get progress(): { readonly done: number; readonly total: number } | null {
    return this.#progress
  }

  /** Follows how far it is. Returns the function that ends that, and what is under way with it. */
  follow(): () => void {
    const stop = this.#api.copies.on('working', ({ done, total }) => {
      this.#progress = { done, total }
    })
    return () => {
      stop()
      if (this.#isWorking) void this.#api.copies.stop()
    }
  }

  async chooseFolder(): Promise<void> {
    const handle = await this.#api.choose('data-folder')
    if (handle === null) return
    this.#from = handle
    this.#report = null
    this.#leftColumns = []
    this.#group = null
    this.#change()
  }

  use(run: TrainedId | null): void {
    this.#run = run
    this.#report = null
    this.#change()
  }

  /** What is done with everything that is found. */
  do(action: General): void {
    this.#action = action
    this.#chosen = {}
    this.#change()
  }

  /** What a model marks besides what says something of a person stays where nobody decides otherwise. */
  actionFor(kind: CopiesKind['kind']): PersonalAction {
    return this.#chosen[kind] ?? (isOursToHide(kind) ? this.#action : 'leave')
  }

  choose(kind: CopiesKind['kind'], action: PersonalAction): void {
    this.#chosen = { ...this.#chosen, [kind]: action }
    this.#change()
  }

  isGoneThrough(column: string): boolean {
    return !this.#leftColumns.includes(column)
  }

  goThrough(column: string, isWanted: boolean): void {
    const others = this.#leftColumns.filter((each) => each !== column)
    this.#leftColumns = isWanted ? others : [...others, column]
    this.#change()
  }

  groupBy(column: string | null): void {
    this.#group = column
    this.#change()
  }

  async look(): Promise<void> {
    const wish = this.#wish()
    if (!wish) return
    await this.#work(async () => {
      this.#report = await this.#api.copies.look(wish)
      this.#isCurrent = true
    })
  }

  /** Asks where to, and writes. Resolves to what was written; null where the person thought better of it, or it failed. */
  async write(): Promise<WrittenCopies | null> {
    const wish = this.#wish()
    const to = wish && (await this.#api.choose('folder'))
    if (!wish || !to) return null
    const keepsMapping = this.replaces && this.mapping.isKept
    return this.#work(() => this.#api.copies.write({ ...wish, to, keepsMapping }))
  }

  async stop(): Promise<void> {
    await this.#api.copies.stop()
  }

  #wish(): CopiesWish | null {
    if (this.#from === null) return null
    const kinds = (this.#report?.kinds ?? []).map(({ kind }) => ({ kind, action: this.actionFor(kind) }))
    const others = Object.entries(this.#chosen).filter(([kind]) => !kinds.some((each) => each.kind === kind))
    const { known, passphrase } = this.replaces ? this.mapping.wish : { known: null, passphrase: null }
    return {
      ...{ from: this.#from, run: this.#run, action: this.#action },
      actions: [...kinds, ...others.map(([kind, action]) => ({ kind, action }))],
      ...{ leftColumns: this.#leftColumns, groupColumn: this.#group, known, passphrase }
    }
  }

  /** What would still be visible holds for the choices that it was looked for with. */
  #change(): void {
    this.#isCurrent = false
    this.#failure = null
  }

  async #work<T>(work: () => Promise<T>): Promise<T | null> {
    this.#isWorking = true
    this.#failure = null
    this.#progress = null
    try {
      return await work()
    } catch (thrown) {
      const failure = attuneError(thrown)
      if (failure.code !== 'stopped') this.#failure = failure
      return null
    } finally {
      this.#isWorking = false
    }
  }
}
