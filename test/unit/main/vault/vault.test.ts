import { mkdtempSync, rmSync } from 'node:fs'
import { open, readFile, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Attempts } from '../../../../src/main/vault/attempts.ts'
import { newRecoveryKey, readRecoveryKey } from '../../../../src/main/vault/recovery-key.ts'
import { Vault, type Keyring } from '../../../../src/main/vault/vault.ts'

const passphrase = 'four plain words here'
// Each turn of scrypt takes half a second on purpose, and more on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

let dataFolder: string
let clock = 0
beforeEach(() => {
  clock = 0
  dataFolder = mkdtempSync(join(tmpdir(), 'attune-vault-'))
})
afterEach(() => rmSync(dataFolder, { recursive: true, force: true }))

const keysPath = (): string => join(dataFolder, 'keys.json')
const openVault = (keyring: Keyring | null = null): Promise<Vault> => Vault.open({ dataFolder, keyring, now: () => clock })

/** A keyring that turns bytes around. */
function makeKeyring(): Keyring & { isThere: boolean } {
  return {
    isThere: true,
    isAvailable() {
      return this.isThere
    },
    wrap: (text) => Buffer.from(text).reverse(),
    unwrap: (bytes) => Buffer.from(bytes).reverse().toString()
  }
}

describe('the vault', () => {
  test('opens with the passphrase and with the recovery key, and with nothing else', async () => {
    const vault = await openVault()
    const recoveryKey = await vault.protect(passphrase, false)
    const own = vault.keyOf('own')
    expect(own?.hex).toMatch(/^[0-9a-f]{64}$/)
    const again = await openVault()
    expect([again.isProtected, again.isOpen]).toEqual([true, false])
    await expect(again.unlock({ passphrase: 'four plain words there' })).rejects.toMatchObject({ code: 'passphrase-wrong' })
    await expect(again.unlock({ recoveryKey: newRecoveryKey() })).rejects.toMatchObject({ code: 'recovery-wrong' })
    expect(again.isOpen).toBe(false)
    await again.unlock({ passphrase })
    expect(again.keyOf('own')).toEqual(own)
    const third = await openVault()
    await third.unlock({ recoveryKey: recoveryKey.toLowerCase().replaceAll('-', ' ') })
    expect(third.keyOf('own')).toEqual(own)
  })

  test('keeps neither passphrase nor recovery key nor any key in its file, which only the owner may read', async () => {
    const vault = await openVault()
    const recoveryKey = await vault.protect(passphrase, false)
    const text = await readFile(keysPath(), 'utf8')
    for (const secret of [
      passphrase,
      recoveryKey,
      recoveryKey.replaceAll('-', ''),
      vault.keyOf('own')?.hex ?? '',
      vault.keyOf('database')?.hex ?? ''
    ])
      expect(text).not.toContain(secret)
    if (process.platform !== 'win32') expect((await stat(keysPath())).mode & 0o777).toBe(0o600)
  })

  test('changes the passphrase: the old one opens nothing, the keys stay', async () => {
    const vault = await openVault()
    await vault.protect(passphrase, false)
    const own = vault.keyOf('own')
    await expect(vault.changePassphrase({ passphrase: 'wrong words' }, 'another passphrase')).rejects.toMatchObject({
      code: 'passphrase-wrong'
    })
    await vault.changePassphrase({ passphrase }, 'another passphrase')
    const again = await openVault()
    await expect(again.unlock({ passphrase })).rejects.toMatchObject({ code: 'passphrase-wrong' })
    await again.unlock({ passphrase: 'another passphrase' })
    expect(again.keyOf('own')).toEqual(own)
  })

  test('renews the recovery key: the old one opens nothing', async () => {
    const vault = await openVault()
    const first = await vault.protect(passphrase, false)
    const second = await vault.renewRecoveryKey({ passphrase })
    const again = await openVault()
    await expect(again.unlock({ recoveryKey: first })).rejects.toMatchObject({ code: 'recovery-wrong' })
    await again.unlock({ recoveryKey: second })
  })

  test('opens by itself with a keyring, and by passphrase where that is gone', async () => {
    const keyring = makeKeyring()
    const vault = await openVault(keyring)
    await vault.protect(passphrase, true)
    const again = await openVault(keyring)
    await again.unlock({ keyring: true })
    expect(again.isOpen).toBe(true)
    keyring.isThere = false
    const elsewhere = await openVault(keyring)
    await expect(elsewhere.unlock({ keyring: true })).rejects.toMatchObject({ code: 'keyring-refused' })
    await elsewhere.unlock({ passphrase })
  })

  test('keeps at least one way besides the recovery key', async () => {
    const keyring = makeKeyring()
    const vault = await openVault(keyring)
    await expect(vault.protect(null, false)).rejects.toMatchObject({ code: 'vault-no-way' })
    await vault.protect(passphrase, true)
    await vault.changePassphrase({ passphrase }, null)
    await expect(vault.useKeyring(false)).rejects.toMatchObject({ code: 'vault-no-way' })
    await expect(vault.unlock({ passphrase })).rejects.toMatchObject({ code: 'passphrase-none' })
    await vault.changePassphrase({ keyring: true }, passphrase)
    await vault.useKeyring(false)
    expect(vault.ways).toEqual({ passphrase: true, keyring: false })
  })

  test('refuses a short passphrase and leaves nothing behind', async () => {
    const vault = await openVault()
    await expect(vault.protect('short', false)).rejects.toMatchObject({ code: 'passphrase-short' })
    expect((await openVault()).isProtected).toBe(false)
  })

  test('makes wrong tries wait, longer each time', async () => {
    const vault = await openVault()
    await vault.protect(passphrase, false)
    const wrong = { recoveryKey: newRecoveryKey() }
    for (let i = 0; i < 3; i++) await expect(vault.unlock(wrong)).rejects.toMatchObject({ code: 'recovery-wrong' })
    await expect(vault.unlock({ passphrase })).rejects.toMatchObject({ code: 'vault-wait' })
    clock += 1
    await vault.unlock({ passphrase })
  })

  test('counts tries side by side one by one', async () => {
    const vault = await openVault()
    await vault.protect(passphrase, false)
    const tries = Array.from({ length: 10 }, () =>
      vault.unlock({ recoveryKey: newRecoveryKey() }).catch((error: unknown) => (error as { code: string }).code)
    )
    const codes = await Promise.all(tries)
    expect(codes.filter((code) => code === 'recovery-wrong')).toHaveLength(3)
    expect(codes.filter((code) => code === 'vault-wait')).toHaveLength(7)
  })

  test.each([
    ['cut off', (text: string) => text.slice(0, 300)],
    ['empty', () => ''],
    ['a cheaper scrypt', (text: string) => text.replace('131072', '1024')],
    ['a scrypt for all memory', (text: string) => text.replace('131072', '1073741824')],
    ['no keys', (text: string) => text.replace(/"keys": \{[\s\S]*/, '"keys": null }')]
  ])('refuses a damaged file (%s) in one sentence', async (_what, damage) => {
    await (await openVault()).protect(passphrase, false)
    await writeFile(keysPath(), damage(await readFile(keysPath(), 'utf8')))
    await expect(openVault()).rejects.toMatchObject({
      code: 'keys-damaged',
      message: expect.stringMatching(/^The file keys\.json .*backup/) as string
    })
  })

  test('destroys a key for good: nothing of it is left in the file or in the blocks of the former one, and its name begins anew', async () => {
    const vault = await openVault()
    await vault.protect(passphrase, false)
    await vault.makeKeys(['project:a', 'project:b'])
    const [a, b] = [vault.keyOf('project:a'), vault.keyOf('project:b')]
    await vault.makeKeys(['project:a'])
    expect([vault.keyOf('project:a'), vault.keyOf('none')]).toEqual([a, null])
    await using former = await open(keysPath())
    const { size } = await former.stat()
    await vault.removeKey('project:a', true)
    expect((await former.read(Buffer.alloc(size + 1), 0, size + 1, 0)).buffer.every((byte) => byte === 0)).toBe(true)
    const again = await openVault()
    await again.unlock({ passphrase })
    expect([again.keyOf('project:a'), again.keyOf('project:b')]).toEqual([null, b])
    expect(again.destroyed).toEqual([{ name: 'project:a', id: a?.id }])
    await again.makeKeys(['project:a'])
    expect(again.keyOf('project:a')?.hex).not.toBe(a?.hex)
    expect(again.destroyed).toEqual([])
  })

  test('does not take one key for another', async () => {
    const vault = await openVault()
    await vault.protect(passphrase, false)
    const file = JSON.parse(await readFile(keysPath(), 'utf8')) as { keys: Record<string, unknown> }
    const swapped = { ...file, keys: { database: file.keys['own'], own: file.keys['database'] } }
    await writeFile(keysPath(), JSON.stringify(swapped))
    const again = await openVault()
    await again.unlock({ passphrase })
    expect(() => again.keyOf('own')).toThrow(/damaged/)
  })
})

describe('a recovery key', () => {
  test('is six groups of five, another each time', () => {
    expect(newRecoveryKey()).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{5}-){5}[0-9A-HJKMNP-TV-Z]{5}$/)
    expect(new Set(Array.from({ length: 50 }, newRecoveryKey)).size).toBe(50)
  })

  test('is read however it was typed, and every typing mistake is told', () => {
    const key = newRecoveryKey()
    const secret = readRecoveryKey(key)
    expect(readRecoveryKey(` ${key.toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l')} `)).toBe(secret)
    for (const [at, symbol] of [...key].entries()) {
      if (symbol === '-') continue
      const typed = key.slice(0, at) + (symbol === '7' ? '8' : '7') + key.slice(at + 1)
      expect(() => readRecoveryKey(typed), `at ${at}`).toThrow(/A character in it is wrong/)
    }
    expect(() => readRecoveryKey(key.slice(1))).toThrow(/here are 29/)
  })
})

test('tries wait for 1, 2, 4 … seconds, at most 60', () => {
  let now = 0
  const attempts = new Attempts(() => now)
  const waits = Array.from({ length: 12 }, () => {
    attempts.failed()
    const wait = attempts.wait()
    now += wait
    return wait
  })
  expect(waits).toEqual([0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60])
  attempts.succeeded()
  attempts.failed()
  expect(attempts.wait()).toBe(0)
})
