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
  lookAgain: 'Look through it again',
  lookAgainFirst: 'You chose something else since: look through it again before it is written.',
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
  actionFor: (kind: string) => `What to do with ${kind}`,
  byModel: 'Beyond the rules',
  visible: (shown: number, all: number) => `What would still be visible (${count(shown)} of ${count(all)})`,
  visibleTitle: 'What would still be visible',
  visibleStale: 'This is known once it was looked through with what you chose now.',
  visibleNone: 'Nothing that looks like a name or a number of somebody would be left.',
  leftOut: (n: number) => `${plural(n, 'file', 'files')} left out: no copy is made`,
  notes: 'What to know of single files',
  tables: 'Tables',
  columns: 'Columns that are gone through',
  group: 'Whose row it is, says',
  noGroup: 'no column',
  groupAbout:
    'Dates of one person move by the same weeks. Without such a column the rows of a folder are taken for one person’s.',
  knownValues: (n: number) => `${plural(n, 'replacement is', 'replacements are')} known from the earlier file.`,
  write: 'Write the copies…',
  written: (files: number, folder: string) => `${plural(files, 'clean copy', 'clean copies')} written to the folder “${folder}”.`,
  writtenWith: (files: number, folder: string, mapping: string) =>
    `${plural(files, 'clean copy', 'clean copies')} written to the folder “${folder}”, and what stands for what to “${mapping}”. Do not pass that on.`
}
