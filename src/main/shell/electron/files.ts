import { dialog, type BrowserWindow, type OpenDialogOptions } from 'electron'
import { randomBytes } from 'node:crypto'
import { realpath, stat, writeFile } from 'node:fs/promises'
import { basename, extname, isAbsolute, join, parse } from 'node:path'
import { InputError } from '../../base/errors.ts'
import { quoted, storageProblem } from '../../base/storage-problem.ts'
import type { FilePurpose, Outgoing } from '../../ipc/define.ts'
import type { DeskCalls } from '../../ipc/register.ts'
import type { Handles } from '../handles.ts'
import { saveOutgoing, saveOutgoingPdf } from './save.ts'
import { words } from './words.ts'

export interface DeskOptions {
  readonly handles: Handles
  /** Where a file that has no path is kept until it is opened. */
  readonly quarantine: () => string
  /** Finished files that the page is to save. */
  readonly outbox: Outgoing
  readonly window: () => BrowserWindow | null
  /** Names the page that asks, since its last load. */
  readonly session: () => string
}

const TABLES = [
  'csv',
  'tsv',
  'tab',
  'jsonl',
  'ndjson',
  'json',
  'parquet',
  'arrow',
  'feather',
  'xlsx',
  'conll',
  'conllu',
  'bio',
  'iob',
  'iob2',
  'bilou',
  'iobes',
  'ner'
]

const DIALOGS: Readonly<Record<FilePurpose, OpenDialogOptions>> = {
  table: {
    title: words.choose.table.title,
    buttonLabel: words.choose.table.button,
    properties: ['openFile'],
    filters: [{ name: words.choose.table.filter, extensions: TABLES }]
  },
  pack: {
    title: words.choose.pack.title,
    buttonLabel: words.choose.pack.button,
    properties: ['openFile'],
    filters: [{ name: words.choose.pack.filter, extensions: ['attune'] }]
  },
  mapping: {
    title: words.choose.mapping.title,
    buttonLabel: words.choose.mapping.button,
    properties: ['openFile'],
    filters: [{ name: words.choose.mapping.filter, extensions: ['age'] }]
  },
  'model-folder': {
    title: words.choose.modelFolder.title,
    buttonLabel: words.choose.modelFolder.button,
    properties: ['openDirectory']
  },
  'data-folder': {
    title: words.choose.dataFolder.title,
    buttonLabel: words.choose.dataFolder.button,
    properties: ['openDirectory']
  },
  'cuda-folder': {
    title: words.choose.cudaFolder.title,
    buttonLabel: words.choose.cudaFolder.button,
    properties: ['openDirectory']
  },
  folder: {
    title: words.choose.folder.title,
    buttonLabel: words.choose.folder.button,
    properties: ['openDirectory', 'createDirectory']
  }
}

/** Bytes of a table that was pasted; a larger one comes as a file. */
const MOST_PASTED = 256e6

/** What the page asks of the desktop: files by handle. A path comes from a drop or a dialog, and from nowhere else. */
export function makeDesk(options: DeskOptions): DeskCalls {
  const { window } = options
  return {
    mint: (path) => mint(options, path),
    'mint-data-folder': (path) => mint(options, path, 'data-folder'),
    keep: (file) => keep(options, file),
    choose: async (what) => {
      const purpose = purposeOf(what)
      const own = window()
      const { filePaths } = await (own ? dialog.showOpenDialog(own, DIALOGS[purpose]) : dialog.showOpenDialog(DIALOGS[purpose]))
      const [path] = filePaths
      return path === undefined ? null : mint(options, path, purpose)
    },
    save: (request) => saveOutgoing(options.outbox, window(), request),
    'save-pdf': (request) => saveOutgoingPdf(options.outbox, window(), request)
  }
}

/** A handle for a file or folder: what a table or a model may be, links resolved; devices and alternate streams are neither. */
async function mint({ handles, session }: DeskOptions, given: unknown, wanted?: FilePurpose): Promise<string> {
  if (typeof given !== 'string' || !isAbsolute(given)) throw badRequest()
  const owner = session()
  const name = basename(given)
  const path = await realpath(given).catch((error: unknown) => {
    throw storageProblem(error, `${quoted(name)} could not be opened`, name)
  })
  const facts = await stat(path)
  const forFolders = wanted === 'folder' || wanted === 'data-folder' || wanted === 'cuda-folder' ? wanted : 'model-folder'
  const forFiles = /\.attune$/i.test(name) ? 'pack' : /\.age$/i.test(name) ? 'mapping' : 'table'
  const purpose: FilePurpose | null = facts.isDirectory() ? forFolders : facts.isFile() && !isStream(path) ? forFiles : null
  if (purpose === null || (wanted !== undefined && wanted !== purpose))
    throw new InputError('not-a-file', `${quoted(name)} is no file that Attune can open. Choose a table, a pack or a folder.`)
  return handles.mint({ path, name, purpose, session: owner })
}

/** Windows opens a hidden stream of a file by a colon after its name. */
const isStream = (path: string): boolean => process.platform === 'win32' && path.slice(parse(path).root.length).includes(':')

/** A file that the page has made, such as a pasted table: it lies in quarantine until it is opened. */
async function keep({ handles, quarantine, session }: DeskOptions, given: unknown): Promise<string> {
  const { name, bytes } = (given ?? {}) as { readonly name?: unknown; readonly bytes?: unknown } // Both are looked at here.
  if (typeof name !== 'string' || !(bytes instanceof Uint8Array) || name.length > 255) throw badRequest()
  if (bytes.length > MOST_PASTED) throw new InputError('too-large', 'This is too much to paste. Save it as a file and drop that.')
  const ending = extname(name).slice(1).toLowerCase()
  const path = join(quarantine(), randomBytes(8).toString('hex') + (TABLES.includes(ending) ? `.${ending}` : ''))
  await writeFile(path, bytes, { mode: 0o600, flag: 'wx' })
  return handles.mint({ path, name: basename(name), purpose: 'table', session: session() })
}

function purposeOf(what: unknown): FilePurpose {
  if (typeof what === 'string' && Object.hasOwn(DIALOGS, what)) return what as FilePurpose // A key of the list above.
  throw badRequest()
}

const badRequest = (): InputError =>
  new InputError('bad-request', 'The page asked for something that Attune does not understand. Reload it.')
