import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type * as System from '../../../../../src/main/shell/electron/system.ts'
import { installFake } from '../../../../helpers/electron/desktop.ts'
import type { FakeElectron } from '../../../../helpers/electron/fake-electron.ts'

let fake: FakeElectron
let system: typeof System
beforeEach(async () => {
  fake = installFake()
  system = await import('../../../../../src/main/shell/electron/system.ts')
})
afterEach(() => vi.doUnmock('electron'))

test('tells of the battery, and when that changes', () => {
  const heard: string[] = []
  const stop = system.systemPower.follow(() => heard.push(system.systemPower.state()))
  expect(system.systemPower.state()).toBe('mains')
  fake.isOnBattery = true
  fake.power.emit('on-battery')
  fake.isOnBattery = false
  fake.power.emit('on-ac')
  stop()
  fake.power.emit('on-battery')
  expect(heard).toEqual(['battery', 'mains'])
})

test('keeps a secret in the keyring of the system', () => {
  const { isAvailable, wrap, unwrap } = system.systemKeyring
  expect(isAvailable()).toBe(true)
  const wrapped = wrap('the vault key')
  expect(Buffer.from(wrapped).toString('utf8')).not.toContain('the vault key')
  expect(unwrap(wrapped)).toBe('the vault key')
})

test.runIf(process.platform === 'linux')('counts a Linux without a keyring as having none', () => {
  for (const backend of ['basic_text', 'unknown'] as const) {
    fake.keyring = backend
    expect(system.systemKeyring.isAvailable()).toBe(false)
  }
})
