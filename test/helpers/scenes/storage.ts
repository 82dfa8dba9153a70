import type { FakeOptions } from '../fake-bridge/index.ts'
import type { Scene } from '../scenes.ts'

const still: FakeOptions = { filled: true, beat: 0 }

/** The data folder: with backups, without, at work, warned, read for the first time, and out of reach. */
export const STORAGE_SCENES: readonly Scene[] = [
  { name: 'storage-full', hash: '#/settings/storage', options: still },
  {
    name: 'storage-empty',
    hash: '#/settings/storage',
    options: { ...still, storage: { backups: [], asides: [], budget: 500e6, risk: 'synchronised' } }
  },
  {
    name: 'storage-busy',
    hash: '#/settings/storage',
    options: { ...still, storage: { task: { task: 'backup', phase: 'copying', done: 84e6, total: 141e6 } } }
  },
  {
    name: 'storage-delete',
    hash: '#/settings/storage',
    options: still,
    act: (page) => page.getByRole('button', { name: 'Delete all data', exact: true }).click()
  },
  { name: 'storage-loading', hash: '#/settings/storage', options: { ...still, silent: ['storage:overview'] } },
  {
    name: 'storage-failed',
    hash: '#/settings/storage',
    options: { ...still, failing: { 'storage:overview': 'The data folder cannot be read. Check that its disk is connected.' } }
  }
]
