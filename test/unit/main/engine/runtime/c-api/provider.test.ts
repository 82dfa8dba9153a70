import { expect, it } from 'vitest'
import { decode } from 'koffi'
import type { Library } from '../../../../../../src/main/engine/runtime/c-api/api.ts'
import { appendProvider, deviceProviderOf } from '../../../../../../src/main/engine/runtime/c-api/provider.ts'
import { defined } from '../../../../../../src/main/base/assert.ts'

const textsAt = (address: number, count: number): string[] =>
  Array.from({ length: count }, (_, i) => decode.string(Number(decode.uint64(address + 8 * i))))

/** A library that writes down which provider a session was given; it cannot run on this system. */
function libraryOf(calls: unknown[][]): Library {
  const api = {
    AddSessionConfigEntry: (settings: number, key: string, value: string) => (calls.push([settings, key, value]), 0),
    AppendProvider: (settings: number, name: string, keys: number, values: number, count: number) => (
      calls.push([settings, name, textsAt(keys, count), textsAt(values, count)]),
      0
    )
  }
  return { api } as unknown as Library // Only what is called.
}

it('asks for the quicker card over DirectML, whose state stays with the host', () => {
  const provider = defined(deviceProviderOf({ threads: 1, provider: 'directml', isStrict: true }), 'a provider')
  expect(provider.keepsState).toBe(false)
  const calls: unknown[][] = []
  appendProvider(libraryOf(calls), 7, provider)
  expect(calls).toEqual([
    [7, 'session.disable_cpu_ep_fallback', '1'],
    [7, 'DML', ['performance_preference', 'device_filter'], ['high_performance', 'gpu']]
  ])
})

it('asks for WebGPU by its name', () => {
  const calls: unknown[][] = []
  appendProvider(libraryOf(calls), 3, defined(deviceProviderOf({ threads: 1, provider: 'webgpu' }), 'a provider'))
  expect(calls).toEqual([[3, 'WebGPU', [], []]])
})
