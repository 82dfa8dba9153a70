import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { softwareVulkan, type SoftwareVulkan } from '../../../../helpers/software-vulkan.ts'

// Dawn looks for a driver when it starts, so each script has a process of its own.
const scripts = resolve(import.meta.dirname, '../../../../../scripts/gpu')

describe.skipIf(process.platform !== 'linux' || process.arch !== 'x64')('WebGPU, on a Vulkan computed in software', () => {
  let vulkan: SoftwareVulkan
  beforeAll(() => {
    vulkan = softwareVulkan()
  })
  afterAll(() => rm(vulkan.folder, { recursive: true, force: true }))

  const run = async (script: string, words: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<string> => {
    const all = { ...process.env, ORT_DISABLE_TELEMETRY: '1', ATTUNE_GPU_PROVIDER: 'webgpu', ...vulkan.env, ...more }
    const { stdout } = await promisify(execFile)(process.execPath, [resolve(scripts, script), ...words], { env: all })
    return stdout
  }

  it('draws dropout masks as plain arithmetic does, with no node on the processor', async () => {
    expect(await run('masks.ts', [], { ATTUNE_GPU_STRICT: '1' })).toContain('masks drawn on webgpu: 11 of 11 as computed here')
  })

  it("gives torch's losses and gradients: LoRA with dropout, a head, a chain of tags", async () => {
    const cases = ['bert-lora-dropout', 'head-hidden', 'distilbert-tokens-crf-head']
    const printed = await run('fidelity.ts', cases)
    const found = [...printed.matchAll(/^(\S+) .* loss (\S+) {2}gradients (\S+) /gm)]
    expect(found.map(([, name]) => name).toSorted()).toEqual(cases.toSorted())
    for (const [, , loss, gradients] of found) {
      expect(Number(loss)).toBeLessThan(2e-6)
      expect(Number(gradients)).toBeLessThan(5e-6)
    }
  })
})
