import type { Bridge, Client, DomainEvents, Domains } from '../../../preload/contract/index.ts'
import type { MenuCommand } from '../../../preload/contract/menu.ts'
import type { Failure } from '../../../preload/contract/common.ts'

/** What a call failed with: a sentence for the person, the rest for *Details*. */
export class AttuneError extends Error {
  readonly code: string
  readonly detail: string

  constructor({ code, message, detail }: Failure) {
    super(message)
    this.name = 'AttuneError'
    this.code = code
    this.detail = detail
  }
}

/** Anything thrown, as what a screen shows. */
export function attuneError(thrown: unknown): AttuneError {
  if (thrown instanceof AttuneError) return thrown
  const detail = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
  return new AttuneError({ code: 'page', message: thrown instanceof Error ? thrown.message : String(thrown), detail })
}

interface Hearing<Events> {
  /** Hears an event until the returned function is called. */
  on<Name extends keyof Events & string>(event: Name, listener: (payload: Events[Name]) => void): () => void
}

export type Api = {
  readonly [Name in keyof Domains]: Client<Domains[Name]> &
    (Name extends keyof DomainEvents ? Hearing<DomainEvents[Name]> : unknown)
} & Pick<Bridge, 'shell' | 'fileOf' | 'folderOf' | 'dataFolderOf' | 'choose' | 'save' | 'savePdf'> & {
    /** Hears what the application's menu asks for, until the returned function is called; a browser's page hears nothing. */
    onMenu(listener: (command: MenuCommand) => void): () => void
  }

/** Every domain of the contract, by name: the type forces each. */
const DOMAINS: Readonly<Record<keyof Domains, true>> = {
  adapters: true,
  app: true,
  cards: true,
  compare: true,
  copies: true,
  data: true,
  datasheets: true,
  devices: true,
  diagnostics: true,
  drafts: true,
  exports: true,
  intake: true,
  library: true,
  labels: true,
  lengths: true,
  mappings: true,
  marking: true,
  models: true,
  packs: true,
  passages: true,
  personal: true,
  profiles: true,
  projects: true,
  questions: true,
  record: true,
  storage: true,
  results: true,
  scrutiny: true,
  runs: true,
  serving: true,
  supervision: true,
  sweeps: true,
  use: true,
  vault: true
}

/** The typed face of a bridge: unwraps replies, throws what failed. */
export function createApi(bridge: Bridge): Api {
  const domains = Object.keys(DOMAINS).map((name) => [name, domain(bridge, name)] as const)
  return {
    // The proxies below answer every method that the contract names, and nothing else is ever asked of them.
    ...(Object.fromEntries(domains) as unknown as Api),
    shell: bridge.shell,
    onMenu: (listener) => bridge.on('menu:command', (command) => listener(command as MenuCommand)), // Sent by the shell's menu alone.
    fileOf: (file) => bridge.fileOf(file),
    folderOf: (folder, contents) => bridge.folderOf(folder, contents),
    dataFolderOf: (folder, contents, onSent) => bridge.dataFolderOf(folder, contents, onSent),
    choose: (what) => bridge.choose(what),
    save: (ticket, suggestedName) => bridge.save(ticket, suggestedName),
    savePdf: bridge.savePdf
  }
}

type Call = (argument?: unknown) => Promise<unknown>

function domain(bridge: Bridge, name: string): Record<string, unknown> {
  const calls = new Map<string, Call>()
  const on = (event: string, listener: (payload: unknown) => void): (() => void) => bridge.on(`${name}:${event}`, listener)
  const callOf = (method: string): Call => {
    const call = calls.get(method) ?? ((argument) => ask(bridge, `${name}:${method}`, argument))
    calls.set(method, call)
    return call
  }
  return new Proxy({}, { get: (_target, method) => (method === 'on' ? on : callOf(String(method))) })
}

async function ask(bridge: Bridge, channel: string, argument: unknown): Promise<unknown> {
  const reply = await bridge.call(channel, argument)
  if (!reply.ok) throw new AttuneError(reply.error)
  return reply.value
}
