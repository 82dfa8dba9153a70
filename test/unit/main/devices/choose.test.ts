import { describe, expect, test } from 'vitest'
import { chooseDevice, LARGE_STEP, stepSeconds, timeDevices } from '../../../../src/main/devices/choose.ts'
import { UNKNOWN, type DeviceVerdict, type Machine, type WorkingDevice } from '../../../../src/main/devices/machine.ts'

const ready = (rate: number, latency: number, card: string | null = null): WorkingDevice => ({
  ...{ at: '2026-11-25T10:00:00.000Z', status: 'ready', device: 'CPU, 2 threads', threads: 2 },
  ...{ rate, latency, memory: null, card }
})
const refused: DeviceVerdict = { at: '2026-11-25T10:00:00.000Z', status: 'refused', reason: 'None.', code: 'device-unusable' }
const machine = (devices: Machine['devices']): Machine => ({ ...UNKNOWN, devices })
const processor = ready(200e9, 5e-6)
const card = ready(40e12, 2e-5, 'NVIDIA H200')

describe('an automatic choice', () => {
  test('takes a card for a large step, and says by which times', () => {
    const { device, why } = chooseDevice(machine({ cpu: processor, cuda: card }), LARGE_STEP)
    expect(device).toBe('cuda')
    expect(why).toBe(
      'NVIDIA H200 would take about 27 ms for a step of this run, the processor 2.6 s, by the rates measured on this PC: NVIDIA H200 computes.'
    )
  })

  test('stays on the processor for a small model, whose kernels cost more to start than to compute', () => {
    const small = { operations: 1e9, kernels: 700 }
    expect(stepSeconds(card, small)).toBeGreaterThan(stepSeconds(processor, small))
    expect(chooseDevice(machine({ cpu: processor, cuda: card }), small)).toMatchObject({
      device: 'cpu',
      why: expect.stringContaining('the processor computes')
    })
  })

  test('stays where a card is hardly faster, was refused, or where nothing was tried', () => {
    expect(chooseDevice(machine({ cpu: processor, webgpu: ready(240e9, 5e-6) }), LARGE_STEP).device).toBe('cpu')
    expect(chooseDevice(machine({ cpu: processor, cuda: refused }), LARGE_STEP)).toEqual({
      device: 'cpu',
      why: 'The processor computes: no other device of this PC passed its test.'
    })
    expect(chooseDevice(machine({ cuda: card }), LARGE_STEP).device).toBe('cpu')
  })

  test('takes the faster of two cards', () => {
    expect(chooseDevice(machine({ cpu: processor, webgpu: ready(10e12, 2e-5), cuda: card }), LARGE_STEP).device).toBe('cuda')
  })

  test('is told beside the times of all that can compute', () => {
    const times = timeDevices(machine({ cpu: processor, cuda: card, webgpu: refused }), { operations: 40e9, kernels: 0 })
    expect(times).toEqual([
      { device: 'cpu', name: 'CPU, 2 threads', seconds: 0.2 },
      { device: 'cuda', name: 'NVIDIA H200', seconds: 0.001 }
    ])
  })
})
