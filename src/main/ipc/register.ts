import { ipcMain, type IpcMainInvokeEvent, type WebContents } from 'electron'
import type { Reply } from '../../preload/contract/common.ts'
import type { Caller } from './define.ts'
import type { ListedDispatch } from './dispatch.ts'
import type { Events } from './events.ts'
import { failureOf } from './failures.ts'

/** The page that may speak: the one in our window, since its last load. */
export interface OwnPage {
  readonly contents: WebContents
  readonly caller: Caller
}

/** What the preload asks for beyond the contract, by the last part of its channel: files, by handle. Arguments come from a page and are unknown. */
export type DeskCalls = Readonly<Record<string, (argument: unknown) => Promise<unknown>>>

export interface Registration {
  readonly dispatch: ListedDispatch
  readonly events: Events
  /** The scheme and host of the pages that may call, `app://attune`. */
  readonly origin: string
  /** Null while there is no window. */
  readonly page: () => OwnPage | null
  readonly desk: DeskCalls
  /** Told of what is our own fault, and of calls from anybody else. */
  readonly log: (line: string) => void
}

/** Milliseconds above which a call is mentioned in the log. */
const SLOW = 1000

/** The channel on which the page hears events, a list at a time. */
export const EVENTS_CHANNEL = 'bridge:events'

/** Makes a channel of every method of the contract and of the desk. Returns the function that takes them away again. */
export function registerChannels({ dispatch, events, origin, page, desk, log }: Registration): () => void {
  const answer = (channel: string, work: (argument: unknown, own: OwnPage) => Promise<Reply<unknown>>): void =>
    ipcMain.handle(channel, async (event, argument: unknown): Promise<Reply<unknown>> => {
      const own = page()
      if (!own || !isOwn(event, own, origin)) {
        log(`${channel}: refused, since it was not asked by Attune's own page`)
        return { ok: false, error: refused }
      }
      const from = performance.now()
      const reply = await work(argument, own)
      const milliseconds = Math.round(performance.now() - from)
      if (milliseconds > SLOW) log(`${channel}: ${milliseconds} ms`)
      return reply
    })
  for (const channel of dispatch.channels) answer(channel, (argument, own) => dispatch(channel, argument, own.caller))
  for (const [name, call] of Object.entries(desk)) answer(`bridge:${name}`, (argument) => replyOf(call(argument), log))
  const unsubscribe = events.subscribe((list) => {
    const contents = page()?.contents
    if (contents && !contents.isDestroyed()) contents.send(EVENTS_CHANNEL, list)
  })
  return () => {
    unsubscribe()
    for (const channel of [...dispatch.channels, ...Object.keys(desk).map((name) => `bridge:${name}`)])
      ipcMain.removeHandler(channel)
  }
}

/** Only the main frame of our own page is answered: no frame inside it, no other page, none that has been left. */
function isOwn({ sender, senderFrame }: IpcMainInvokeEvent, { contents }: OwnPage, origin: string): boolean {
  if (sender !== contents || senderFrame === null || senderFrame.parent !== null || senderFrame.detached) return false
  return senderFrame.origin === origin && senderFrame.url.startsWith(`${origin}/`)
}

async function replyOf(work: Promise<unknown>, log: (line: string) => void): Promise<Reply<unknown>> {
  try {
    return { ok: true, value: (await work) ?? null }
  } catch (error) {
    const failure = failureOf(error)
    if (failure.code === 'internal') log(failure.detail)
    return { ok: false, error: failure }
  }
}

const message = 'Attune answers its own page alone. Close this window and open Attune again.'
const refused = { code: 'refused', message, detail: message }
