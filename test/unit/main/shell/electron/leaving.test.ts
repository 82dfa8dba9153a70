import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { oneFrame, openTestDesktop, runIn, type TestDesktop } from '../../../../helpers/electron/desktop.ts'

const KEEP = 0
const STOP = 1
const CANCEL = 2

let desktop: TestDesktop
const asked = (): number => desktop.fake.argumentsOf('dialog.showMessageBox').length
const hasQuit = (): boolean => desktop.fake.names.includes('quitted')
/** Long enough for what is written as the window closes. */
const settled = (): Promise<void> => new Promise((done) => setTimeout(done, 100))
afterEach(() => desktop.dispose())

describe('with nothing in training', () => {
  beforeEach(async () => {
    desktop = await openTestDesktop([runIn('finished'), runIn('queued', 'r-2')])
  })

  test('closing the window closes Attune, which lets go of the data folder first', async () => {
    let free = (): void => undefined
    desktop.closed.wait = new Promise((done) => (free = done))
    desktop.window.close()
    await settled()
    expect(desktop.window.isClosed).toBe(false)
    expect(hasQuit()).toBe(false)
    free()
    await settled()
    expect(asked()).toBe(0)
    expect(desktop.closed.isClosed).toBe(true)
    expect(hasQuit()).toBe(true)
    desktop.window.close()
    expect(desktop.window.isClosed).toBe(true)
  })

  test('quitting twice closes once', async () => {
    const { app } = desktop.fake.module
    app.quit()
    app.quit()
    await settled()
    expect(desktop.fake.names.filter((name) => name === 'quitted')).toHaveLength(1)
  })
})

describe('while a run trains', () => {
  beforeEach(async () => {
    desktop = await openTestDesktop([runIn('running')])
  })

  test('asks once, with what each answer means and without naming the run', async () => {
    desktop.fake.answers.message = CANCEL
    desktop.window.close()
    desktop.fake.module.app.quit()
    await settled()
    expect(asked()).toBe(1)
    const [[question] = []] = desktop.fake.argumentsOf('dialog.showMessageBox')
    expect(question).toMatchObject({
      buttons: ['Keep training in the background', 'Stop at a checkpoint', 'Cancel'],
      cancelId: 2
    })
    expect(JSON.stringify(question)).not.toMatch(/Secret|letters/)
  })

  test('Cancel leaves everything as it is, and asks again the next time', async () => {
    desktop.fake.answers.message = CANCEL
    desktop.window.close()
    await settled()
    expect([desktop.window.isShown, desktop.closed.isUnseen, desktop.closed.isClosed, hasQuit()]).toEqual([
      true,
      false,
      false,
      false
    ])
    desktop.window.close()
    await settled()
    expect(asked()).toBe(2)
  })

  test('Stop waits for the checkpoint', async () => {
    let written = (): void => undefined
    desktop.closed.wait = new Promise((done) => (written = done))
    desktop.fake.answers.message = STOP
    desktop.window.close()
    await settled()
    expect([desktop.window.isShown, hasQuit()]).toEqual([false, false])
    written()
    await settled()
    expect([desktop.closed.isClosed, hasQuit()]).toEqual([true, true])
  })

  test('Keep hides the window, trains on, and ends once nothing is left to train', async () => {
    desktop.fake.answers.message = KEEP
    desktop.window.close()
    await settled()
    expect([desktop.window.isShown, desktop.closed.isClosed, hasQuit()]).toEqual([false, false, false])
    // What answers other programs ends with the window, not with the training.
    expect(desktop.closed.isUnseen).toBe(true)
    desktop.events.emit(['runs:changed', runIn('queued', 'r-2')])
    desktop.events.emit(['runs:changed', runIn('finished')])
    await oneFrame()
    expect(hasQuit()).toBe(false)
    desktop.events.emit(['runs:changed', runIn('running', 'r-2')])
    await oneFrame()
    desktop.events.emit(['runs:changed', runIn('finished', 'r-2')])
    await vi.waitFor(() => expect([desktop.closed.isClosed, hasQuit()]).toEqual([true, true]))
  })

  test('a second start brings the hidden window back, and Attune stays when the run ends', async () => {
    desktop.fake.answers.message = KEEP
    desktop.window.close()
    await settled()
    desktop.fake.app.emit('second-instance', {}, [], '')
    expect(desktop.window.isShown).toBe(true)
    desktop.events.emit(['runs:changed', runIn('finished')])
    await oneFrame()
    expect(hasQuit()).toBe(false)
  })

  test('a run that ends while the question stands does not keep a closed window waiting', async () => {
    desktop.fake.answers.message = KEEP
    desktop.events.emit(['runs:changed', runIn('finished')])
    desktop.window.close()
    await vi.waitFor(() => expect(hasQuit()).toBe(true))
  })

  test('nobody is asked while the machine shuts down', async () => {
    desktop.fake.power.emit('shutdown')
    await settled()
    expect([asked(), desktop.closed.isClosed, hasQuit()]).toEqual([0, true, true])
  })

  test('a fault while closing is written down and does not keep Attune open', async () => {
    desktop.closed.wait = Promise.reject(new Error('disk is gone'))
    desktop.fake.answers.message = STOP
    desktop.window.close()
    await settled()
    expect(desktop.log.join()).toContain('disk is gone')
    expect(hasQuit()).toBe(true)
  })
})

describe('a page that crashes', () => {
  beforeEach(async () => {
    desktop = await openTestDesktop([runIn('running')])
  })
  const crash = (reason = 'crashed'): boolean =>
    desktop.window.webContents.emit('render-process-gone', {}, { reason, exitCode: 1 })
  const reloads = (): number => desktop.fake.names.filter((name) => name === 'contents.reload').length

  test('is loaded again while the run goes on', async () => {
    crash()
    await settled()
    expect(reloads()).toBe(1)
    expect([desktop.closed.isClosed, asked(), hasQuit()]).toEqual([false, 0, false])
    crash('clean-exit')
    expect(reloads()).toBe(1)
  })

  test('again and again is not loaded for ever', async () => {
    desktop.fake.answers.message = 0
    for (let n = 0; n < 3; n++) crash('oom')
    expect([reloads(), asked()]).toEqual([3, 0])
    crash('oom')
    await settled()
    expect(asked()).toBe(1)
    expect(reloads()).toBe(4)
  })
})
