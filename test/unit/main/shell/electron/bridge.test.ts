import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Bridge } from '../../../../../src/preload/contract/index.ts'
import { oneFrame, openTestDesktop, runIn, type TestDesktop } from '../../../../helpers/electron/desktop.ts'

let desktop: TestDesktop
let bridge: Bridge
/** Files that lie somewhere; a file that the page made has no path. */
const paths = new Map<File, string>()

/** The real preload, its ends joined to the fake Electron's. */
async function openBridge(): Promise<Bridge> {
  let exposed: Bridge | undefined
  let hear: ((event: unknown, events: unknown) => void) | undefined
  vi.doMock('electron', () => ({
    contextBridge: {
      exposeInMainWorld: (name: string, api: Bridge) => {
        expect(name).toBe('attune')
        exposed = api
      }
    },
    ipcRenderer: {
      invoke: (channel: string, argument: unknown) => desktop.fake.invoke(channel, structuredClone(argument)),
      on: (channel: string, listener: typeof hear) => {
        expect(channel).toBe('bridge:events')
        hear = listener
      }
    },
    webUtils: { getPathForFile: (file: File) => paths.get(file) ?? '' }
  }))
  await import('../../../../../src/preload/index.ts')
  desktop.window.webContents.send = (channel, events) => {
    expect(channel).toBe('bridge:events')
    hear?.({}, structuredClone(events))
  }
  if (!exposed) throw new Error('The preload exposed nothing.')
  return exposed
}

function fileAt(path: string): File {
  const file = new File([], 'letters.csv')
  paths.set(file, path)
  return file
}

beforeEach(async () => {
  desktop = await openTestDesktop()
  bridge = await openBridge()
})
afterEach(() => desktop.dispose())

describe('the bridge', () => {
  test('offers the page exactly what the contract says', () => {
    expect(Object.keys(bridge).sort()).toEqual([
      'call',
      'choose',
      'dataFolderOf',
      'fileOf',
      'folderOf',
      'on',
      'save',
      'savePdf',
      'shell'
    ])
    expect(bridge.shell).toBe('electron')
  })

  test('carries calls and their replies, and a fault of ours as a failure', async () => {
    expect(await bridge.call('data:list')).toEqual({ ok: true, value: ['letters'] })
    expect(await bridge.call('runs:start', {})).toMatchObject({ ok: false, error: { code: 'internal' } })
    expect(await bridge.call('runs:nothing')).toMatchObject({ ok: false, error: { code: 'shell-gone' } })
  })

  test.each(['bridge:mint', 'bridge:keep', 'bridge:events', 'toString', 'data:list:x', ''])(
    'does not call %s for the page',
    async (channel) => {
      expect(await bridge.call(channel, join(desktop.folder, 'window.json'))).toMatchObject({
        ok: false,
        error: { code: 'no-such-channel' }
      })
    }
  )

  test('carries events by the frame until they are no longer wanted', async () => {
    const heard: unknown[] = []
    const stop = bridge.on('runs:changed', (run) => heard.push(run))
    for (const step of [1, 2, 3]) desktop.events.emit(['runs:changed', runIn('running', 'r-1', step)])
    await oneFrame()
    expect(heard).toMatchObject([{ id: 'r-1', step: 3 }])
    stop()
    desktop.events.emit(['runs:changed', runIn('finished')])
    await oneFrame()
    expect(heard).toHaveLength(1)
  })

  test('carries what the menu asks for', () => {
    const heard: unknown[] = []
    bridge.on('menu:command', (command) => heard.push(command))
    const items = desktop.fake.menu.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []))
    const open = items.find(({ label }) => label === 'Open a table…')
    desktop.window.hide()
    open?.click?.({} as Electron.MenuItem, undefined, {}) // None of them is looked at.
    expect(heard).toEqual(['open-table'])
    expect(desktop.window.isShown).toBe(true)
  })
})

