import { plural } from '../format.ts'

export const vault = {
  // Asked when the first file arrives.
  questionTitle: 'Shall Attune encrypt your files?',
  questionText:
    'You have opened a file of your own. Attune keeps a copy of it, and what it learns from it, in its data folder on this disk. Encrypted, nobody can read them without your passphrase: not with the disk in another PC, not from a backup.',
  notNow: 'Not now',
  notNowText:
    'Without it, whoever can open this disk can read them. If the whole disk is encrypted (BitLocker, FileVault, LUKS), that is enough against theft. You can change your mind in Settings.',
  protect: 'Encrypt',
  protecting: 'Encrypting…',
  passphrase: 'Passphrase',
  passphraseAgain: 'The same again',
  passphraseHint: 'At least 8 characters. Four unrelated words are easy to remember and hard to guess.',
  differ: 'The two are not the same.',
  withKeyring: "Also open with this PC's keyring, so that nothing is asked when you are logged in",
  show: 'Show',
  hide: 'Hide',
  // The recovery key.
  recoveryTitle: 'Your recovery key',
  recoveryText:
    'If the passphrase is forgotten, this key opens your files, and nothing else does: neither we nor anybody else can help. It is shown once.',
  recoveryLabel: 'Recovery key',
  recoveryPlace: 'Keep it on paper, away from this PC.',
  printKey: 'Print',
  writtenDown: 'I have written it down',
  // The lock screen.
  lockedTitle: 'Attune is locked',
  lockedText: 'Your files are encrypted.',
  unlock: 'Unlock',
  unlocking: 'Unlocking…',
  useRecovery: 'Use the recovery key',
  usePassphrase: 'Use the passphrase',
  useKeyring: "Use this PC's keyring",
  recoveryHint: 'Six groups of five characters. Capitals, spaces and hyphens do not matter.',
  quit: 'Quit Attune',
  quitted: 'Attune is closing. You can close this page.',
  underWay: (left: string | null) => (left === null ? 'A run is under way.' : `A run is under way, ${left} left.`),
  // The chip.
  chipPlain: 'Not encrypted',
  chipOpen: 'Encrypted',
  menu: 'Privacy and lock',
  lockNow: 'Lock now',
  toPrivacy: 'What is checked',
  toEncryption: 'Encryption',
  // Settings.
  tab: 'Encryption',
  stateOpen: 'Your files are encrypted.',
  statePlain: 'Your files lie unencrypted in the data folder.',
  plainText:
    'Whoever can open this disk can read them: another account with administrator rights, whoever finds the PC or a backup of it. If the whole disk is encrypted (BitLocker, FileVault, LUKS), that is fine against theft, but not against other programs and accounts on this PC.',
  encryptNow: 'Encrypt my files',
  converting: (done: number, total: number) =>
    `Encrypting what was there before: ${done} of ${plural(total, 'file', 'files')}. You can go on working.`,
  convertingSoon: 'Encrypting what was there before. You can go on working.',
  waysTitle: 'What opens them',
  wayPassphrase: 'Your passphrase',
  wayKeyring: "This PC's keyring",
  wayRecovery: 'Your recovery key',
  on: 'set',
  off: 'not set',
  keyringAbsent: 'not offered here',
  change: 'Change passphrase',
  setPassphrase: 'Set a passphrase',
  removePassphrase: 'Remove passphrase',
  newRecovery: 'New recovery key',
  newRecoveryText: 'The key you have now opens nothing any more once the new one is made.',
  current: 'Your passphrase now',
  currentAny: 'Your passphrase now, or your recovery key',
  next: 'New passphrase',
  save: 'Save',
  make: 'Make a new one',
  changed: 'The passphrase was changed.',
  autoLock: 'Lock when nobody touches the page for',
  never: 'never',
  minutes: (n: number) => plural(n, 'minute', 'minutes'),
  autoLockText: 'Training goes on while Attune is locked; names are hidden.',
  coveredTitle: 'What is encrypted',
  covered: [
    'Your tables, their rows and everything computed from them: tokens, stored layers, checkpoints.',
    'Runs: settings, curves, answers, reports, and the weights that they trained.',
    'Each project has a key of its own. Deleting a project for good destroys it: remains of its files, and backups beside the data folder, can then be read by nobody.',
    'The record of runs and data sets, drafts, the bin, and the backups that Attune keeps in its data folder.'
  ],
  openTitle: 'What is not',
  open: [
    'Base models and the copies of them that the computing library maps: they were published by others.',
    'Names of folders (numbers and dates), sizes and times of files, and whether somebody uses Attune.',
    'Your own files where they lie, whatever you save or export, and a file that waits to be saved, for ten minutes at most.',
    'Memory while Attune runs. While it is locked, it keeps the keys, so that training can go on; quitting forgets them.',
    'What lay on the disk before it was encrypted: recovery tools may find remains of it.',
    'Backups that you made in another folder keep the keys of projects that you delete later. Delete those backups, too.'
  ]
}
