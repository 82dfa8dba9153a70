import { plural } from '../format.ts'

/** What dropping means where it is not about every row of the finding. */
const DROPS: Readonly<Record<string, string>> = {
  duplicates: 'Keep the first of each',
  'near-duplicates': 'Keep the first of each',
  'rare-classes': 'Drop these classes'
}

export const findings = {
  show: 'Show the rows',
  counting: 'Counting how long the texts are for the model',
  all: 'All findings',
  tableOf: (sentence: string) => `Rows of the finding: ${sentence}`,
  line: 'Line',
  fixOf: (code: string, fix: 'drop' | 'merge' | 'relabel') =>
    fix === 'merge' ? 'Write them alike' : fix === 'relabel' ? 'Relabel all as suggested' : (DROPS[code] ?? 'Drop these rows'),
  label: 'Label them',
  several: 'Several classes for each row',
  mergeClasses: 'Merge classes',
  even: 'Even out while training',
  fixed: (note: string) => `New version: ${note}`,
  undone: 'Undone. You are back at the version before.',
  renameClasses: {
    title: 'Rename or merge classes',
    about: 'Choose one class to rename it, or several to make them one. A new version is made; the one before stays.',
    chosen: (n: number) => `${plural(n, 'class', 'classes')} chosen`,
    filter: 'Find a class'
  },
  classesEdit: 'Rename or merge',
  newName: 'New name',
  rename: 'Rename',
  merge: 'Merge'
}
