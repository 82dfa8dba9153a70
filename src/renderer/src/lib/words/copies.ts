import { count, plural } from '../format.ts'

/** Clean copies of a folder of documents. */
export const copies = {
  open: 'Clean copies of a folder',
  title: 'Clean copies of a folder',
  about:
    'DOCX (layout kept), TXT, MD, CSV, TSV, JSON Lines and XLSX stay what they are; PDF and e-mail become text. Originals are only read, and nothing is written before you have seen what would be.',
  from: 'Folder',
  choose: 'Choose the folder',
  another: 'Another folder',
  action: 'What is found is to be',
  actions: { mask: 'masked: [NAME]', pseudonymise: 'replaced, the same by the same', remove: 'removed' },
  look: 'Look through it',
  lookFirst: 'Choose a folder, then look through it: nothing is written yet.',
  looking: 'Going through the files',
  lookingAt: (done: number, total: number) => `${count(done)} of ${plural(total, 'file', 'files')}`,
  stop: 'Stop',
  found: (passages: number, files: number) =>
    `${plural(passages, 'passage', 'passages')} in ${plural(files, 'file', 'files')} would be changed.`,
  foundNone: (files: number) =>
    `Nothing personal was found in ${plural(files, 'file', 'files')}. Look at what would still be visible.`,
  kind: 'What',
  passages: 'Passages',
  byModel: 'Beyond the rules',
  visible: (shown: number, all: number) => `What would still be visible (${count(shown)} of ${count(all)})`,
  visibleNone: 'Nothing that looks like a name or a number of somebody would be left.',
  leftOut: (n: number) => `${plural(n, 'file', 'files')} left out: no copy is made`,
  write: 'Write the copies…',
  written: (files: number, folder: string) => `${plural(files, 'clean copy', 'clean copies')} written to the folder “${folder}”.`
}
