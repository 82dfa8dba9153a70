import { beforeAll, describe, expect, test } from 'vitest'
import type { RunId } from '../../src/preload/contract/common.ts'
import { createApi } from '../../src/renderer/src/lib/api.ts'
import { writeFor } from '../../src/renderer/src/lib/format.ts'
import { ExportState, variantId } from '../../src/renderer/src/screens/runs/export/export.svelte.ts'
import { insteadOf, useOf, USES } from '../../src/renderer/src/screens/runs/export/uses.ts'
import { makeFakeBridge, type FakeOptions } from '../helpers/fake-bridge/index.ts'

beforeAll(() => writeFor('en-GB'))

async function opened(run: string, options: FakeOptions = { filled: true, beat: 0 }): Promise<ExportState> {
  const state = new ExportState(createApi(makeFakeBridge(options)), run as RunId)
  state.follow()
  await Promise.all([state.options.load(), state.exports.load()])
  return state
}

describe('a run on its way out', () => {
  test('is offered in the first form that it can take, with the size of each', async () => {
    const usual = await opened('r3')
    expect([usual.use, usual.variant && variantId(usual.variant)]).toEqual(['python', 'huggingface fp32'])
    const own = await opened('bad')
    expect([own.use, own.refusal('python')?.includes('head.pooling'), own.refusal('onnx')]).toEqual(['onnx', true, null])
    own.choose('attune')
    expect(own.variants.map(({ dtype, bytes }) => [dtype, bytes])).toEqual([
      ['fp32', 269e6],
      ['fp16', 134.5e6],
      ['bf16', 134.5e6]
    ])
  })

  test('waits for a folder with room', async () => {
    const state = await opened('r3', { filled: false, beat: 0 })
    expect([state.place, state.canStart]).toEqual([null, false])
    await state.chooseFolder()
    // 268 MB do not fit into the 200 MB of the stick; half of it does.
    expect([state.hasRoom, state.canStart]).toEqual([false, false])
    state.choose('python', 'huggingface fp16')
    expect([state.hasRoom, state.canStart]).toEqual([true, true])
  })

  test('leaves encrypted only under a passphrase that was typed twice', async () => {
    const state = await opened('r3')
    state.choose('attune')
    expect(state.canStart).toBe(true)
    state.isEncrypted = true
    for (const [first, second, may] of [
      ['', '', false],
      ['short', 'short', false],
      ['four words make it', 'four words make', false],
      ['four words make it', 'four words make it', true]
    ] as const) {
      state.passphrase = first
      state.again = second
      expect(state.canStart).toBe(may)
    }
    await state.start()
    expect([state.passphrase, state.again]).toEqual(['', ''])
    // A passphrase is nothing to any other form.
    state.isEncrypted = true
    state.choose('python')
    expect(state.hasSecret).toBe(true)
  })

  test('leaves as int8 with ranges measured beforehand, where the run has rows for that', async () => {
    const state = await opened('r3')
    state.choose('onnx')
    expect(state.variants.map(variantId)).toEqual(['onnx fp32', 'onnx-int8 fp32', 'onnx-int8 fp32 static'])
    state.choose('onnx', 'onnx-int8 fp32 static')
    expect(state.variant).toMatchObject({ format: 'onnx-int8', quantization: 'static' })
    await state.start()
    expect(state.newest).toMatchObject({ quantization: 'static', name: 'Urgency v3 (ONNX, int8 static)' })
    expect(insteadOf({ format: 'onnx-int8', dtype: 'fp32', quantization: 'static' })).toMatchObject({ quantization: 'dynamic' })
    const without = await opened('bad')
    without.choose('onnx')
    expect(without.variants.map(variantId)).toEqual(['onnx fp32', 'onnx-int8 fp32'])
  })

  test('leaves against a licence only after a deliberate word, each time', async () => {
    const state = await opened('bad')
    expect([state.isAllowed, state.canStart]).toEqual([false, false])
    state.despite = true
    expect(state.canStart).toBe(true)
    await state.start()
    expect(state.isAllowed).toBe(false)
    expect((await opened('r3')).isAllowed).toBe(true)
  })

  test('has no groups in its report unless they are chosen, and none without a report', async () => {
    const state = await opened('r3')
    expect(state.contents.groups).toEqual([])
    state.group('clinic', true)
    state.group('sex', true)
    state.group('clinic', false)
    expect(state.contents.groups).toEqual(['sex'])
    state.include({ report: false })
    expect(state.contents.groups).toEqual([])
  })

  test('has no examples without a report', async () => {
    const state = await opened('r3')
    state.include({ examples: true })
    expect(state.contents.examples).toBe(true)
    state.include({ report: false })
    expect(state.contents).toEqual({ card: true, report: false, examples: false, groups: [] })
  })

  test('is made one at a time; what failed says what to try instead', async () => {
    const state = await opened('r3')
    state.choose('python', 'huggingface bf16')
    await state.start()
    expect([state.newest?.state, state.newest?.failure?.code, state.canStart]).toEqual(['failed', 'export-differs', true])
    const instead = insteadOf(state.newest!)!
    state.choose(useOf(instead.format), variantId(instead))
    expect(state.variant && variantId(state.variant)).toBe('huggingface fp32')
    await state.start()
    expect([state.working?.dtype, state.canStart]).toEqual(['fp32', false])
    await state.stop()
    expect([state.working, state.newest?.state]).toEqual([undefined, 'stopped'])
  })

  test('is checked again, retired and taken off the list', async () => {
    const state = await opened('r3')
    const { id } = state.newest!
    await state.check(id)
    expect(state.checkOf(id)).toMatchObject({ state: 'whole', check: { files: 8, isOwn: true } })
    await state.retire(id, 'Dr. M. Ruiz', '')
    expect(state.newest?.status).toBe('retired')
    const changed = await opened('r3', { filled: true, beat: 0, failing: { 'exports:verify': 'config.json was changed.' } })
    await changed.check(id)
    expect(changed.checkOf(id)).toMatchObject({ state: 'failed', failure: { message: 'config.json was changed.' } })
  })
})

test('every form has a place, and what is rounded falls back to what is rounded less', () => {
  const formats = USES.flatMap((use) => use.formats.map((format) => [format, use.id] as const))
  for (const [format, use] of formats) expect(useOf(format)).toBe(use)
  const steps = (format: string, dtype: string): string[] => {
    const next = insteadOf({ format, dtype })
    return next ? [variantId(next), ...steps(next.format, next.dtype)] : []
  }
  expect(steps('onnx-int4', 'fp32')).toEqual(['onnx-fp16 fp16', 'onnx fp32'])
  expect(steps('huggingface', 'bf16')).toEqual(['huggingface fp32'])
  expect(steps('peft', 'fp32')).toEqual([])
})
