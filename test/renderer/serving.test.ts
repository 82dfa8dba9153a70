import { beforeAll, describe, expect, test } from 'vitest'
import { createApi } from '../../src/renderer/src/lib/api.ts'
import { writeFor } from '../../src/renderer/src/lib/format.ts'
import { exampleOf } from '../../src/renderer/src/screens/use/serving/example.ts'
import { ServingForm } from '../../src/renderer/src/screens/use/serving/serving.svelte.ts'
import type { RunId } from '../../src/preload/contract/common.ts'
import { makeFakeBridge } from '../helpers/fake-bridge/index.ts'

beforeAll(() => writeFor('en-GB'))

const answerers = [{ id: 'r3' as RunId, label: 'Urgency v3', marks: false, asks: false }]

async function opened(first: string | null = null): Promise<ServingForm> {
  const form = new ServingForm(createApi(makeFakeBridge({ filled: true, beat: 0 })), () => answerers, first)
  await form.exports.load()
  return form
}

describe('what answers other programs', () => {
  test('is one of those that answer here, or an export that answers by itself', async () => {
    const form = await opened()
    expect(form.options.map(({ value }) => value)).toEqual(['r3', 'e-fake'])
    expect([form.of, (await opened('e-fake')).of, (await opened('e-gone')).of]).toEqual(['r3', 'e-fake', 'r3'])
  })

  test.each([
    ['', null],
    [' 8123 ', 8123],
    ['65535', 65_535],
    ['80', undefined],
    ['65536', undefined],
    ['http', undefined]
  ])('listens on the port %j, or on any', async (typed, wanted) => {
    const form = await opened()
    form.port = typed
    expect([form.wantedPort, form.canStart]).toEqual([wanted, wanted !== undefined])
  })

  test('is begun and stopped', async () => {
    const form = await opened()
    expect(await form.start()).toMatchObject({ of: 'r3', state: 'open', requests: 14 })
    await form.stop()
    form.port = '8123'
    expect(await form.start()).toMatchObject({ state: 'failed', failure: { code: 'serve-port' } })
  })
})

describe('the example', () => {
  const status = { address: 'http://127.0.0.1:8123', token: 'abc', pairs: false, asks: false }

  test('has three lines for the shell of the system', () => {
    expect(exampleOf(status, 'linux-x64').split('\n')).toEqual([
      'curl http://127.0.0.1:8123/v1/predict \\',
      '  -H "Authorization: Bearer abc" -H "Content-Type: application/json" \\',
      `  -d '{"texts":["A text."]}'`
    ])
    expect(exampleOf(status, 'win32-x64').split('\n').at(-1)).toBe('  -d "{\\"texts\\":[\\"A text.\\"]}"')
  })

  test('sends both texts where the model reads two', () => {
    expect(exampleOf({ ...status, pairs: true }, 'linux-x64')).toContain('"pair":"Another."')
    expect(exampleOf({ ...status, asks: true }, 'linux-x64')).toContain('"question":"A question?"')
  })
})
