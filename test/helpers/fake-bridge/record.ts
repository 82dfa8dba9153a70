import type { DatasetId, ProjectId, RunId } from '../../../src/preload/contract/common.ts'
import type { DatasetSummary } from '../../../src/preload/contract/data.ts'
import type { ProjectPurpose, ProjectSummary } from '../../../src/preload/contract/projects.ts'
import type { Artifact, AuditLine, BinEntry } from '../../../src/preload/contract/record.ts'
import type { SimulatedRun } from './simulation.ts'

export interface FakeStore {
  readonly datasets: () => readonly DatasetSummary[]
  readonly setDatasets: (next: readonly DatasetSummary[]) => void
  readonly runs: Map<RunId, SimulatedRun>
  readonly emit: (channel: string, payload: unknown) => void
}

const DISCARDED = '2026-11-24T16:20:00Z'
const UNTIL = '2026-12-24T16:20:00Z'

/** What is in the bin: its entry, and how it comes back. */
interface Thrown {
  readonly entry: BinEntry
  readonly back: () => void
}

/** Projects, the bin, tags, notes and the log of the fake. */
export class FakeRecord {
  readonly #store: FakeStore
  readonly #names = new Map<string, string>([
    ['p-letters', 'Clinical letters by urgency'],
    ['p-own', 'referrals-2026']
  ])
  readonly #notes = new Map<string, string>()
  readonly #purposes = new Map<string, ProjectPurpose>([['p-own', 'inside']])
  #bin: readonly Thrown[] = []

  constructor(store: FakeStore) {
    this.#store = store
  }

  /** What somebody threw away before. */
  fill(): void {
    const entry = (id: string, kind: BinEntry['kind'], name: string, bytes: number, items: number): BinEntry => ({
      id: id as RunId,
      kind,
      name,
      project: 'Clinical letters by urgency',
      discardedAt: DISCARDED,
      until: UNTIL,
      bytes,
      items
    })
    this.#bin = [entry('r0', 'run', 'Urgency v0', 4_100_000, 1), entry('p-old', 'project', 'Complaints 2025', 81_400_000, 7)].map(
      (one) => ({ entry: one, back: () => undefined })
    )
    this.#notes.set('p-own', 'Waiting for the second clinic’s letters.')
  }

  discardRun(id: RunId): void {
    const run = this.#store.runs.get(id)
    if (!run) return
    this.#store.runs.delete(id)
    this.#store.emit('runs:removed', { id })
    const { name, project } = run.summary
    this.#throw({ id, kind: 'run', name, project: this.#nameOf(project), bytes: 3_200_000, items: 1 }, () => {
      this.#store.runs.set(id, run)
    })
  }

  discardDataset(id: DatasetId): void {
    const gone = this.#store.datasets().find((one) => one.id === id)
    if (!gone) return
    this.#store.setDatasets(this.#store.datasets().filter((one) => one.id !== id))
    this.#throw({ id, kind: 'dataset', name: gone.name, project: this.#nameOf(gone.project), bytes: 900_000, items: 1 }, () => {
      this.#store.setDatasets([...this.#store.datasets(), gone])
    })
  }

  readonly projects = {
    list: () => this.#list(),
    rename: ({ id, name }: { id: ProjectId; name: string }) => {
      this.#names.set(id, name)
      this.#store.emit('projects:changed', { id })
    },
    note: ({ id, text }: { id: ProjectId; text: string }) => {
      this.#notes.set(id, text)
      this.#store.emit('projects:changed', { id })
    },
    setPurpose: ({ id, purpose }: { id: ProjectId; purpose: ProjectPurpose }) => {
      this.#purposes.set(id, purpose)
      this.#store.emit('projects:changed', { id })
    },
    discard: (id: ProjectId) => this.#discardProject(id),
    destroyNow: (id: ProjectId) => {
      this.#discardProject(id)
      this.#bin = this.#bin.filter(({ entry }) => entry.id !== id)
    }
  }

  readonly record = {
    bin: () => this.#bin.map(({ entry }) => entry),
    restore: (id: string) => {
      this.#bin.find(({ entry }) => entry.id === id)?.back()
      this.#bin = this.#bin.filter(({ entry }) => entry.id !== id)
      this.#store.emit('projects:changed', { id })
    },
    destroy: (id: string) => {
      this.#bin = this.#bin.filter(({ entry }) => entry.id !== id)
    },
    emptyBin: () => {
      this.#bin = []
    },
    tag: ({ id, tags }: { id: RunId; tags: readonly string[] }) => this.#attach(id, { tags }),
    note: ({ id, text }: { id: RunId; text: string }) => this.#attach(id, { note: text }),
    artifacts: () => artifacts,
    log: ({ from, count }: { from: number; count: number }) => ({ total: log.length, lines: log.slice(from, from + count) }),
    logCsv: () => 'o-record'
  }

  #attach(id: RunId, what: Partial<Pick<SimulatedRun['summary'], 'tags' | 'note'>>): void {
    const run = this.#store.runs.get(id)
    if (!run) throw new Error('This run is no longer here.')
    run.summary = { ...run.summary, ...what }
    this.#store.emit('runs:changed', run.summary)
  }

  #discardProject(id: ProjectId): void {
    const { runs, datasets, setDatasets, emit } = this.#store
    const own = [...runs.values()].filter(({ summary }) => summary.project === id)
    const tables = datasets().filter(({ project }) => project === id)
    for (const { summary } of own) {
      runs.delete(summary.id)
      emit('runs:removed', { id: summary.id })
    }
    setDatasets(datasets().filter(({ project }) => project !== id))
    const name = this.#nameOf(id)
    const items = own.length + tables.length
    this.#throw({ id, kind: 'project', name, project: name, bytes: 12_000_000, items }, () => {
      for (const run of own) runs.set(run.summary.id, run)
      setDatasets([...datasets(), ...tables])
    })
  }

  #throw(entry: Omit<BinEntry, 'discardedAt' | 'until'>, back: () => void): void {
    this.#bin = [{ entry: { ...entry, discardedAt: DISCARDED, until: UNTIL }, back }, ...this.#bin]
    this.#store.emit('projects:changed', { id: entry.id })
  }

  #nameOf(id: ProjectId): string {
    return this.#names.get(id) ?? id.replace(/^p-/, '')
  }

  #list(): readonly ProjectSummary[] {
    const runs = [...this.#store.runs.values()].map(({ summary }) => summary)
    const datasets = this.#store.datasets()
    const ids = new Set([...datasets.map(({ project }) => project), ...runs.map(({ project }) => project)])
    return [...ids].map((id) => ({
      id,
      name: this.#nameOf(id),
      sample: id === 'p-letters' ? 'letters' : null,
      note: this.#notes.get(id) ?? '',
      purpose: this.#purposes.get(id) ?? 'unsaid',
      datasets: datasets.filter(({ project }) => project === id).length,
      runs: runs.filter(({ project }) => project === id).length,
      latestRun: runs.find(({ project }) => project === id)?.id ?? null,
      latestDataset: datasets.find(({ project }) => project === id)?.id ?? null,
      changedAt: '2026-11-25T10:02:00Z'
    }))
  }
}

const artifacts: readonly Artifact[] = (
  [
    ['report.html', 'report', 48_120],
    ['report.json', 'report', 91_400],
    ['checkpoints/best-000184/tensors.safetensors', 'weights', 397_600],
    ['config.json', 'settings', 2_410]
  ] as const
).map(([name, kind, bytes], i) => ({
  name,
  kind,
  bytes,
  sha256: `${'3f9c1a70be'.repeat(6)}${1000 + i}`,
  madeAt: '2026-11-25T10:08:00Z'
}))

const log: readonly AuditLine[] = (
  [
    ['run-ended', 'r3', 184],
    ['test-consulted', 'r3', null],
    ['run-started', 'r3', null],
    ['roles-changed', 'd-letters', null],
    ['dataset-opened', 'd-letters', 1051]
  ] as const
).map(([event, subject, amount], i) => ({ at: `2026-11-25T10:${String(30 - i).padStart(2, '0')}:00Z`, event, subject, amount }))
