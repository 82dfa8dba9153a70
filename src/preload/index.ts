import { contextBridge, ipcRenderer, webUtils } from 'electron'
import type { FileHandle, Reply } from './contract/common.ts'
import type { Bridge } from './contract/index.ts'

type Listener = (payload: unknown) => void

/** What the page may call: methods of the contract, never the desk's channels, on which paths travel. */
const METHOD = /^(?!bridge:)[a-z]+:[A-Za-z]+$/

const listeners = new Map<string, Set<Listener>>()

ipcRenderer.on('bridge:events', (_event, events: readonly (readonly [string, unknown])[]) => {
  for (const [channel, payload] of events) for (const hear of listeners.get(channel) ?? []) hear(payload)
})

async function call(channel: string, argument?: unknown): Promise<Reply<unknown>> {
  if (!METHOD.test(channel))
    return failure('no-such-channel', 'The page asked for something that Attune does not have. Reload it.')
  try {
    return (await ipcRenderer.invoke(channel, argument)) as Reply<unknown> // Written by register.ts.
  } catch (error) {
    return failure('shell-gone', 'Attune does not answer. Start it again; nothing is lost.', String(error))
  }
}

/** Asks the desk of main. Throws the sentence of a failure. */
async function ask<T>(name: string, argument: unknown): Promise<T> {
  const reply = (await ipcRenderer.invoke(`bridge:${name}`, argument)) as Reply<T> // Written by register.ts.
  if (reply.ok) return reply.value
  throw new Error(reply.error.message)
}

/** The path of a dropped file goes to main and nowhere else; what has none, such as a pasted table, is handed over itself. */
async function fileOf(file: File): Promise<FileHandle> {
  const path = webUtils.getPathForFile(file)
  if (path !== '') return ask('mint', path)
  return ask('keep', { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })
}

/** A folder with data: main reads it where it lies. */
const dataFolderOf = (folder: File): Promise<FileHandle> => ask('mint-data-folder', webUtils.getPathForFile(folder))

function failure(code: string, message: string, detail = message): Reply<never> {
  return { ok: false, error: { code, message, detail } }
}

const bridge: Bridge = {
  shell: 'electron',
  call,
  on: (channel, listener) => {
    const hearing = listeners.get(channel) ?? new Set()
    listeners.set(channel, hearing.add(listener))
    return () => void hearing.delete(listener)
  },
  fileOf,
  folderOf: fileOf,
  dataFolderOf,
  choose: (what) => ask('choose', what),
  save: (ticket, name) => ask('save', { ticket, name }),
  savePdf: (ticket, name) => ask('save-pdf', { ticket, name })
}

contextBridge.exposeInMainWorld('attune', bridge)
