import type { DatasetId, TrainedId } from '../../../../../preload/contract/common.ts'
import type { DatasetSummary, Roles } from '../../../../../preload/contract/data.ts'
import type {
  PersonalAction,
  PersonalChoice,
  PersonalFinding,
  PersonalPassage,
  PersonalReport,
  PersonalWish
} from '../../../../../preload/contract/personal.ts'
import type { Api } from '../../../lib/api.ts'
import { Resource } from '../../../lib/resource.svelte.ts'
import { isOursToHide } from './our-kinds.ts'

/** Up to here a table is looked through without being asked: it takes seconds. */
const FEW_ROWS = 20_000

/** What is shown in a dialog: passages, read when it opens. */
export interface Shown {
  readonly what: 'examples' | 'remaining'
  readonly finding: PersonalFinding | null
  readonly passages: Resource<readonly (PersonalPassage & { readonly line?: number })[]>
}

const keyOf = ({ column, kind }: Pick<PersonalFinding, 'column' | 'kind'>): string => `${column}\n${kind}`

/** What is personal in a table, and what is to be done with it. */
export class PersonalState {
  readonly report: Resource<PersonalReport>
  #isAsked = $state(false)
  #progress = $state.raw<{ readonly done: number; readonly total: number } | null>(null)
  #isApplying = $state(false)
  #chosen = $state<Record<string, PersonalAction>>({})
  #shown = $state.raw<Shown | null>(null)
  #roles: Roles | null = null
  #run = $state<TrainedId | null>(null)
  readonly #api: Api['personal']
  readonly #id: DatasetId
  readonly findings = $derived.by((): readonly PersonalFinding[] => this.report.value?.findings ?? [])
  readonly passages = $derived.by(() => sumOf(this.findings))
  /** Passages that the model alone found. */
  readonly added = $derived.by(() => this.findings.reduce((sum, { added }) => sum + added, 0))
  /** Passages that would be changed. */
  readonly changed = $derived.by(() => sumOf(this.findings.filter((finding) => this.actionFor(finding) !== 'leave')))
  /** Whether anything is replaced: else there is nothing to keep or to go on from. */
  readonly replaces = $derived.by(() => this.findings.some((finding) => this.actionFor(finding) === 'pseudonymise'))
  /** What is done with all of them; null where that differs. */
  readonly common = $derived.by((): PersonalAction | null => {
    const actions = new Set(this.findings.map((finding) => this.actionFor(finding)))
    const [only] = actions
    return actions.size === 1 && only !== undefined ? only : null
  })

  constructor(api: Api['personal'], id: DatasetId) {
    this.#api = api
    this.#id = id
    this.report = new Resource(() => (this.#run === null ? api.scan(id) : api.scanWith({ id, run: this.#run })))
  }

  /** What finds beside the rules; null for the rules alone. */
  get run(): TrainedId | null {
    return this.#run
  }

  /** Looks once more, with a model beside the rules or without. */
  async lookWith(run: TrainedId | null): Promise<void> {
    this.#run = run
    await this.look()
  }

  /** Whether it was asked to look; large tables are looked through only then. */
  get isAsked(): boolean {
    return this.#isAsked
  }

  get isApplying(): boolean {
    return this.#isApplying
  }

  /** How many rows were looked through or written; null before the first are. */
  get progress(): { readonly done: number; readonly total: number } | null {
    return this.#progress
  }

  get shown(): Shown | null {
    return this.#shown
  }

  /** Follows how far it is. Returns the function that ends that. */
  follow(): () => void {
    return this.#api.on('scanning', ({ id, done, total }) => {
      if (id === this.#id) this.#progress = { done, total }
    })
  }

  /** Looks at once where that is quick. */
  begin(summary: DatasetSummary | undefined): void {
    this.#roles = summary?.roles ?? null
    if (summary !== undefined && summary.rows <= FEW_ROWS) void this.look()
  }

  async look(): Promise<void> {
    this.#isAsked = true
    this.#progress = null
    await this.report.load()
    if (this.report.failure?.code === 'stopped') this.#isAsked = false
  }

  async stop(): Promise<void> {
    await this.#api.stop(this.#id)
  }

  /**
   * Ids that rows belong together by are replaced, not masked: masked they would all be one. What is to be predicted stays, and what a model marks besides
   * what says something of a person.
   */
  actionFor(finding: PersonalFinding): PersonalAction {
    const chosen = this.#chosen[keyOf(finding)]
    if (chosen !== undefined) return chosen
    if (finding.column === this.#roles?.answer || !isOursToHide(finding.kind)) return 'leave'
    return finding.column === this.#roles?.group ? 'pseudonymise' : 'mask'
  }

  choose(finding: PersonalFinding, action: PersonalAction): void {
    this.#chosen[keyOf(finding)] = action
  }

  chooseAll(action: PersonalAction): void {
    for (const finding of this.findings) this.choose(finding, action)
  }

  showExamples(finding: PersonalFinding): void {
    const { column, kind } = finding
    const passages = new Resource(() => this.#api.examples({ id: this.#id, column, kind, run: this.#run }))
    this.#show({ what: 'examples', finding, passages })
  }

  showRemaining(): void {
    const wish = { id: this.#id, choices: this.#choices(), run: this.#run }
    this.#show({ what: 'remaining', finding: null, passages: new Resource(() => this.#api.remaining(wish)) })
  }

  close(): void {
    this.#shown = null
  }

  async apply(how: Pick<PersonalWish, 'group' | 'mapping'> = {}): Promise<DatasetSummary> {
    this.#progress = null
    this.#isApplying = true
    try {
      return await this.#api.apply({ id: this.#id, choices: this.#choices(), run: this.#run, ...how })
    } finally {
      this.#isApplying = false
    }
  }

  #show(shown: Shown): void {
    this.#shown = shown
    void shown.passages.load()
  }

  #choices(): readonly PersonalChoice[] {
    return this.findings.map((finding) => ({ column: finding.column, kind: finding.kind, action: this.actionFor(finding) }))
  }
}

const sumOf = (findings: readonly PersonalFinding[]): number => findings.reduce((sum, { passages }) => sum + passages, 0)
