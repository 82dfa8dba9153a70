import { describe, expect, test } from 'vitest'
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
    const { cost } = await meter.finish()
    expect(cost).toEqual({
      ...{ operations: 400e9, seconds: 4, rows: 32, machineRate: 200e9, gridIntensity: 380, goesOn: false }
    })
  })

  test('is no share of a rate that other threads were measured with', async () => {
    const { meter } = await opened(1)
    meter.goOn()
    expect((await meter.finish()).cost).toMatchObject({ machineRate: null, goesOn: true })
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
