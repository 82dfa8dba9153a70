import { plural } from '../format.ts'

export const findings = {
  show: 'Show the rows',
  all: 'All findings',
  tableOf: (sentence: string) => `Rows of the finding: ${sentence}`,
  line: 'Line',
  fixes: {
    unlabelled: { drop: 'Drop these rows', merge: '' },
    'empty-texts': { drop: 'Drop these rows', merge: '' },
    duplicates: { drop: 'Keep the first of each', merge: '' },
    'rare-classes': { drop: 'Drop these classes', merge: '' },
    'similar-classes': { drop: '', merge: 'Write them alike' }
  } as Readonly<Record<string, Readonly<Record<'drop' | 'merge', string>>>>,
  label: 'Label them',
  several: 'Several classes for each row',
  mergeClasses: 'Merge classes',
  even: 'Even out while training',
  fixed: (note: string) => `New version: ${note}`,
  undone: 'Undone. You are back at the version before.',
  classesTitle: 'Rename or merge classes',
  classesAbout: 'Choose one class to rename it, or several to make them one. A new version is made; the one before stays.',
  classesEdit: 'Rename or merge',
  chosen: (n: number) => `${plural(n, 'class', 'classes')} chosen`,
  newName: 'New name',
  rename: 'Rename',
  merge: 'Merge',
  filter: 'Find a class'
}