describe('files', () => {
  const table = (): string => join(desktop.folder, 'letters.csv')
  beforeEach(() => writeFile(table(), 'letter;urgency\n'))

  test('a dropped table becomes a handle, good for tables and for this load of the page', async () => {
    const handle = await bridge.fileOf(fileAt(table()))
    expect(handle).toMatch(/^f-[0-9a-f]{32}$/)
    expect(await bridge.call('data:open', handle)).toMatchObject({ ok: true })
    expect(desktop.asked).toMatchObject([{ file: { path: table(), name: 'letters.csv' } }])
    desktop.window.webContents.reload()
    expect(await bridge.call('data:open', handle)).toMatchObject({ ok: false, error: { code: 'file-gone' } })
  })

  test('nothing comes in or goes out while Attune is locked', async () => {
    desktop.locked.isLocked = true
    await expect(bridge.fileOf(fileAt(table()))).rejects.toThrow('Attune is locked')
    await expect(bridge.choose('table')).rejects.toThrow('Attune is locked')
    await expect(bridge.save('o-1', 'answers.csv')).rejects.toThrow('Attune is locked')
    expect(desktop.fake.argumentsOf('dialog.showOpenDialog')).toEqual([])
  })

  test('a dropped folder is for models alone', async () => {
    const handle = await bridge.fileOf(fileAt(desktop.folder))
    expect(await bridge.call('data:open', handle)).toMatchObject({ ok: false, error: { code: 'file-gone' } })
  })

  test('a link is followed before the handle is made', async () => {
    await symlink(table(), join(desktop.folder, 'link.csv'))
    const handle = await bridge.fileOf(fileAt(join(desktop.folder, 'link.csv')))
    await bridge.call('data:open', handle)
    expect(desktop.asked).toMatchObject([{ file: { path: table(), name: 'link.csv' } }])
  })

  test.skipIf(process.platform === 'win32')('a device is no table', async () => {
    await expect(bridge.fileOf(fileAt('/dev/null'))).rejects.toThrow(/^"null" is no file that Attune can open/)
  })

  test('a file that is gone is said in a sentence without its folder', async () => {
    const failed = bridge.fileOf(fileAt(join(desktop.folder, 'gone.csv')))
    await expect(failed).rejects.toThrow('"gone.csv" could not be opened: "gone.csv" does not exist. Check the path.')
  })

  test('what was pasted goes to quarantine under a name of ours', async () => {
    const handle = await bridge.fileOf(new File(['a\tb\n1\t2\n'], '../pasted.tsv'))
    await bridge.call('data:open', handle)
    const [kept = ''] = await readdir(join(desktop.folder, 'quarantine'))
    expect(kept).toMatch(/^[0-9a-f]{16}\.tsv$/)
    expect(await readFile(join(desktop.folder, 'quarantine', kept), 'utf8')).toBe('a\tb\n1\t2\n')
    expect(desktop.asked).toMatchObject([{ file: { name: 'pasted.tsv' } }])
  })

  test('the dialogs ask for what is wanted, and a closed one is no file', async () => {
    expect(await bridge.choose('table')).toBe(null)
    desktop.fake.answers.open = [table()]
    expect(await bridge.call('data:open', await bridge.choose('table'))).toMatchObject({ ok: true })
    await expect(bridge.choose('model-folder')).rejects.toThrow(/no file that Attune can open/)
    const asked = desktop.fake.argumentsOf('dialog.showOpenDialog').map(([options]) => options)
    expect(asked).toMatchObject([{ properties: ['openFile'] }, { properties: ['openFile'] }, { properties: ['openDirectory'] }])
    await expect(bridge.choose('everything' as 'table')).rejects.toThrow(/does not understand/)
  })
})

describe('saving', () => {
  const target = (): string => join(desktop.folder, 'saved', 'answers.csv')
  let removed = 0
  beforeEach(async () => {
    removed = 0
    const path = join(desktop.folder, 'outgoing')
    await writeFile(path, 'text,label\n')
    await mkdir(join(desktop.folder, 'saved'))
    desktop.waiting.set('o-1', {
      path,
      name: 'answers.csv',
      remove: async () => {
        removed++
      }
    })
  })

  test('copies the finished file to where the person wants it, whole', async () => {
    await writeFile(target(), 'older and longer than the new one')
    desktop.fake.answers.save = target()
    expect(await bridge.save('o-1', '../an:swers\u202e.csv')).toBe(true)
    expect(await readFile(target(), 'utf8')).toBe('text,label\n')
    expect(await readdir(join(desktop.folder, 'saved'))).toEqual(['answers.csv'])
    expect(removed).toBe(1)
    expect(desktop.fake.argumentsOf('dialog.showSaveDialog')).toMatchObject([[{ defaultPath: 'an_swers.csv' }]])
  })

  test('hands a report over to be printed as a PDF', async () => {
    await writeFile(join(desktop.folder, 'outgoing'), '<!doctype html><p>A report</p>')
    desktop.fake.answers.save = target()
    expect(await bridge.savePdf?.('o-1', 'answers.pdf')).toBe(true)
    expect(await readFile(target(), 'utf8')).toMatch(/^%PDF/)
  })

  test('a closed dialog saves nothing and spends no ticket', async () => {
    expect(await bridge.save('o-1', 'answers.csv')).toBe(false)
    expect([removed, await readdir(join(desktop.folder, 'saved'))]).toEqual([0, []])
  })

  test('a folder that is not there is said in a sentence, and the old file stays', async () => {
    await rm(join(desktop.folder, 'saved'), { recursive: true })
    desktop.fake.answers.save = target()
    await expect(bridge.save('o-1', 'answers.csv')).rejects.toThrow(/^"answers.csv" could not be saved/)
  })
})
