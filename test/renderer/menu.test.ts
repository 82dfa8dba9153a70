import { expect, test, vi } from 'vitest'
import type { MenuCommand } from '../../src/preload/contract/menu.ts'
import { createApi } from '../../src/renderer/src/lib/api.ts'
import { obey, type Overlay } from '../../src/renderer/src/state/menu.ts'
import { makeFakeBridge } from '../helpers/fake-bridge/index.ts'

function after(command: MenuCommand): {
  readonly gone: readonly string[]
  readonly shown: readonly Overlay[]
  readonly ups: number
  readonly chosen: number
} {
  const gone: string[] = []
  const shown: Overlay[] = []
  const up = vi.fn()
  const choose = vi.fn(() => Promise.resolve())
  const app = { router: { go: (href: string) => gone.push(href), up }, intake: { choose } } as unknown as Parameters<
    typeof obey
  >[1] // What a menu reaches.
  obey(command, app, (overlay) => shown.push(overlay))
  return { gone, shown, ups: up.mock.calls.length, chosen: choose.mock.calls.length }
}

test.each([
  ['go:home', '#/'],
  ['go:runs', '#/runs'],
  ['go:settings', '#/settings'],
  ['go:privacy', '#/settings/privacy']
] as const)('%s goes there', (command, href) => {
  expect(after(command)).toEqual({ gone: [href], shown: [], ups: 0, chosen: 0 })
})

test('the other items do what their keys do', () => {
  expect(after('palette').shown).toEqual(['palette'])
  expect(after('shortcuts').shown).toEqual(['sheet'])
  expect(after('up').ups).toBe(1)
  expect(after('open-table').chosen).toBe(1)
})

test('the page hears the menu until it is told to stop', () => {
  let hear: ((payload: unknown) => void) | undefined
  const stopped = vi.fn()
  const bridge = {
    ...makeFakeBridge(),
    on: (channel: string, listener: typeof hear) => ((hear = channel === 'menu:command' ? listener : undefined), stopped)
  }
  const heard: MenuCommand[] = []
  createApi(bridge).onMenu((command) => heard.push(command))()
  hear?.('up')
  expect(heard).toEqual(['up'])
  expect(stopped).toHaveBeenCalledOnce()
})
