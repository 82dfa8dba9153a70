import type { Scene } from '../scenes.ts'

const still = { filled: true, beat: 0 }

/** Settings that say what this installation is and can do. */
export const diagnosticsScenes: readonly Scene[] = [
  { name: 'settings-diagnostics', hash: '#/settings/diagnostics', options: still },
  { name: 'settings-about', hash: '#/settings/about', options: still },
  {
    name: 'settings-licence',
    hash: '#/settings/about',
    options: still,
    act: (page) => page.getByRole('button', { name: 'MIT: the licence of uplot' }).click()
  }
]
