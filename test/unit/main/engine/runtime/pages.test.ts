import { expect, it } from 'vitest'
import { pageAdvice } from '../../../../../src/main/engine/runtime/c-api/pages.ts'
import { HostState } from '../../../../../src/main/engine/runtime/host-state.ts'

/** A system that writes down what it is advised. */
function system(): { readonly calls: number[][]; readonly find: () => (...values: readonly (number | string)[]) => unknown } {
  const calls: number[][] = []
  return {
    calls,
    find:
      () =>
      (...values) =>
        calls.push(values.map(Number))
  }
}

it('advises the whole small pages inside a stretch, never what lies beside it', () => {
  const { calls, find } = system()
  const pages = pageAdvice('linux', find)
  pages?.large(4096 * 3 + 1, 4096 * 4)
  pages?.small(4096 * 3, 4096 * 2 + 100)
  pages?.large(4096 * 3 + 1, 4096)
  expect(calls).toEqual([
    [4096 * 4, 4096 * 3, 14],
    [4096 * 3, 4096 * 2, 15]
  ])
})

it('advises nothing on other systems, nor where the call is not there', () => {
  const missing = (): never => {
    throw new Error('no such function')
  }
  expect(pageAdvice('darwin', system().find)).toBeNull()
  expect(pageAdvice('win32', system().find)).toBeNull()
  expect(pageAdvice('linux', missing)).toBeNull()
})

it('backs long state with small pages until a part of it is said to be used throughout', () => {
  const advised: (readonly [string, number, number])[] = []
  const note =
    (kind: string) =>
    (address: number, bytes: number): void =>
      void advised.push([kind, address, bytes])
  const pages = { large: note('large'), small: note('small') }
  const address = 64 * 1000
  const long = HostState.allocate('float32', [4 << 20], () => address, pages)
  long.view(0, [16]).useLargePages()
  long.view(1 << 20, [2 << 20]).useLargePages()
  HostState.allocate('float32', [1000], () => address, pages).useLargePages()
  expect(advised).toEqual([
    ['small', address, (16 << 20) + 64],
    ['large', address + (4 << 20), 8 << 20]
  ])
})
