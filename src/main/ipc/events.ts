import type { Curves, NewPoints, RunsEvents } from '../../preload/contract/runs.ts'
import type { ExportsEvents } from '../../preload/contract/exports.ts'
import type { CopiesEvents } from '../../preload/contract/copies.ts'
import type { DevicesEvents } from '../../preload/contract/devices.ts'
import type { DataEvents } from '../../preload/contract/data.ts'
import type { StorageEvents } from '../../preload/contract/storage.ts'
import type { PersonalEvents } from '../../preload/contract/personal.ts'
import type { ScrutinyEvents } from '../../preload/contract/scrutiny.ts'
import type { ProfilesEvents } from '../../preload/contract/profiles.ts'
import type { ProjectsEvents } from '../../preload/contract/projects.ts'
import type { LibraryEvents } from '../../preload/contract/library.ts'
import type { PacksEvents } from '../../preload/contract/packs.ts'
import type { ServingEvents } from '../../preload/contract/serving.ts'
import type { UseEvents } from '../../preload/contract/use.ts'
import type { VaultEvents } from '../../preload/contract/vault.ts'

/** Channels and what they carry. */
export interface EventPayloads {
  'copies:working': CopiesEvents['working']
  'devices:adding': DevicesEvents['adding']
  'data:reading': DataEvents['reading']
  'data:looking': DataEvents['looking']
  'personal:scanning': PersonalEvents['scanning']
  'scrutiny:looking': ScrutinyEvents['looking']
  'profiles:progress': ProfilesEvents['progress']
  'projects:changed': ProjectsEvents['changed']
  'storage:progress': StorageEvents['progress'] & { readonly id: string }
  'storage:reopened': StorageEvents['reopened']
  'library:changed': LibraryEvents['changed']
  'library:hashing': LibraryEvents['hashing']
  'packs:unpacking': PacksEvents['unpacking']
  'runs:changed': RunsEvents['changed']
  'runs:curves': RunsEvents['curves']
  'runs:removed': RunsEvents['removed']
  'runs:log': RunsEvents['log']
  'serving:changed': ServingEvents['changed']
  'exports:changed': ExportsEvents['changed']
  'use:changed': UseEvents['changed']
  'use:reading': UseEvents['reading']
  'vault:changed': VaultEvents['changed']
}

export type AppEvent = { [Channel in keyof EventPayloads]: readonly [Channel, EventPayloads[Channel]] }[keyof EventPayloads]

/** One frame of a screen, in milliseconds. */
const FRAME = 16

/**
 * Gathers events for one frame: of states only the newest counts, and points of a curve are joined. Pages hear a list a frame, whatever the
 * number of steps in it.
 */
export class Events {
  readonly #listeners = new Set<(events: readonly AppEvent[]) => void>()
  /** By what makes an event replace another; insertion keeps their order. */
  #waiting = new Map<string, AppEvent>()
  #timer: NodeJS.Timeout | undefined
  #isHushed = false

  /** Hears events until the returned function is called. */
  subscribe(listener: (events: readonly AppEvent[]) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** While nobody may see a name, nothing is passed on but how the vault stands. */
  hush(isHushed: boolean): void {
    this.#isHushed = isHushed
    if (isHushed) this.#waiting = new Map([...this.#waiting].filter(([, [channel]]) => channel === 'vault:changed'))
  }

  emit(event: AppEvent): void {
    if (this.#isHushed && event[0] !== 'vault:changed') return
    const key = keyOf(event)
    const before = this.#waiting.get(key)
    this.#waiting.set(key, joined(before, event))
    this.#timer ??= setTimeout(() => this.#flush(), FRAME)
  }

  dispose(): void {
    clearTimeout(this.#timer)
    this.#listeners.clear()
  }

  #flush(): void {
    this.#timer = undefined
    const events = [...this.#waiting.values()]
    this.#waiting = new Map()
    for (const listener of this.#listeners) listener(events)
  }
}

function keyOf([channel, payload]: AppEvent): string {
  // There is one vault, one library, one pack of either kind and one folder of copies at a time, and one model that answers other programs.
  if (channel === 'vault:changed' || channel === 'library:changed') return channel
  if (
    channel === 'devices:adding' ||
    channel === 'packs:unpacking' ||
    channel === 'serving:changed' ||
    channel === 'copies:working'
  )
    return channel
  return `${channel} ${'id' in payload ? payload.id : payload.name}`
}

function joined(before: AppEvent | undefined, event: AppEvent): AppEvent {
  if (before?.[0] === 'runs:log' && event[0] === 'runs:log') {
    return ['runs:log', { id: event[1].id, lines: [...before[1].lines, ...event[1].lines] }]
  }
  if (before?.[0] !== 'runs:curves' || event[0] !== 'runs:curves') return event
  return ['runs:curves', { id: event[1].id, ...joinCurves(before[1], event[1]) }]
}

function joinCurves(a: NewPoints, b: NewPoints): NewPoints {
  // A run goes back when another process or another seed or fold begins: what the one before said in the same frame no longer counts.
  if (b.rewoundTo !== undefined) return b
  const series = (name: 'loss' | 'learningRate' | 'memory' | 'speed'): Curves['loss'] => ({
    step: [...a[name].step, ...b[name].step],
    value: [...a[name].value, ...b[name].value]
  })
  return {
    loss: series('loss'),
    learningRate: series('learningRate'),
    memory: series('memory'),
    speed: series('speed'),
    evaluations: [...a.evaluations, ...b.evaluations],
    ...(a.rewoundTo !== undefined && { rewoundTo: a.rewoundTo })
  }
}
