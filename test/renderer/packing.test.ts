import { describe, expect, test, vi } from 'vitest'
import type { FileHandle, ModelId } from '../../src/preload/contract/common.ts'
import { AttuneError, createApi } from '../../src/renderer/src/lib/api.ts'
import { isPack, Packing } from '../../src/renderer/src/state/packing.svelte.ts'
import { makeFakeBridge, type FakeOptions } from '../helpers/fake-bridge/index.ts'

const failure = (code: string): AttuneError => new AttuneError({ code, message: `${code}.`, detail: '' })

function packing(options: FakeOptions = {}) {
  const api = createApi(makeFakeBridge({ beat: 0, ...options }))
  const packs = {
    open: vi.fn(api.packs.open),
    keep: vi.fn(api.packs.keep),
    drop: vi.fn(api.packs.drop),
    stop: vi.fn(api.packs.stop)
  }
  const choose = vi.fn(async (): Promise<FileHandle | null> => 'f-pack' as FileHandle)
  const done = vi.fn()
  const own = new Packing({ packs: { ...packs, on: api.packs.on }, choose, fileOf: api.fileOf }, done)
  return { own, packs, choose, done }
}

describe('a packed model on its way in', () => {
  test('is shown before it is kept, and kept once', async () => {
    const { own, packs, done } = packing()
    await own.choose()
    expect(own.step).toBe('asking')
    expect(own.candidate).toMatchObject({ name: 'urgency-ward-3', problem: null })
    expect(packs.open).toHaveBeenCalledWith({ file: 'f-pack', passphrase: null })
    await Promise.all([own.keep(), own.keep()])
    expect(packs.keep).toHaveBeenCalledOnce()
    expect(done).toHaveBeenCalledWith(expect.objectContaining({ isKnown: false }))
    expect(own.step).toBe('closed')
    expect(packs.drop).not.toHaveBeenCalled()
  })

  test('may hold an adapter, which is kept where its model is at hand', async () => {
    const on = { id: 'minilm' as ModelId, name: 'MiniLM' }
    const { own, done } = packing({ pack: { holds: 'adapter', on } })
    await own.choose()
    expect(own.candidate).toMatchObject({ holds: 'adapter', on })
    await own.keep()
    expect(done).toHaveBeenCalledWith(expect.objectContaining({ adapter: expect.objectContaining({ name: 'urgency-ward-3' }) }))
    const missing = packing({ pack: { holds: 'adapter', problem: 'Import that model first.' } })
    await missing.own.choose()
    await missing.own.keep()
    expect(missing.packs.keep).not.toHaveBeenCalled()
    expect(missing.own.step).toBe('asking')
  })

  test('leaves nothing where it is not wanted', async () => {
    const { own, packs, done } = packing()
    await own.choose()
    await own.cancel()
    expect(packs.drop).toHaveBeenCalledWith('p-fake')
    expect([own.step, own.candidate, done.mock.calls]).toEqual(['closed', null, []])
  })

  test('asks for a passphrase until one fits, and forgets it', async () => {
    const { own, packs } = packing()
    packs.open.mockRejectedValueOnce(failure('pack-locked')).mockRejectedValueOnce(failure('pack-passphrase'))
    await own.choose()
    expect([own.step, own.failure]).toEqual(['locked', null])
    await own.unlock()
    expect(packs.open).toHaveBeenCalledOnce()
    own.passphrase = 'wrong'
    await own.unlock()
    expect([own.step, own.failure?.code]).toEqual(['locked', 'pack-passphrase'])
    own.passphrase = 'right'
    await own.unlock()
    expect(packs.open).toHaveBeenLastCalledWith({ file: 'f-pack', passphrase: 'right' })
    expect([own.step, own.failure, own.passphrase]).toEqual(['asking', null, ''])
  })

  test('is stopped while it is unpacked, and what comes of it then is dropped', async () => {
    const { own, packs } = packing()
    const opening = Promise.withResolvers<Awaited<ReturnType<typeof packs.open>>>()
    const real = await packs.open({ file: 'f-pack' as FileHandle, passphrase: null })
    packs.open.mockReturnValueOnce(opening.promise)
    const bringing = own.choose()
    await vi.waitFor(() => expect(own.step).toBe('unpacking'))
    await own.cancel()
    expect(packs.stop).toHaveBeenCalledOnce()
    opening.resolve(real)
    await bringing
    expect(packs.drop).toHaveBeenCalledWith('p-fake')
    expect(own.step).toBe('closed')
  })

  test('says what is wrong with it, and another can be chosen', async () => {
    const { own, packs, choose } = packing()
    packs.open.mockRejectedValueOnce(failure('pack-damaged'))
    await own.choose()
    expect([own.step, own.failure?.code]).toEqual(['failed', 'pack-damaged'])
    await own.again()
    expect([own.step, choose.mock.calls.length]).toEqual(['asking', 2])
  })

  test('is none where nothing was chosen', async () => {
    const { own, packs, choose } = packing()
    choose.mockResolvedValueOnce(null)
    await own.choose()
    expect([own.step, packs.open.mock.calls]).toEqual(['closed', []])
  })
})

test('a pack is known by its name', () => {
  expect(['a.attune', 'B.ATTUNE', 'a.attune.csv', 'attune'].map((name) => isPack(new File([], name)))).toEqual([
    true,
    true,
    false,
    false
  ])
})
