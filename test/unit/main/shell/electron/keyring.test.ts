import { afterEach, expect, test, vi } from 'vitest'
import { FakeElectron } from '../../../../helpers/electron/fake-electron.ts'

afterEach(() => {
  vi.doUnmock('electron')
  vi.resetModules()
  vi.unstubAllGlobals()
})

async function keyringOf(fake: FakeElectron) {
  vi.doMock('electron', () => fake.module)
  return (await import('../../../../../src/main/shell/electron/keyring.ts')).systemKeyring()
}

test('gives back what it was given, and keeps it unreadable in between', async () => {
  const keyring = await keyringOf(new FakeElectron())
  const wrapped = keyring.wrap('a key')
  expect(Buffer.from(wrapped).toString()).not.toContain('a key')
  expect(keyring.unwrap(wrapped)).toBe('a key')
})

test.runIf(process.platform === 'linux')('is none where Linux has nothing but a password that everybody knows', async () => {
  const fake = new FakeElectron()
  const keyring = await keyringOf(fake)
  expect(keyring.isAvailable()).toBe(true)
  fake.storageBackend = 'basic_text'
  expect(keyring.isAvailable()).toBe(false)
})
