import { plural } from '../format.ts'

/** What stands for what in clean versions and copies. */
export const mappings = {
  title: 'What stands for what',
  about:
    'Without this it is kept nowhere, and the next copies get other names. Whoever has the file and its passphrase can undo the replacing.',
  keepBesideCopies: 'Keep it in an encrypted file beside the copies',
  keepBesideVersion: 'Keep it encrypted beside the new version',
  passphrase: 'Passphrase',
  passphraseAgain: 'The same again',
  passphraseHint: 'At least 8 characters; four words are better. Nobody can open the file without it.',
  passphraseDiffers: 'The two differ.',
  chooseFile: 'Go on from an earlier file…',
  chooseBeside: 'Or from what is kept beside',
  none: 'no data set',
  version: (name: string, version: number) => `${name}, version ${version}`,
  forget: 'Begin anew instead',
  known: 'The same values get the same replacements as in the file that you chose.',
  knownBeside: (name: string, version: number) => `The same values get the same replacements as in ${name}, version ${version}.`,
  knownPassphrase: 'Its passphrase',
  samePassphrase: 'The new file gets the same passphrase; the old one stays as it is.',
  cleanTitle: 'Make a clean version',
  cleanAbout: (passages: number) =>
    `${plural(passages, 'passage', 'passages')} would change, in a new version. This one stays as it is.`,
  group: 'Whose row it is, says',
  noGroup: 'no column',
  groupAbout: 'Dates of one person move by the same weeks. Without such a column all rows are taken for one person’s.',
  make: 'Make it',
  secretFirst: 'Type the passphrase for what stands for what first.',
  kept: (version: number) =>
    `What stands for what is kept beside version ${version}, encrypted with the passphrase that was given then. Later clean versions and copies can go on from it.`,
  save: 'Save it…',
  saved: (name: string) => `“${name}” was saved. Do not pass it on with the data.`,
  destroy: 'Destroy it…',
  destroyTitle: 'Destroy what stands for what?',
  destroyText:
    'The clean version stays as it is. Nobody can then tell from it who was meant, and nothing can go on from it. This cannot be undone; what was saved elsewhere stays.',
  destroyNow: 'Destroy it',
  destroyed: 'What stood for what is destroyed.'
}
