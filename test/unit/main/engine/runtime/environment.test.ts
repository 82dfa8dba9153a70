import { expect, it } from 'vitest'
import type { Api, Library } from '../../../../../src/main/engine/runtime/c-api/api.ts'
import { createEnvironment } from '../../../../../src/main/engine/runtime/c-api/environment.ts'
import { apiTable } from '../../../../../src/main/engine/runtime/c-api/table.ts'

/** A library whose every function does nothing and is written down. */
function fakeLibrary(): { readonly library: Library; readonly calls: [name: string, ...values: unknown[]][] } {
  const calls: [string, ...unknown[]][] = []
  const functions = Object.keys(apiTable).map((name) => {
    const call = (...values: unknown[]): number => {
      calls.push([name, ...values])
      return 0
    }
    return [name, Object.assign(call, { async: () => undefined })] as const
  })
  const api = Object.fromEntries(functions) as unknown as Api // The keys are the table's.
  return { library: { version: '1.30.0', api, memory: 1, allocator: 2, copyMemory: () => undefined }, calls }
}

it('switches telemetry off by a call on Windows, right after the environment is made and before anything else', () => {
  const { library, calls } = fakeLibrary()
  const { pointer } = createEnvironment(library, 2, 'win32')
  const names = calls.map(([name]) => name)
  const at = names.indexOf('DisableTelemetryEvents')
  expect(calls[at]).toEqual(['DisableTelemetryEvents', pointer])
  expect(names.slice(names.indexOf('CreateEnvWithGlobalThreadPools') + 1, at)).toEqual(['ReleaseThreadingOptions'])
  expect(names.slice(at + 1)).toContain('CreateAndRegisterAllocator')
})

it('makes no such call elsewhere, where the environment variable decides', () => {
  for (const platform of ['linux', 'darwin'] as const) {
    const { library, calls } = fakeLibrary()
    createEnvironment(library, 2, platform)
    expect(calls.map(([name]) => name)).not.toContain('DisableTelemetryEvents')
  }
})
