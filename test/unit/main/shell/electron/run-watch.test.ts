import { afterEach, expect, test, vi } from 'vitest'
import type { RunSummary } from '../../../../../src/preload/contract/runs.ts'
import { oneFrame, openTestDesktop, runIn, type TestDesktop } from '../../../../helpers/electron/desktop.ts'

let desktop: TestDesktop
afterEach(() => desktop.dispose())

async function tell(...states: readonly RunSummary['state'][]): Promise<void> {
  for (const state of states) {
    desktop.events.emit(['runs:changed', runIn(state, 'r-1', 10)])
    await oneFrame()
  }
}
const isAwake = (): boolean => desktop.fake.blocked.size > 0
const said = (): readonly (string | undefined)[] => desktop.fake.notifications.map(({ options }) => options.body)

test('keeps the machine awake exactly while a run is under way', async () => {
  desktop = await openTestDesktop()
  await tell('queued')
  expect(isAwake()).toBe(false)
  await tell('preparing')
  expect(isAwake()).toBe(true)
  await tell('running', 'testing')
  expect(desktop.fake.argumentsOf('powerSaveBlocker.start')).toEqual([['prevent-app-suspension']])
  await tell('paused')
  expect(isAwake()).toBe(false)
  await tell('running')
  expect(isAwake()).toBe(true)
  desktop.events.emit(['runs:removed', { id: runIn('running').id }])
  await oneFrame()
  expect(isAwake()).toBe(false)
})

test('a run that was under way when Attune opened keeps it awake, too', async () => {
  desktop = await openTestDesktop([runIn('running')])
  expect(isAwake()).toBe(true)
})

test('shows how far it is, and takes that away at the end', async () => {
  desktop = await openTestDesktop()
  await tell('running')
  expect(desktop.window.progress).toBe(0.25)
  await tell('finished')
  expect(desktop.window.progress).toBe(-1)
})

test('says that a run has ended, in words that name nothing', async () => {
  desktop = await openTestDesktop()
  await tell('running', 'finished')
  await tell('running', 'failed')
  expect(said()).toEqual(['A run has finished. Its result is ready.', 'A run has stopped early. Attune says what happened.'])
  expect(JSON.stringify(desktop.fake.notifications.map(({ options }) => options))).not.toMatch(/Secret|letters|r-1/)
  desktop.window.hide()
  desktop.fake.notifications[0]?.events.emit('click')
  expect(desktop.window.isShown).toBe(true)
})

test('says nothing to whoever is looking, has stopped it, or waits for the next', async () => {
  desktop = await openTestDesktop()
  desktop.window.focus()
  await tell('running', 'finished')
  desktop.window.blur()
  await tell('running', 'paused', 'running', 'stopped')
  desktop.events.emit(['runs:changed', runIn('queued', 'r-2')])
  await tell('running', 'finished')
  expect(said()).toEqual([])
})

test('notices the end of a run of which no event tells, as while Attune is locked', async () => {
  desktop = await openTestDesktop([runIn('running')])
  desktop.known.set('r-1', runIn('finished'))
  desktop.window.close()
  await oneFrame()
  expect(desktop.fake.argumentsOf('dialog.showMessageBox')).toEqual([])
  expect(said()).toEqual(['A run has finished. Its result is ready.'])
  expect(desktop.closed.isClosed).toBe(true)
})

test('looks at the runs now and then while one is under way', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  try {
    desktop = await openTestDesktop([runIn('running')])
    desktop.known.set('r-1', runIn('finished'))
    vi.advanceTimersByTime(5000)
    expect(isAwake()).toBe(false)
    expect(vi.getTimerCount()).toBe(0)
  } finally {
    vi.useRealTimers()
  }
})

test('tells whoever locks that the machine sleeps or its screen is locked', async () => {
  desktop = await openTestDesktop()
  let times = 0
  desktop.suspended.on('suspend', () => times++)
  desktop.fake.power.emit('suspend')
  desktop.fake.power.emit('lock-screen')
  desktop.fake.power.emit('resume')
  expect(times).toBe(2)
})
