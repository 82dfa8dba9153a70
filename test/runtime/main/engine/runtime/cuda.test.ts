import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cudaPackIn } from '../../../../../src/main/engine/runtime/index.ts'

// Runs where there is an NVIDIA card, and ATTUNE_CUDA names the folder of a CUDA pack (docs/decisions/0047).
const scripts = resolve(import.meta.dirname, '../../../../../scripts/gpu')
const folder = process.env['ATTUNE_CUDA']
const hasCard = existsSync('/proc/driver/nvidia/version')
const why = !hasCard ? 'no NVIDIA card' : folder === undefined ? 'ATTUNE_CUDA names no CUDA pack' : null
if (why !== null) console.warn(`SKIPPED: CUDA is not tested here: ${why}.`)

describe.skipIf(why !== null)('CUDA, on the card of this machine', () => {
  let temporary: string
  beforeAll(async () => {
    temporary = await mkdtemp(join(tmpdir(), 'attune-cuda-'))
    await writeFile(join(temporary, 'pack.json'), JSON.stringify(await cudaPackIn(folder ?? '')))
  })
  afterAll(() => rm(temporary, { recursive: true, force: true }))

  const run = async (script: string, words: readonly string[] = []): Promise<string> => {
    const device = { ATTUNE_GPU_PROVIDER: 'cuda', ATTUNE_GPU_PACK: join(temporary, 'pack.json'), ATTUNE_GPU_STRICT: '1' }
    const env = { ...process.env, ORT_DISABLE_TELEMETRY: '1', ...device }
    return (await promisify(execFile)(process.execPath, [resolve(scripts, script), ...words], { env })).stdout
  }

  it('computes known answers and draws dropout masks as plain arithmetic does', async () => {
    expect(await run('hello.ts')).toContain('known answers right')
    expect(await run('masks.ts')).toContain('masks drawn on cuda: 11 of 11 as computed here')
  })

  it("gives torch's losses and gradients in every case, with no node on the processor", async () => {
    const printed = await run('fidelity.ts')
    expect(printed).toContain('all cases ran')
    for (const [, loss, gradients] of printed.matchAll(/ loss (\S+) {2}gradients (\S+) /g)) {
      expect(Number(loss)).toBeLessThan(2e-6)
      expect(Number(gradients)).toBeLessThan(5e-6)
    }
  })
})
