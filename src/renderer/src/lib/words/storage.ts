import { bytes, moment } from '../format.ts'

export const storage = {
  tab: 'Storage',
  where: 'Where everything is',
  folder: 'Data folder',
  free: 'Free on this disk',
  sizes: 'Size',
  kind: 'What',
  bytes: 'Size',
  total: 'All of it',
  kinds: {
    tracker: 'List of runs and their curves',
    data: 'Your data',
    runs: 'Runs and what they learned',
    models: 'Models that were brought here',
    bin: 'Bin',
    caches: 'Caches (made again when needed)',
    former: 'Copies from before an update',
    other: 'Settings and other files'
  },
  risks: {
    network: 'The data folder lies on a network drive: your data leave this PC. Move it to a disk of this PC.',
    synchronised: 'A synchronising program copies the data folder elsewhere: your data leave this PC. Move it to another place.'
  },
  emptyCaches: 'Empty caches',
  emptied: 'The caches are empty.',
  budget: 'Warn above, GB',
  budgetOver: (total: number, budget: number) =>
    `Attune uses ${bytes(total)}, more than the ${bytes(budget)} that you named. Empty the caches or the bin, or delete backups.`,
  backups: 'Backups',
  backupsAbout: (folder: string) =>
    `A copy of everything, read again and compared when it is written. What is encrypted stays encrypted, under the one key of the whole folder. Without another choice it goes to ${folder}, on the same disk as the data: copy it to another disk.`,
  noBackups: 'No backup has been made here yet.',
  backUp: 'Back up',
  backUpTo: 'Back up to…',
  restore: 'Restore',
  restoreOf: (name: string) => `Restore ${name}`,
  restoreFrom: 'Restore from…',
  restoreTitle: 'Restore this backup?',
  restoreText:
    'It is checked first, file by file. Then it takes the place of the present data, which are set aside and not deleted. A run that is under way stops at a checkpoint.',
  remove: 'Delete',
  removeOf: (name: string) => `Delete ${name}`,
  removeTitle: (name: string) => `Delete ${name}?`,
  removeText: (size: number) => `${bytes(size)} are deleted now. This cannot be undone.`,
  name: 'Name',
  made: 'Made',
  madeAt: (iso: string) => moment(iso),
  asides: 'Set aside when a backup was restored',
  move: 'Move the data folder',
  moveAbout:
    'Everything is copied, read again and compared; only then is the old folder emptied. A run that is under way stops at a checkpoint. Network drives and synchronised folders are refused.',
  moveTo: 'Move to…',
  deletion: 'Delete all data',
  deletionAbout: (files: string) =>
    `Deletes all of the data folder, ${files}: projects, data, runs, models that were brought here, caches, bin, settings, and what was set aside. Backups, the files that the data came from, and the window’s own files, such as its size and colours, stay.`,
  deletionTitle: 'Delete all data of Attune?',
  deletionType: (word: string) => `Type ${word} to confirm`,
  deleteAll: 'Delete everything',
  deleted: 'All data have been deleted.',
  moved: 'The data folder has been moved.',
  restored: 'The backup has been restored.',
  backedUp: (size: number) => `Backed up, ${bytes(size)}, and compared.`,
  phases: {
    copying: 'Copying',
    verifying: 'Reading again and comparing',
    checking: 'Checking and copying the backup',
    closing: 'Stopping runs and closing',
    deleting: 'Deleting',
    opening: 'Opening'
  },
  progress: (phase: string, done: number, total: number) =>
    total === 0 ? `${phase}…` : `${phase}: ${bytes(done)} of ${bytes(total)}`
}
