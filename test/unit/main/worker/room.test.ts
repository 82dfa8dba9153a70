import { expect, test } from 'vitest'
import type { CardReading } from '../../../../src/main/engine/runtime/index.ts'
import { roomHere } from '../../../../src/main/worker/room.ts'

const free = () => Promise.resolve({ bytes: 3e9, bound: 'machine' } as const)
const card: CardReading = { name: null, memory: { total: 80e9, free: 5e9 }, busy: null, joules: null, watts: null }

test('says what a run may yet take of each memory that it needs', async () => {
  const of = (provider: 'cpu' | 'cuda', limit: number | null, look: CardReading | null = card) =>
    roomHere({ provider, limit, free, own: () => 400e6, lookAtCard: () => Promise.resolve(look) }).read()
  const machine = { what: 'machine', left: 3e9 }
  expect(await of('cpu', null)).toEqual([machine])
  expect(await of('cpu', 600e6)).toEqual([machine, { what: 'limit', left: 200e6 }])
  expect(await of('cuda', null)).toEqual([machine, { what: 'card', left: 5e9 }])
  expect(await of('cuda', null, null)).toEqual([machine])
})

test('of this very machine it says something', async () => {
  const rooms = await roomHere({ provider: 'cpu', limit: 1e15 }).read()
  expect(rooms.every(({ left }) => left > 0)).toBe(true)
})
