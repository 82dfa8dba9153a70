import { describe, expect, test } from 'vitest'
import { InputError } from '../../../../src/main/base/errors.ts'
import type { Caller } from '../../../../src/main/ipc/define.ts'
import { makeDispatch } from '../../../../src/main/ipc/dispatch.ts'
import { Events, type AppEvent } from '../../../../src/main/ipc/events.ts'
import {
  answerRequest,
  datasetId,
  fileHandle,
  renameRequest,
  rolesRequest,
  rowsRequest,
  runDraft,
  runId
} from '../../../../src/main/ipc/parse.ts'
import type { RunId } from '../../../../src/preload/contract/common.ts'

const caller: Caller = {
  fileOf: () => {
    throw new InputError('file-gone', 'gone')
  }
}

describe('a call', () => {
  const logged: string[] = []
  const dispatch = makeDispatch(
    {
      data: {
        get: (argument) => `got ${String(argument)}`,
        nothing: () => undefined,
        refused: () => {
          throw new InputError('dataset-gone', 'This data set is no longer there.')
        },
        broken: () => {
          throw new TypeError('x is not a function')
        }
      }
    },
    (line) => logged.push(line)
  )

  test('reaches its method and comes back as a reply', async () => {
    expect(await dispatch('data:get', 'd-1', caller)).toEqual({ ok: true, value: 'got d-1' })
    expect(await dispatch('data:nothing', undefined, caller)).toEqual({ ok: true, value: null })
  })

  test('that the person can mend says so in its own words; a bug of ours says one sentence and is logged', async () => {
    const refused = await dispatch('data:refused', undefined, caller)
    expect(refused).toMatchObject({ ok: false, error: { code: 'dataset-gone', message: 'This data set is no longer there.' } })
    const broken = await dispatch('data:broken', undefined, caller)
    expect(broken).toMatchObject({
      ok: false,
      error: { code: 'internal', message: expect.stringMatching(/^Something went wrong/) }
    })
    expect(logged).toEqual([expect.stringContaining('x is not a function')])
  })

  test('of what is not in the contract is refused', async () => {
    for (const channel of [
      'data:constructor',
      'data:toString',
      'nope:get',
      'data',
      '',
      'data:get:x',
      '__proto__:get',
      'constructor:name'
    ])
      expect(await dispatch(channel, undefined, caller)).toMatchObject({ ok: false, error: { code: 'no-such-channel' } })
  })
})

describe('what a page sends', () => {
  test('is an id of the right kind, and never a path', () => {
    expect(datasetId('d-0123abc')).toBe('d-0123abc')
    for (const bad of ['r-1', 'd-', 'd-../x', 'd-A', 'd-1\n', 'd-1/2', 7, null, undefined, {}, `d-${'a'.repeat(65)}`])
      expect(() => datasetId(bad)).toThrow('The page asked for something')
    expect(() => runId('d-1')).toThrow(InputError)
    expect(() => fileHandle('/etc/passwd')).toThrow(InputError)
  })

  test('has every field, no other, and within its bounds', () => {
    expect(() => rowsRequest({ id: 'd-1', from: 0, count: 1001 })).toThrow(InputError)
    expect(() => rowsRequest({ id: 'd-1', from: -1, count: 1 })).toThrow(InputError)
    expect(() => rowsRequest({ id: 'd-1', from: 0.5, count: 1 })).toThrow(InputError)
    expect(() => renameRequest({ id: 'r-1', name: '  ' })).toThrow(InputError)
    expect(() => answerRequest({ id: 'r-1', texts: [] })).toThrow(InputError)
    expect(() => rolesRequest({ id: 'd-1', roles: { task: 'masked-lm' } })).toThrow(InputError)
    const draft = { dataset: 'd-1', model: 'm-1', thoroughness: 2, changed: {}, mustNotMiss: null, quietly: false, name: null }
    expect(runDraft(draft)).toEqual(draft)
    for (const bad of [
      { ...draft, thoroughness: 5 },
      { ...draft, extra: 1 },
      { ...draft, changed: { 'a b': 1 } },
      { ...draft, changed: { a: [] } }
    ])
      expect(() => runDraft(bad)).toThrow(InputError)
  })
})

describe('events', () => {
  const series = (...step: number[]): { step: number[]; value: number[] } => ({ step, value: step })
  const curves = (id: string, ...step: number[]): AppEvent => [
    'runs:curves',
    { id: id as RunId, loss: series(...step), learningRate: series(), memory: series(), speed: series(), evaluations: [] }
  ]

  test('of one frame arrive together: the newest state of each run, all points of its curve', async () => {
    const events = new Events()
    const heard: (readonly AppEvent[])[] = []
    const stop = events.subscribe((frame) => heard.push(frame))
    const reading = (done: number): AppEvent => ['data:reading', { name: 'a', phase: 'reading', done, total: 0 }]
    for (const event of [reading(1), curves('r-1', 1), curves('r-2', 7), reading(2), curves('r-1', 2, 3)]) events.emit(event)
    await new Promise((done) => setTimeout(done, 60))
    expect(heard).toEqual([[reading(2), curves('r-1', 1, 2, 3), curves('r-2', 7)]])
    stop()
    events.emit(reading(3))
    await new Promise((done) => setTimeout(done, 60))
    expect(heard).toHaveLength(1)
    events.dispose()
  })
})
