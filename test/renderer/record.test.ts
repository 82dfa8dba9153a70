import { beforeAll, describe, expect, test } from 'vitest'
import type { ProjectId, RunId } from '../../src/preload/contract/common.ts'
import { createApi } from '../../src/renderer/src/lib/api.ts'
import { writeFor } from '../../src/renderer/src/lib/format.ts'
import { Router } from '../../src/renderer/src/router.svelte.ts'
import { HomeState } from '../../src/renderer/src/screens/home/home.svelte.ts'
import { ProjectsState } from '../../src/renderer/src/screens/projects/projects.svelte.ts'
import { MarksState } from '../../src/renderer/src/screens/runs/marks/marks.svelte.ts'
import { RunFilter } from '../../src/renderer/src/screens/runs/run-filter.svelte.ts'
import { BinState } from '../../src/renderer/src/screens/settings/bin.svelte.ts'
import { LogState } from '../../src/renderer/src/screens/settings/log.svelte.ts'
import { AppState } from '../../src/renderer/src/state/app.svelte.ts'
import { placeName } from '../../src/renderer/src/state/place-name.ts'
import type { Preferences } from '../../src/renderer/src/state/preferences.svelte.ts'
import { makeFakeBridge } from '../helpers/fake-bridge/index.ts'

beforeAll(() => writeFor('en-GB'))

/** The page's state over the fake, its lists read. */
async function opened(): Promise<AppState> {
  const preferences = { follow: () => () => undefined } as unknown as Preferences // Nothing here looks like anything.
  const app = new AppState(createApi(makeFakeBridge({ filled: true, beat: 0 })), new Router(), preferences)
  app.follow()
  await Promise.all([app.projects.load(), app.runs.load(), app.datasets.load()])
  return app
}

const settled = (): Promise<void> => new Promise((done) => setTimeout(done, 20))

describe('projects on the screens', () => {
  test('stand on Home with the run that is at work in them, and in the top bar of their data and runs', async () => {
    const app = await opened()
    const home = new HomeState(app)
    expect(home.continued.map(({ project, run, href }) => [project.name, run?.id, href])).toEqual([
      ['Clinical letters by urgency', 'r5', '#/runs/r5'],
      ['referrals-2026', undefined, '#/data/own']
    ])
    expect(placeName({ screen: 'runs', rest: ['r3'] }, app)).toBe('Clinical letters by urgency › Urgency v3')
  })

  test('say what their models are for; one that the address names is chosen at first', async () => {
    const projects = new ProjectsState(await opened(), 'p-own')
    expect(projects.picked?.purpose).toBe('inside')
    expect(await projects.setPurpose('p-own' as ProjectId, 'commercial')).toBe(true)
    await settled()
    expect(projects.picked?.purpose).toBe('commercial')
    expect(await projects.setPurpose('p-own' as ProjectId, 'profit')).toBe(false)
  })

  test('are found by name and note, renamed, discarded and taken back', async () => {
    const app = await opened()
    const projects = new ProjectsState(app)
    projects.query = 'second clinic'
    expect(projects.found.map(({ name }) => name)).toEqual(['referrals-2026'])
    await projects.rename('p-own' as ProjectId, '  Referrals ')
    await settled()
    expect(projects.found[0]?.name).toBe('Referrals')
    await projects.discard(projects.found[0]!)
    await settled()
    expect(projects.found).toEqual([])
    expect(await app.undo()).toBe(true)
    await settled()
    expect(projects.found.map(({ name }) => name)).toEqual(['Referrals'])
    expect(await app.undo()).toBe(false)
  })
})

describe('the bin on its screen', () => {
  test('has a discarded run until it is put back', async () => {
    const app = await opened()
    const bin = new BinState(app)
    bin.follow()
    await app.api.runs.discard('r3' as RunId)
    await settled()
    const entry = bin.entries.value!.find(({ id }) => id === 'r3')!
    expect([entry.kind, entry.project]).toEqual(['run', 'Clinical letters by urgency'])
    expect(app.runs.value!.some(({ id }) => id === 'r3')).toBe(false)
    await bin.restore(entry)
    await settled()
    expect(bin.entries.value!.some(({ id }) => id === 'r3')).toBe(false)
    expect(app.runs.value!.some(({ id }) => id === 'r3')).toBe(true)
  })
})

describe('tags and notes', () => {
  test('narrow the runs by tag and by any word of name, data, tag and note', async () => {
    const app = await opened()
    const marks = new MarksState(app, 'r3' as RunId)
    marks.fresh = ' ward '
    await marks.add([])
    await marks.note('Better with whole letters')
    const filter = new RunFilter()
    const found = (): string[] => filter.found(app.runs.value!).map(({ id }) => id)
    expect(filter.tagsOf(app.runs.value!)).toEqual(['ward'])
    filter.tag = 'ward'
    expect(found()).toEqual(['r3'])
    filter.tag = ''
    filter.query = 'WHOLE urgency'
    expect(found()).toEqual(['r3'])
    filter.query = 'urgency nowhere'
    expect(found()).toEqual([])
    await marks.remove(['ward'], 'ward')
    expect(filter.tagsOf(app.runs.value!)).toEqual([])
  })
})

describe('the record', () => {
  test('is read once for each page that is looked at', async () => {
    const bridge = makeFakeBridge({ filled: true, beat: 0 })
    const asked: unknown[] = []
    const call: typeof bridge.call = (channel, argument) => {
      if (channel === 'record:log') asked.push(argument)
      return bridge.call(channel, argument)
    }
    const log = new LogState(createApi({ ...bridge, call }).record)
    await log.show(0, 40)
    await log.show(10, 60)
    expect(asked).toEqual([{ from: 0, count: 200 }])
    expect([log.total, log.line(0)?.event, log.line(199)]).toEqual([5, 'run-ended', undefined])
  })
})
