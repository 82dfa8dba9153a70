import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { openTestDesktop, type TestDesktop } from '../../../../helpers/electron/desktop.ts'

let desktop: TestDesktop
afterEach(() => desktop.dispose())

const SMALL = { x: 0, y: 0, width: 1366, height: 728 }
const SECOND = { x: 1366, y: -200, width: 1920, height: 1040 }

async function openWith(state: unknown, screens = [SMALL]): Promise<void> {
  desktop = await openTestDesktop([], false, async (folder, fake) => {
    fake.screens = screens
    await writeFile(join(folder, 'window.json'), typeof state === 'string' ? state : JSON.stringify(state))
  })
}

const written = async (): Promise<unknown> => JSON.parse(await readFile(join(desktop.folder, 'window.json'), 'utf8'))
const place = (): unknown => {
  const { x, y, width, height } = desktop.window.options
  return { x, y, width, height }
}
const CENTRED = { x: undefined, y: undefined, width: 1280, height: 800 }

describe('the window opens', () => {
  test('in the middle the first time, and is shown once there is something to see', async () => {
    desktop = await openTestDesktop()
    expect(place()).toEqual(CENTRED)
    expect([desktop.window.options.show, desktop.window.isShown, desktop.window.isMaximised]).toEqual([false, true, false])
  })

  test('where it was, as large and as enlarged as it was', async () => {
    const bounds = { x: 100, y: 40, width: 1000, height: 600 }
    await openWith({ bounds, isMaximised: false, zoom: 1.5 })
    expect(place()).toEqual(bounds)
    expect([desktop.window.isMaximised, desktop.window.webContents.zoom]).toEqual([false, 1.5])
  })

  test('maximised, with the place that it goes back to', async () => {
    const bounds = { x: 1400, y: -100, width: 1000, height: 600 }
    await openWith({ bounds, isMaximised: true, zoom: 0 }, [SMALL, SECOND])
    expect([place(), desktop.window.isMaximised, desktop.window.isShown]).toEqual([bounds, true, true])
    const { names } = desktop.fake
    expect(names.indexOf('window.maximize')).toBeGreaterThan(names.indexOf('window.loadURL'))
  })

  test('in the middle where its screen is gone, still maximised and enlarged', async () => {
    await openWith({ bounds: { x: 1400, y: -100, width: 1000, height: 600 }, isMaximised: true, zoom: 1 })
    expect([place(), desktop.window.isMaximised, desktop.window.webContents.zoom]).toEqual([CENTRED, true, 1])
  })

  test('no larger than the screen that shows most of it, and no smaller than its least', async () => {
    await openWith({ bounds: { x: 0, y: 0, width: 3000, height: 2000 }, isMaximised: false, zoom: 0 })
    expect(place()).toEqual(SMALL)
    await desktop.dispose()
    await openWith({ bounds: { x: 1300, y: 0, width: 1920, height: 1040 }, isMaximised: false, zoom: 0 }, [SMALL, SECOND])
    expect(place()).toEqual({ x: 1300, y: 0, width: 1920, height: 1040 })
    await desktop.dispose()
    await openWith({ bounds: { x: 0, y: 0, width: 10, height: 10 }, isMaximised: false, zoom: 0 }, [SMALL])
    expect(place()).toEqual(CENTRED)
    await desktop.dispose()
    await openWith({ bounds: { x: 0, y: 0, width: 200, height: 10 }, isMaximised: false, zoom: 0 }, [SMALL])
    expect(place()).toEqual({ x: 0, y: 0, width: 800, height: 560 })
  })

  test.each([
    ['with its title bar above the screen', { x: 0, y: -30, width: 1000, height: 600 }],
    ['with its title bar below the screen', { x: 0, y: 700, width: 1000, height: 600 }],
    ['with a sliver at the side', { x: 1300, y: 0, width: 1000, height: 600 }]
  ])('in the middle where it could not be taken hold of: %s', async (_what, bounds) => {
    await openWith({ bounds, isMaximised: false, zoom: 0 })
    expect(place()).toEqual(CENTRED)
  })

  test.each(['', '{', 'null', '[]', '{"bounds":{}}', '{"bounds":{"x":"1","y":0,"width":9,"height":9}}'])(
    'as the first time where what was written is %s',
    async (text) => {
      await openWith(text)
      expect(place()).toEqual(CENTRED)
    }
  )

  test('with a zoom that Electron has, whatever was written', async () => {
    await openWith({ bounds: { x: 0, y: 0, width: 1000, height: 600 }, isMaximised: false, zoom: 1e9 })
    expect(desktop.window.webContents.zoom).toBe(6)
  })
})

describe('the place of the window is written', () => {
  test('once it has been left alone for a while, not at every step of a move', async () => {
    desktop = await openTestDesktop()
    for (let x = 0; x < 20; x++) {
      desktop.window.bounds = { x, y: 10, width: 900, height: 600 }
      desktop.window.emit('move')
    }
    await expect(written()).rejects.toThrow('ENOENT')
    await vi.waitFor(
      async () => expect(await written()).toMatchObject({ bounds: { x: 19, y: 10, width: 900, height: 600 } }),
      3000
    )
  })

  test('before Attune ends, with the zoom of its page', async () => {
    desktop = await openTestDesktop()
    desktop.window.webContents.zoom = -1
    desktop.window.isMaximised = true
    desktop.closed.wait = new Promise((done) => setTimeout(done, 50))
    desktop.fake.module.app.quit()
    await vi.waitFor(() => expect(desktop.closed.isClosed).toBe(true))
    expect(await written()).toEqual({ bounds: { x: 40, y: 30, width: 1200, height: 700 }, isMaximised: true, zoom: -1 })
  })

  test('one after another, the last one last', async () => {
    desktop = await openTestDesktop()
    for (const x of [1, 2, 3]) {
      desktop.window.bounds = { x, y: 0, width: 900, height: 600 }
      desktop.window.emit('close', { preventDefault: () => undefined })
    }
    await vi.waitFor(async () => expect(await written()).toMatchObject({ bounds: { x: 3 } }))
    expect(desktop.log).toEqual([])
  })

  test('or the reason why not is noted, and Attune goes on', async () => {
    desktop = await openTestDesktop()
    const { folder } = desktop
    await rm(folder, { recursive: true })
    desktop.window.emit('close', { preventDefault: () => undefined })
    await vi.waitFor(() => expect(desktop.log.join()).toContain("the window's place was not written"))
  })
})
