import { Events } from '../ipc/events.ts'
import { makeDispatch, type Dispatch, type ListedDispatch } from '../ipc/dispatch.ts'
import { storageRoutes } from '../ipc/routes/storage.ts'
import { migrations } from '../tracker/migrations/index.ts'
import { openServices, type Services, type ServicesOptions } from './services.ts'
import { Storage } from './storage.ts'

/** The services on a data folder that can be moved, restored and deleted while the program goes on. */
export type House = Omit<Services, 'quarantine' | 'outbox' | 'keeping' | 'owe'> & {
  readonly quarantine: () => string
  readonly outbox: Pick<Services['outbox'], 'take' | 'clear'>
}

/** Opens the data folder; `dispatch`, `events` and the rest stay the same objects when it is opened anew, here or elsewhere. */
export async function openHouse(options: ServicesOptions): Promise<House> {
  const events = new Events()
  let dataFolder = options.dataFolder
  let current: Services | null = null
  let unsubscribe = (): void => undefined
  const open = async (folder: string): Promise<void> => {
    const services = await openServices({ ...options, dataFolder: folder })
    dataFolder = folder
    current = services
    unsubscribe = services.events.subscribe((list) => list.forEach((event) => events.emit(event)))
  }
  const close = async (): Promise<void> => {
    const services = current
    current = null
    unsubscribe()
    await services?.dispose()
  }
  const opened = (): Services => {
    if (current) return current
    throw new Error('The data folder is closed.')
  }
  await open(dataFolder)
  const storage = new Storage({
    dataFolder: () => dataFolder,
    tracker: migrations.length,
    version: options.version,
    now: () => new Date().toISOString(),
    // While it is locked nothing is open, and nothing changes.
    frozen: (work) => opened().keeping()?.frozen(work) ?? work(),
    record: (...what) =>
      opened()
        .keeping()
        ?.record(...what),
    recordOrOwe: async (event) => {
      const keeping = opened().keeping()
      if (keeping) keeping.record(event)
      else await opened().owe(event)
    },
    budget: () => opened().keeping()?.budget() ?? null,
    setBudget: (bytes) => opened().keeping()?.setBudget(bytes),
    close,
    open: async (folder) => {
      await open(folder)
      events.emit(['storage:reopened', { id: folder }])
    },
    onProgress: (progress) => events.emit(['storage:progress', { id: progress.task, ...progress }])
  })
  return {
    dispatch: dispatchOf(makeDispatch({ storage: storageRoutes(storage) }, options.log), () => current),
    events,
    runs: { list: () => current?.runs.list() ?? [] },
    isLocked: () => current?.isLocked() ?? false,
    lock: () => current?.lock(),
    windowGone: () => current?.windowGone(),
    quarantine: () => opened().quarantine,
    outbox: { take: (ticket) => opened().outbox.take(ticket), clear: async () => current?.outbox.clear() },
    dispose: async () => {
      await close()
      events.dispose()
    }
  }
}

/** Storage answers always, everything else only while the folder is open. */
function dispatchOf(storage: ListedDispatch, current: () => Services | null): ListedDispatch {
  const inside = current()?.dispatch.channels ?? []
  const answer: Dispatch = async (channel, argument, caller) => {
    const services = current()
    // The gate inside says that it is locked.
    if (channel.startsWith('storage:') && !services?.isLocked()) return storage(channel, argument, caller)
    return services ? services.dispatch(channel, argument, caller) : { ok: false, error: closed }
  }
  return Object.assign(answer, { channels: [...inside, ...storage.channels] })
}

const message = 'Attune is moving, restoring or deleting its data. Wait until that is done.'
const closed = { code: 'storage-busy', message, detail: message }
