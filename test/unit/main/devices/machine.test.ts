import { readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  forgetVerdict,
  keepGridIntensity,
  keepThreads,
  keepVerdict,
  readMachine,
  threadsKey,
  UNKNOWN,
  type WorkingDevice
} from '../../../../src/main/devices/machine.ts'
import { devicesHere, isVerified, tryOut } from '../../../../src/main/devices/try-out.ts'

let home: string
let file: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'attune-machine-'))
  file = join(home, 'devices', 'machine.json')
})
afterEach(() => rm(home, { recursive: true, force: true }))

const ready = (rate: number, threads = 2): WorkingDevice => ({
  ...{ at: '2026-11-25T10:00:00.000Z', status: 'ready', device: `CPU, ${threads} threads`, threads },
  ...{ rate, latency: 1e-5, memory: null, card: null }
})

test('keeps the higher of two rates of the same threads, as a busy machine is measured too slow', async () => {
  await keepVerdict(file, 'cpu', ready(200e9))
  await keepVerdict(file, 'cpu', ready(90e9))
  expect((await readMachine(file)).devices.cpu).toMatchObject({ rate: 200e9 })
  await keepVerdict(file, 'cpu', ready(90e9, 1))
  expect((await readMachine(file)).devices.cpu).toMatchObject({ rate: 90e9, threads: 1 })
})

test('knows nothing of a file from another machine but what the person said', async () => {
  await keepVerdict(file, 'cpu', ready(200e9))
  await keepGridIntensity(file, 380)
  const written = readFileSync(file, 'utf8').replace(/"processor": "[^"]*"/, '"processor": "another × 64"')
  writeFileSync(file, written)
  expect(await readMachine(file)).toEqual({ ...UNKNOWN, gridIntensity: 380 })
  writeFileSync(file, '{"format":')
  expect(await readMachine(file)).toEqual(UNKNOWN)
})

test('keeps how many threads are the quickest, for each width, beside what else is known', async () => {
  const at = '2026-11-26T21:00:00.000Z'
  const kept = { at, threads: 4, timed: [{ threads: 4, seconds: 0.02 }] }
  await keepVerdict(file, 'cpu', ready(200e9))
  await keepThreads(file, threadsKey({ width: 384, logical: 8, library: '1.30.0' }), kept)
  await keepThreads(file, threadsKey({ width: 768, logical: 8, library: '1.30.0' }), { ...kept, threads: 8 })
  const { threads, devices } = await readMachine(file)
  expect(Object.values(threads).map((choice) => choice.threads)).toEqual([4, 8])
  expect(devices.cpu).toMatchObject({ rate: 200e9 })
})

test('forgets a device whose files changed', async () => {
  await keepVerdict(file, 'cpu', ready(200e9))
  await keepVerdict(file, 'cuda', ready(40e12))
  await forgetVerdict(file, 'cuda')
  expect(Object.keys((await readMachine(file)).devices)).toEqual(['cpu'])
})

test('keeps why a device was refused', async () => {
  const message = 'Training on an NVIDIA card needs the CUDA pack.'
  const runTask = async () => ({ event: 'failed', exitCode: 2, code: 'device-no-pack', message, detail: '' }) as const
  expect(await tryOut('cuda', { runTask, file })).toMatchObject({ status: 'refused', reason: message, code: 'device-no-pack' })
  expect((await readMachine(file)).devices.cuda).toMatchObject({ status: 'refused', reason: message })
})

test('names the devices of each system, and what never ran', () => {
  expect(devicesHere('darwin', 'arm64')).toEqual(['cpu', 'webgpu'])
  expect(devicesHere('linux', 'x64')).toEqual(['cpu', 'cuda', 'webgpu'])
  expect(devicesHere('win32', 'x64')).toEqual(['cpu', 'cuda', 'webgpu', 'directml'])
  expect(devicesHere('win32', 'arm64')).toEqual(['cpu', 'webgpu', 'directml'])
  expect([isVerified('cuda', 'linux'), isVerified('cuda', 'win32'), isVerified('webgpu', 'linux')]).toEqual([true, false, false])
  expect(isVerified('directml', 'win32')).toBe(false)
})
