import type { Page } from 'playwright-core'
import type { FakeOptions } from '../fake-bridge/index.ts'
import type { Scene } from '../scenes.ts'

const still: FakeOptions = { filled: true, beat: 0 }
const open: FakeOptions = { ...still, vault: { state: 'open', ways: { passphrase: true, keyring: false } } }
const locked: FakeOptions = {
  ...still,
  vault: { state: 'locked', ways: { passphrase: true, keyring: true }, underWay: { secondsLeft: 184 } }
}
const press = (name: string) => (page: Page) => page.getByRole('button', { name, exact: true }).first().click()

async function typeTwice(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: 'Passphrase', exact: true }).fill('open sesame')
  await page.getByRole('textbox', { name: 'The same again' }).fill('open sesame')
  await press('Encrypt')(page)
}

async function typeWrong(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: 'Passphrase' }).fill('open barley')
  await page.keyboard.press('Enter')
}

/** Encryption and the lock in their states. */
export const VAULT_SCENES: readonly Scene[] = [
  { name: 'vault-question', hash: '#/data/own', options: { ...still, vault: { isAsked: true } } },
  { name: 'vault-recovery', hash: '#/data/own', options: { ...still, vault: { isAsked: true } }, act: typeTwice },
  { name: 'vault-locked', hash: '#/runs/r5', options: locked },
  { name: 'vault-wrong', hash: '#/', options: locked, act: typeWrong },
  { name: 'vault-locked-recovery', hash: '#/', options: locked, act: press('Use the recovery key') },
  {
    name: 'vault-failed',
    hash: '#/',
    options: { ...still, failing: { 'vault:status': 'Attune does not answer. Open it again.' } }
  },
  { name: 'vault-menu', hash: '#/', options: open, act: press('Nothing leaves this PC') },
  { name: 'settings-encryption-open', hash: '#/settings/encryption', options: open },
  { name: 'settings-encryption-plain', hash: '#/settings/encryption', options: still },
  {
    name: 'settings-encryption-converting',
    hash: '#/settings/encryption',
    options: { ...open, vault: { ...open.vault, conversion: { done: 41, total: 163, failure: null } } }
  },
  { name: 'settings-encryption-change', hash: '#/settings/encryption', options: open, act: press('Change passphrase') }
]
