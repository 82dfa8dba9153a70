import { csvOf, fileNameOf } from '../../src/renderer/src/lib/save-chart.ts'
import { beforeAll, describe, expect, test } from 'vitest'
import { AttuneError, createApi } from '../../src/renderer/src/lib/api.ts'
import {
  bytes,
  clock,
  count,
  day,
  decimal,
  duration,
  englishOf,
  list,
  moment,
  percent,
  plural,
  setting,
  significant,
  writeFor
} from '../../src/renderer/src/lib/format.ts'
import { Resource } from '../../src/renderer/src/lib/resource.svelte.ts'
import { pseudo, words } from '../../src/renderer/src/lib/words/index.ts'
import { makeFakeBridge } from '../helpers/fake-bridge/index.ts'

beforeAll(() => writeFor('en-GB'))

test('takes the English of the computer, and survives names of languages that are none', () => {
  expect(englishOf('en-US')).toBe('en-US')
  expect(englishOf('de-DE')).toBe('en-GB')
  // What Chromium says where the system's locale is POSIX.
  expect(englishOf('en-US@posix')).toBe('en-GB')
  expect(englishOf('')).toBe('en-GB')
})

test('numbers, dates and lists are written as the locale does that was said last', () => {
  const said = (): readonly string[] => [
    ...[count(1234.5), decimal(1.5), decimal(1.5, 1), significant(1234.5), bytes(1.5e9), list(['a', 'b', 'c'])],
    ...[day, moment, clock].map((write) => write('2026-03-01T15:04:05'))
  ]
  const british = ['1,234.5', '1.50', '1.5', '1,230', '1.5 GB', 'a, b and c', '1 Mar 2026', '1 Mar, 15:04', '15:04:05']
  expect(said()).toEqual(british)
  writeFor('de')
  expect(said()).toEqual([
    '1.234,5',
    '1,50',
    '1,5',
    '1.230',
    '1,5 GB',
    'a, b und c',
    '1. März 2026',
    '1. März, 15:04',
    '15:04:05'
  ])
  writeFor('en-GB')
  expect(said()).toEqual(british)
})

describe('the client', () => {
  test('unwraps what main answers', async () => {
    const api = createApi(makeFakeBridge())
    expect((await api.data.samples()).map(({ id }) => id)).toEqual([
      'letters',
      'clauses',
      'satisfaction',
      'marked-letters',
      'marked-contracts',
      'contract-questions'
    ])
  })

  test('throws what failed, with its code and details', async () => {
    const api = createApi(makeFakeBridge({ failing: { 'data:list': 'The list is gone.' } }))
    const failure = await api.data.list().catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(AttuneError)
    expect(failure).toMatchObject({ code: 'fake.failure', message: 'The list is gone.', detail: 'data:list was told to fail' })
  })

  test('hears events until it is told to stop', async () => {
    const api = createApi(makeFakeBridge({ filled: true, beat: 0 }))
    const heard: string[] = []
    const stop = api.runs.on('changed', ({ name }) => void heard.push(name))
    const [run] = await api.runs.list()
    await api.runs.rename({ id: run!.id, name: 'A' })
    stop()
    await api.runs.rename({ id: run!.id, name: 'B' })
    expect(heard).toEqual(['A'])
  })
})

describe('a resource', () => {
  test('keeps the newest reading when an older one arrives late', async () => {
    const answers: ((value: number) => void)[] = []
    const resource = new Resource(() => new Promise<number>((resolve) => void answers.push(resolve)))
    const [first, second] = [resource.load(), resource.load()]
    answers[1]!(2)
    answers[0]!(1)
    await Promise.all([first, second])
    expect(resource.value).toBe(2)
    expect(resource.reading).toBe(false)
  })

  test('forgets a failure once it can be read', async () => {
    let fails = true
    const resource = new Resource(async () => {
      if (fails) throw new Error('no')
      return 1
    })
    await resource.load()
    expect(resource.failure?.message).toBe('no')
    fails = false
    await resource.load()
    expect([resource.value, resource.failure]).toEqual([1, null])
  })
})

describe('numbers', () => {
  test.each([
    [bytes(5_347_656), '5 MB'],
    [bytes(1_940_000_000), '1.9 GB'],
    [bytes(0), '0 B'],
    [duration(40), '40 s'],
    [duration(720), '12 min'],
    [duration(4800), '1 h 20 min'],
    [percent(0.848), '85\u00a0%'],
    [significant(0.00012), '1.2e-4'],
    [significant(0.4789), '0.479'],
    [plural(1, 'row', 'rows'), '1 row'],
    [plural(1051, 'row', 'rows'), '1,051 rows'],
    [setting(0.0003), '3e-4'],
    [setting(false), 'false'],
    [setting(null), '–']
  ])('%s is %s', (written, wanted) => {
    expect(written).toBe(wanted)
  })
})

test('the pseudo-language is four tenths longer in every string, also in those that are functions', () => {
  const strange = pseudo(words)
  expect(strange.home.sort).toBe('Sórt dócúménts······')
  expect(strange.common.rows(3)).toBe('3 róws···')
  expect(Object.keys(strange)).toEqual(Object.keys(words))
})

describe('the numbers of a chart', () => {
  test('are written as CSV, and nothing in them is a formula', () => {
    const table = {
      columns: ['class', 'a, "b"'],
      rows: [
        ['=1+1', 0.5],
        ['-x', null]
      ]
    }
    expect(csvOf(table)).toBe('class,"a, ""b"""\r\n\'=1+1,0.5\r\n\'-x,\r\n')
  })

  test('go into a file that is named after the chart', () => {
    expect(fileNameOf('What a threshold for “urgent” comes to', 'csv')).toBe('what-a-threshold-for-urgent-comes-to.csv')
    expect(fileNameOf('…', 'png')).toBe('chart.png')
  })
})
