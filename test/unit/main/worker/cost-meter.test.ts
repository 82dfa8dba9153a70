import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CardReading } from '../../../../src/main/engine/runtime/index.ts'
import type { TrainingEvent } from '../../../../src/main/engine/training/ports.ts'
import { CostMeter, type CostEvent } from '../../../../src/main/worker/cost-meter.ts'
import { UNKNOWN, type Machine } from '../../../../src/main/devices/machine.ts'

const machine: Machine = {
  ...UNKNOWN,
  devices: {
    cpu: {
      ...{ at: '2026-11-25T10:00:00.000Z', status: 'ready', device: 'CPU, 2 threads', threads: 2 },
      ...{ rate: 200e9, latency: 1e-5, memory: null, card: null }
    }
  },
  gridIntensity: 380
}

const step = (at: number, ownBytes: number): TrainingEvent => ({
  ...{ event: 'step', step: at, totalSteps: 100, epoch: 0, loss: 1, learningRate: 1e-3, gradientNorm: 1, clipScale: 1 },
  ...{ tokens: 640, seconds: 2, rssBytes: ownBytes, ownBytes }
})
const evaluation: TrainingEvent = { event: 'evaluation', step: 1, epoch: 0, metric: 'loss', metrics: { loss: 1 }, isBest: false }

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-cost-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function opened(threads = 2) {
  const events: CostEvent[] = []
  const notes: string[] = []
  let now = 0
  const meter = await CostMeter.open({
    ...{ runtime: { provider: 'cpu', threads }, machine, now: () => now },
    emit: (event) => events.push(event),
    onNote: (code) => notes.push(code)
  })
  return { meter, events, notes, pass: (seconds: number) => (now += seconds) }
}

describe('what a run takes', () => {
  test('is told from batches and steps, as a share of what the machine was measured to do', async () => {
    const { meter, events, pass } = await opened()
    meter.add({ operations: 100e9, rows: 16 })
    pass(1)
    meter.hear(step(1, 300e6))
    expect(events).toEqual([])
    meter.add({ operations: 300e9, rows: 16 })
    pass(2)
    meter.hear(step(2, 200e6))
    await expect.poll(() => events.length).toBe(1)
    expect(events[0]).toMatchObject({
      ...{ step: 2, operations: 400e9, rate: 100e9, machineRate: 200e9, rowsPerSecond: 8, tokensPerSecond: 320 },
      ...{ memory: 200e6, peakMemory: 300e6, gridIntensity: 380, card: null }
    })
    const { cost, energy } = await meter.finish(folder)
    expect(cost).toMatchObject({
      ...{ operations: 400e9, seconds: 4, rows: 32, tokens: 1280, machineRate: 200e9, gridIntensity: 380, goesOn: false },
      ...{ elapsed: 3, waits: { rows: 0, disk: 0 }, reused: { passes: 0, found: 0, seconds: 0, texts: 0 } }
    })
    expect(energy).toMatchObject({ seconds: 3, threads: 2 })
    expect(energy).not.toHaveProperty('card')
  })

  test('is no share of a rate that other threads were measured with', async () => {
    const { meter } = await opened(1)
    expect((await meter.finish(folder)).cost).toMatchObject({ machineRate: null })
  })

  test('goes on with what earlier processes took, and says where they did not write it down', async () => {
    const place = await mkdtemp(join(folder, 'run-'))
    const first = await opened()
    first.meter.add({ operations: 100e9, rows: 16 })
    first.pass(5)
    first.meter.hear(step(8, 300e6))
    first.meter.hear({ event: 'checkpoint', step: 8, kind: 'last' })
    first.meter.hear({ event: 'checkpoint', step: 4, kind: 'best' })
    await first.meter.finish(place)
    const again = async (step: number | null) => {
      const next = await opened()
      await next.meter.goOn(place, step)
      next.meter.add({ operations: 50e9, rows: 8 })
      next.pass(2)
      return next
    }
    // Another checkpoint than that of the ledger: the process that wrote it was lost.
    const lost = await again(12)
    expect((await lost.meter.finish(await mkdtemp(join(folder, 'run-')))).cost).toMatchObject({ rows: 24, goesOn: true })
    const next = await again(8)
    next.meter.hear(step(9, 300e6))
    await expect.poll(() => next.events.length).toBe(1)
    expect(next.events[0]).toMatchObject({ operations: 150e9, rowsPerSecond: 4 })
    const { cost } = await next.meter.finish(place)
    expect(cost).toMatchObject({ operations: 150e9, rows: 24, tokens: 1280, elapsed: 7, goesOn: false })
    await writeFile(join(place, 'cost.json'), (await readFile(join(place, 'cost.json'), 'utf8')).slice(0, -20))
    const damaged = await again(8)
    expect((await damaged.meter.finish(place)).cost).toMatchObject({ operations: 50e9, goesOn: true })
  })

  test('adds a card that tells to the electricity of the processor, and gives none where it does not', async () => {
    const reading: CardReading = { name: 'H200', memory: { total: 150e9, free: 90e9 }, busy: 0.9, joules: 1000, watts: 300 }
    const meter = async (readings: readonly (CardReading | null)[]) => {
      let [at, now] = [0, 0]
      const opened = await CostMeter.open({
        ...{ runtime: { provider: 'cuda', threads: 2 }, machine, now: () => now, emit: () => undefined, onNote: () => undefined },
        lookAtCard: async () => readings[Math.min(at++, readings.length - 1)] ?? null
      })
      now = 10
      return (await opened.finish(folder)).energy
    }
    const counted = await meter([reading, { ...reading, joules: 4500 }])
    expect(counted).toMatchObject({ card: { method: 'counter', joules: 3500 } })
    expect(counted?.low).toBeGreaterThanOrEqual(3500)
    // 300 W and 500 W at both ends of ten seconds.
    expect(
      await meter([
        { ...reading, joules: null },
        { ...reading, joules: null, watts: 500 }
      ])
    ).toMatchObject({
      card: { method: 'power', joules: 4000 }
    })
    expect(await meter([null])).toBeNull()
    expect(await meter([{ ...reading, joules: null, watts: null }])).toBeNull()
  })

  test('says what steps wait for once that is a fifth of the time', async () => {
    const { meter, events, pass } = await opened()
    for (let i = 1; i <= 6; i++) {
      meter.wait('rows', 0.4)
      meter.wait('disk', i > 4 ? 3 : 0)
      pass(3)
      meter.hear(step(i, 300e6))
      await expect.poll(() => events.length).toBe(i)
    }
    // Two seconds a step: rows 2.4 of 20.4 s, disk 6 of them.
    expect(events.map(({ waitsFor }) => waitsFor)).toEqual([null, null, null, null, 'disk', 'disk'])
    meter.dispose()
  })

  test('says once that memory grows from evaluation to evaluation, and nothing while it stays', async () => {
    const growing = await opened()
    for (let i = 0; i < 9; i++) {
      growing.meter.hear(step(i, 300e6 + i * 50e6))
      growing.meter.hear(evaluation)
    }
    expect(growing.notes).toEqual(['memory-grows'])
    growing.meter.dispose()
    const steady = await opened()
    for (let i = 0; i < 20; i++) {
      steady.meter.hear(step(i, 300e6 + (i % 2) * 50e6))
      steady.meter.hear(evaluation)
    }
    expect(steady.notes).toEqual([])
    steady.meter.dispose()
  })
})
