import type { Scene } from '../scenes.ts'

const still = { filled: true, beat: 0 }

/** Settings that say what this installation is and can do. */
export const diagnosticsScenes: readonly Scene[] = [
  { name: 'settings-device', hash: '#/settings/device', options: still },
  { name: 'settings-device-loading', hash: '#/settings/device', options: { ...still, silent: ['diagnostics:devices'] } },
  {
    name: 'settings-device-failed',
    hash: '#/settings/device',
    options: { ...still, failing: { 'diagnostics:devices': 'The computing library could not be asked.' } }
  },
  { name: 'settings-diagnostics', hash: '#/settings/diagnostics', options: still },
  { name: 'settings-about', hash: '#/settings/about', options: still },
  {
    name: 'settings-licence',
    hash: '#/settings/about',
    options: still,
    act: (page) => page.getByRole('button', { name: 'MIT: the licence of uplot' }).click()
  }
]
