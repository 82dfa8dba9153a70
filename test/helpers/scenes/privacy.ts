import type { Scene } from '../scenes.ts'

export const PRIVACY_SCENES: readonly Scene[] = [
  { name: 'privacy-failing', hash: '#/settings', options: { filled: true, beat: 0, leaking: true } },
  { name: 'privacy-failing-home', hash: '#/', options: { filled: true, beat: 0, leaking: true } },
  { name: 'privacy-loading', hash: '#/settings', options: { filled: true, beat: 0, silent: ['app:privacy'] } },
  {
    name: 'privacy-failed',
    hash: '#/settings',
    options: {
      filled: true,
      beat: 0,
      failing: { 'app:privacy': 'The connections of this system could not be read. Check again.' }
    }
  }
]
