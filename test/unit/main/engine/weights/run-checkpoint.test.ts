import { mkdir, mkdtemp, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { loadNewestCheckpoint, saveCheckpoint } from '../../../../../src/main/engine/weights/run-checkpoint.ts'
import { readTensor, readTensorBytes } from '../../../../../src/main/engine/weights/read-tensor.ts'
import type { TensorReader } from '../../../../../src/main/engine/weights/tensor-source.ts'
import { refusal, temporaryFolders } from './files.ts'

const folder = temporaryFolders()
afterEach(() => vi.restoreAllMocks())

function floats(name: string, values: Float32Array): TensorReader {
  return { name, dtype: 'F32', shape: [values.length], read: async (offset, length) => values.subarray(offset, offset + length) }
}

/** A checkpoint whose numbers are known from its step. */
const at = (step: number, series: 'step' | 'best' = 'step') => ({
  series,
  step,
  tensors: [floats('w', Float32Array.of(step, step / 3, -step)), floats('m', Float32Array.of(0.1 * step))],
  state: { cursor: { epoch: 1, row: step }, best: 0.1 * step, note: 'ü', 7: [1, null, true] }
})

async function expectWhole(runFolder: string, step: number): Promise<void> {
  const loaded = await loadNewestCheckpoint(runFolder)
  expect(loaded?.step).toBe(step)
  expect(loaded?.state).toEqual(at(step).state)
  if (loaded) expect(await readTensor(loaded.checkpoint, 'w')).toEqual(Float32Array.of(step, step / 3, -step))
}

const list = async (runFolder: string) => (await readdir(join(runFolder, 'checkpoints'))).sort()

describe('saving and loading', () => {
  test('comes back bit for bit; the newest is found; one earlier stays', async () => {
    const run = await folder()
    for (const step of [10, 20, 420]) await saveCheckpoint(run, at(step))
    expect(await list(run)).toEqual(['step-000020', 'step-000420'])
    await expectWhole(run, 420)
    expect((await loadNewestCheckpoint(run))?.damaged).toEqual([])
  })

  test('steps beyond six digits sort by number', async () => {
    const run = await folder()
    for (const step of [999_999, 1_000_000]) await saveCheckpoint(run, at(step))
    await expectWhole(run, 1_000_000)
  })

  test('the best checkpoint is a series of its own', async () => {
    const run = await folder()
    await saveCheckpoint(run, at(10))
    await saveCheckpoint(run, at(5, 'best'), { keepPrevious: 0 })
    await saveCheckpoint(run, at(8, 'best'), { keepPrevious: 0 })
    expect(await list(run)).toEqual(['best-000008', 'step-000010'])
    expect((await loadNewestCheckpoint(run, 'best'))?.step).toBe(8)
    await expectWhole(run, 10)
  })

  test('all kinds of element are kept as they are', async () => {
    const run = await folder()
    const counters = BigInt64Array.of(-1n, 2n ** 60n)
    const mask = Uint8Array.of(0, 1, 1)
    const tensors: TensorReader[] = [
      { name: 'counters', dtype: 'I64', shape: [2], read: async () => counters.slice() },
      { name: 'mask', dtype: 'BOOL', shape: [3], read: async () => mask.slice() }
    ]
    await saveCheckpoint(run, { series: 'step', step: 1, tensors, state: null })
    const loaded = await loadNewestCheckpoint(run)
    const read: Record<string, number[]> = {}
    for (const name of ['counters', 'mask']) {
      for await (const chunk of readTensorBytes(loaded!.checkpoint, name)) read[name] = [...chunk]
    }
    expect(read).toEqual({ counters: [...new Uint8Array(counters.buffer)], mask: [0, 1, 1] })
  })

  test('a large tensor is asked for in parts of at most 4 Mi elements', async () => {
    const run = await folder()
    const parts: number[] = []
    const read = async (_: number, length: number) => {
      parts.push(length)
      return new Uint8Array(length)
    }
    await saveCheckpoint(run, {
      series: 'step',
      step: 1,
      tensors: [{ name: 'x', dtype: 'U8', shape: [5, 1 << 20], read }],
      state: 0
    })
    expect(parts).toEqual([1 << 22, 1 << 20])
  })

  test('no checkpoint at all is not an error', async () => {
    expect(await loadNewestCheckpoint(await folder())).toBeUndefined()
    expect(await loadNewestCheckpoint(join(await folder(), 'none'))).toBeUndefined()
  })

  test('a run that went back removes the later checkpoints once its own is whole', async () => {
    const run = await folder()
    for (const step of [10, 20]) await saveCheckpoint(run, at(step))
    await saveCheckpoint(run, at(15))
    expect(await list(run)).toEqual(['step-000010', 'step-000015'])
  })

  test('the same step can be saved again', async () => {
    const run = await folder()
    await saveCheckpoint(run, { ...at(10), state: 'first' })
    await saveCheckpoint(run, { ...at(10), state: 'second' })
    expect(await list(run)).toEqual(['step-000010'])
    expect((await loadNewestCheckpoint(run))?.state).toBe('second')
  })

  test.each([Number.NaN, Infinity, { deep: [-Infinity] }, new Float32Array(1), new Map(), { f: () => 1 }])(
    'state that JSON would lose (%s) is our bug, found before anything is put in place',
    async (state) => {
      const run = await folder()
      await expect(saveCheckpoint(run, { ...at(1), state })).rejects.toThrow('JSON loses')
      expect(await list(run)).toEqual([])
    }
  )
})

describe('damage', () => {
  test('a damaged newest gives way to the previous one, and the result says so', async () => {
    const run = await folder()
    for (const step of [10, 20]) await saveCheckpoint(run, at(step))
    const path = join(run, 'checkpoints', 'step-000020', 'tensors.safetensors')
    const bytes = await readFile(path)
    bytes[bytes.byteLength - 1]! ^= 1
    await writeFile(path, bytes)
    await expectWhole(run, 10)
    const damaged = (await loadNewestCheckpoint(run))?.damaged
    expect(damaged).toHaveLength(1)
    expect(damaged?.[0]).toMatchObject({ name: 'step-000020' })
    expect(damaged?.[0]?.reason).toContain('do not match their checksum')
  })

  test('when every one is damaged the person is told which and why', async () => {
    const run = await folder()
    await saveCheckpoint(run, at(10))
    await rm(join(run, 'checkpoints', 'step-000010', 'tensors.safetensors'))
    const error = await refusal(loadNewestCheckpoint(run))
    expect(error.code).toBe('checkpoint-damaged')
    expect(error.message).toContain('step-000010')
  })

  test('a checkpoint renamed to another step is not believed', async () => {
    const run = await folder()
    await saveCheckpoint(run, at(10))
    await rename(join(run, 'checkpoints', 'step-000010'), join(run, 'checkpoints', 'step-000099'))
    expect((await refusal(loadNewestCheckpoint(run))).message).toContain('another step')
  })

  test('any changed, lost or added byte gives the newest unharmed or the previous one', async () => {
    const run = await folder()
    for (const step of [10, 20]) await saveCheckpoint(run, at(step))
    const files = ['tensors.safetensors', 'state.json'].map((name) => join(run, 'checkpoints', 'step-000020', name))
    const originals = await Promise.all(files.map((path) => readFile(path)))
    let fellBack = 0
    const property = fc.asyncProperty(fc.nat(1), fc.nat(), fc.nat(255), fc.nat(2), async (which, place, byte, cut) => {
      const bytes = originals[which]!
      const where = place % bytes.byteLength
      await writeFile(files[which]!, Buffer.concat([bytes.subarray(0, where), Uint8Array.of(byte), bytes.subarray(where + cut)]))
      const loaded = await loadNewestCheckpoint(run)
      if (loaded?.step === 10) fellBack++
      await expectWhole(run, loaded?.step === 20 ? 20 : 10)
      await writeFile(files[which]!, bytes)
    })
    await fc.assert(property, { numRuns: 40 })
    expect(fellBack).toBeGreaterThan(20)
  }, 60_000)
})

describe('crashes', () => {
  test('kill -9 while tensors are written: the previous one loads and the leftover is swept', async () => {
    const run = await folder()
    const module = pathToFileURL(join(import.meta.dirname, '../../../../../src/main/engine/weights/run-checkpoint.ts')).href
    const script = `
      import { saveCheckpoint } from ${JSON.stringify(module)}
      const run = ${JSON.stringify(run)}
      const state = ${JSON.stringify(at(10).state)}
      const tensor = (name, values) => ({ name, dtype: 'F32', shape: [values.length], read: async (o, n) => values.subarray(o, o + n) })
      const tensors = [tensor('w', Float32Array.of(10, 10 / 3, -10)), tensor('m', Float32Array.of(1))]
      await saveCheckpoint(run, { series: 'step', step: 10, tensors, state })
      const hang = async (offset, length) => {
        if (offset === 0) return new Uint8Array(length)
        console.log('half')
        return new Promise(() => setInterval(() => {}, 1000))
      }
      await saveCheckpoint(run, { series: 'step', step: 20, tensors: [{ name: 'w', dtype: 'U8', shape: [5000000], read: hang }], state })`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
    const exited = once(child, 'exit')
    await Promise.race([once(child.stdout, 'data'), exited])
    expect(child.kill('SIGKILL')).toBe(true)
    await exited
    expect((await list(run)).filter((name) => name.startsWith('.writing-'))).toHaveLength(1)
    await expectWhole(run, 10)
    expect(await list(run)).toEqual(['step-000010'])
  }, 30_000)

  /** A run with steps 10 and 20, of which 20 is moved to `name`, as a crash at that moment would leave it. */
  async function crashed(name: string): Promise<string> {
    const run = await folder()
    for (const step of [10, 20]) await saveCheckpoint(run, at(step))
    await rename(join(run, 'checkpoints', 'step-000020'), join(run, 'checkpoints', name))
    return run
  }

  test('killed before the rename: the finished but unplaced checkpoint does not count', async () => {
    const dead = spawnSync(process.execPath, ['-e', '']).pid
    const run = await crashed(`.writing-${dead}-0-step-000020`)
    await expectWhole(run, 10)
    expect(await list(run)).toEqual(['step-000010'])
  })

  test('killed between moving the old one of the same step away and placing the new: the old comes back', async () => {
    const run = await crashed('.replaced-step-000020')
    await expectWhole(run, 20)
    expect(await list(run)).toEqual(['step-000010', 'step-000020'])
  })

  test('killed after placing the new one of the same step: the old one goes', async () => {
    const run = await crashed('.replaced-step-000020')
    await mkdir(join(run, 'other'))
    await saveCheckpoint(join(run, 'other'), { ...at(20), state: 'new' })
    await rename(join(run, 'other', 'checkpoints', 'step-000020'), join(run, 'checkpoints', 'step-000020'))
    expect((await loadNewestCheckpoint(run))?.state).toBe('new')
    expect(await list(run)).toEqual(['step-000010', 'step-000020'])
  })

  test('what a living process is writing is left alone', async () => {
    const run = await crashed(`.writing-${process.ppid}-0-step-000020`)
    await expectWhole(run, 10)
    expect(await list(run)).toEqual([`.writing-${process.ppid}-0-step-000020`, 'step-000010'])
  })
})

describe('a disk that refuses', () => {
  /** The class of all open files, to make one of its calls fail. */
  async function fileHandleClass(): Promise<FileHandle> {
    const handle = await open(import.meta.filename)
    await handle.close()
    return Object.getPrototypeOf(handle) as FileHandle
  }

  const calls = ['write', 'writeFile', 'sync'] as const
  const codes = [
    { code: 'ENOSPC', as: 'disk-full', says: 'is full' },
    { code: 'EACCES', as: 'no-permission', says: 'is denied' },
    { code: 'EROFS', as: 'read-only', says: 'read-only disk' },
    { code: 'EIO', as: 'disk-failing', says: 'reports a fault' }
  ]
  test.each(codes.flatMap((row) => calls.map((call) => ({ ...row, call }))))(
    '$code at the first or second $call: a plain sentence, the previous one intact, nothing left over',
    async ({ code, as, says, call }) => {
      const run = await folder()
      await saveCheckpoint(run, at(10))
      const files = await fileHandleClass()
      let failed = 0
      for (const allowed of [0, 1]) {
        const real = files[call] as (...args: unknown[]) => Promise<unknown>
        let left = allowed
        const spy = vi.spyOn(files, call).mockImplementation(async function (this: unknown, ...args: unknown[]) {
          if (left-- > 0) return real.apply(this, args) as never
          failed++
          throw Object.assign(new Error(`${code}: injected`), { code })
        })
        // state.json is written by the only call of writeFile, so allowing one lets the save succeed.
        if (call === 'writeFile' && allowed === 1) {
          spy.mockRestore()
          continue
        }
        const error = await refusal(saveCheckpoint(run, at(20)))
        spy.mockRestore()
        expect(error.code).toBe(as)
        expect(error.message).toMatch(/^The checkpoint of step 20 could not be written, earlier ones are kept: /)
        expect(error.message).toContain(says)
        expect(error.message).toContain('step-000020')
        expect(error.message).not.toContain('.writing')
        expect(await list(run)).toEqual(['step-000010'])
        await expectWhole(run, 10)
      }
      expect(failed).toBeGreaterThan(0)
    }
  )

  test('a run folder that is a file', async () => {
    const file = join(await folder(), 'file')
    await writeFile(file, '')
    expect((await refusal(saveCheckpoint(file, at(1)))).code).toBe('not-a-folder')
  })

  test('a disk that is really full (a 1 MB tmpfs)', async ({ skip }) => {
    const disk = await mkdtemp(join(tmpdir(), 'attune-full-'))
    const mounted =
      process.platform === 'linux' && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]).status === 0
    try {
      if (!mounted) skip('SKIPPED: this user may not mount a tmpfs, so the really full disk was not tried (injected ENOSPC was).')
      await saveCheckpoint(disk, at(10))
      const large = floats('w', new Float32Array(500_000))
      const error = await refusal(saveCheckpoint(disk, { series: 'step', step: 20, tensors: [large], state: 0 }))
      expect(error.code).toBe('disk-full')
      expect(await list(disk)).toEqual(['step-000010'])
      await expectWhole(disk, 10)
      await saveCheckpoint(disk, at(30))
      await expectWhole(disk, 30)
    } finally {
      if (mounted) spawnSync('umount', [disk])
      await rm(disk, { recursive: true, force: true })
    }
  })
})
