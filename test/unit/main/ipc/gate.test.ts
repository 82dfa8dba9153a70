import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Caller } from '../../../../src/main/ipc/define.ts'
import { Events, type AppEvent } from '../../../../src/main/ipc/events.ts'
import { gate } from '../../../../src/main/ipc/gate.ts'
import { answeredWhileLocked } from '../../../../src/main/ipc/routes/vault.ts'

const caller = { fileOf: () => ({ path: '', name: '' }) } as Caller
const answer = async (channel: string): Promise<{ ok: true; value: string }> => ({ ok: true, value: channel })
const asked: string[] = []
const inside = async (channel: string): Promise<{ ok: true; value: string }> => {
  asked.push(channel)
  return answer(channel)
}
const make = (isLocked: boolean, isOpen = true) =>
  gate({
    vault: answer,
    inside: () => (isOpen ? inside : null),
    isLocked: () => isLocked,
    channels: [],
    answered: answeredWhileLocked
  })

describe('the gate', () => {
  test('lets nothing through while Attune is locked but what says so and what unlocks it', async () => {
    const open = ['vault:status', 'vault:unlock', 'vault:lock', 'vault:quit']
    const known = [
      'runs:list',
      'data:list',
      'app:facts',
      'models:list',
      'vault:protect',
      'vault:newRecoveryKey',
      'vault:changePassphrase',
      'vault:setAutoLock'
    ]
    const channel = fc
      .oneof(
        fc.constantFrom(...known),
        fc.string(),
        fc.constantFrom(...open).map((name) => `${name} `)
      )
      .filter((name) => !open.includes(name))
    await fc.assert(
      fc.asyncProperty(channel, async (name) => {
        expect(await make(true)(name, {}, caller)).toMatchObject({ ok: false, error: { code: 'locked' } })
      })
    )
    expect(asked).toEqual([])
    for (const name of open) expect(await make(true)(name, {}, caller)).toEqual({ ok: true, value: name })
  })

  test('passes everything on while Attune is open, and refuses where nothing was opened yet', async () => {
    expect(await make(false)('runs:list', {}, caller)).toEqual({ ok: true, value: 'runs:list' })
    expect(await make(false)('vault:protect', {}, caller)).toEqual({ ok: true, value: 'vault:protect' })
    expect(await make(false, false)('runs:list', {}, caller)).toMatchObject({ ok: false, error: { code: 'locked' } })
  })
})

test('events with names wait behind the lock, even those that were on their way', async () => {
  const events = new Events()
  const heard: AppEvent[] = []
  events.subscribe((news) => heard.push(...news))
  const gone = { id: 'r-1' } as Extract<AppEvent, readonly ['runs:removed', unknown]>[1]
  const status = { state: 'locked' } as Extract<AppEvent, readonly ['vault:changed', unknown]>[1]
  events.emit(['runs:removed', gone])
  events.hush(true)
  events.emit(['runs:removed', gone])
  events.emit(['vault:changed', status])
  await new Promise((done) => setTimeout(done, 60))
  expect(heard).toEqual([['vault:changed', status]])
  events.hush(false)
  events.emit(['runs:removed', gone])
  await new Promise((done) => setTimeout(done, 60))
  expect(heard.map(([channel]) => channel)).toEqual(['vault:changed', 'runs:removed'])
  events.dispose()
})
