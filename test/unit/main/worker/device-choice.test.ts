import { mkdtemp, mkdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { RunConfig } from '../../../../src/main/config/config-types.ts'
import { configHash } from '../../../../src/main/config/run-config.ts'
import { resolveDevice } from '../../../../src/main/worker/device-choice.ts'
import { writeRecord } from '../../../../src/main/worker/run-folder.ts'

let output: string

beforeEach(async () => {
  output = await mkdtemp(join(tmpdir(), 'attune-device-'))
})

afterEach(() => rm(output, { recursive: true, force: true }))

/** A run that leaves the device open; the parts that are read. */
const config = (device: string): RunConfig =>
  ({
    output,
    model: join(output, 'no-model'),
    data: { file: join(output, 'letters.csv') },
    method: { type: 'lora' },
    training: { device, per_device_train_batch_size: 8, gradient_accumulation_steps: 1, max_length: 128 }
  }) as unknown as RunConfig

async function begun(run: RunConfig, device?: 'webgpu'): Promise<void> {
  await mkdir(join(output, 'letters-1'))
  const record = {
    format: 'attune-run-1',
    name: 'letters',
    configHash: configHash(run),
    state: 'stopped',
    createdAt: 'now'
  } as const
  await writeRecord(join(output, 'letters-1'), { ...record, ...(device && { device }) })
}

test('a run that goes on stays on the device where it began; a new one is chosen for', async () => {
  const run = config('auto')
  await begun(run, 'webgpu')
  expect((await resolveDevice(run, { name: 'letters' })).device).toBe('webgpu')
  expect((await resolveDevice(run, null)).device).toBe('cpu')
})

test('what the settings name is taken, with nothing to explain', async () => {
  expect(await resolveDevice(config('webgpu'), null)).toEqual({ device: 'webgpu', why: null })
})
