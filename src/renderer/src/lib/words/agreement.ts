import { count, plural } from '../format.ts'

/** How far two people who mark agree. */
export const agreement = {
  open: 'Compare two people',
  title: 'Do two people mark alike?',
  about: 'Over the documents that both finished. What you settle goes into the next version; what each marked stays as it is.',
  first: 'One',
  second: 'The other',
  nothing: 'There is no document yet that both finished. Let each of them go through some of the same documents.',
  same: (n: number) => `Both marked ${plural(n, 'document', 'documents')} alike.`,
  over: (n: number) => `${plural(n, 'document', 'documents')} finished by both. F1 with its 95 % interval; 1 is full agreement.`,
  what: 'Passages',
  both: 'both',
  f1: 'F1',
  strict: 'Same stretch and kind (strict)',
  overlap: 'Same kind, stretches overlap',
  disagreements: (n: number, settled: number) =>
    `${plural(n, 'document is', 'documents are')} marked differently, ${count(settled)} settled`,
  list: 'Documents that are marked differently',
  settled: 'settled',
  waits: 'not settled',
  settleTitle: 'What is right?',
  keep: 'Keep',
  take: (name: string) => `Take those of ${name}`,
  settle: 'This is right',
  neither: 'neither of them',
  readAnew: 'Have a third person read it…',
  readTitle: 'Who reads it anew?',
  notThird: 'A third person reads it anew: somebody other than the two.',
  tooFar: 'This document is too far down to be listed. Settle it by what the two marked.',
  reading: (first: string, second: string) =>
    `This document is marked differently by ${first} and ${second}. Mark it anew, without their marks, then say that this is right.`,
  takeReading: 'Take this as right',
  back: 'Back to the comparison',
  who: 'Whose labels',
  ofMarks: 'Whose marks',
  own: 'the data’s own',
  somebody: 'somebody else…',
  whoTitle: 'Who labels?',
  whoName: 'Name, kept on this PC',
  labels: {
    title: 'Do two people label alike?',
    about: 'Over the rows that both labelled. What you settle goes into the next version; what each said stays as it is.',
    nothing: 'There is no row yet that both labelled. Let each of them go through some of the same rows.',
    same: (n: number) => `Both gave ${plural(n, 'row', 'rows')} the same class.`,
    over: (n: number) =>
      `${plural(n, 'row', 'rows')} labelled by both. 95 % intervals; a kappa of 0 is what chance gives, 1 is full agreement.`,
    kappa: 'Cohen’s kappa',
    alike: 'Share of rows with the same class',
    disagreements: (n: number, settled: number) =>
      `${plural(n, 'row has', 'rows have')} different classes, ${count(settled)} settled`,
    list: 'Rows with different classes',
    right: (name: string) => `Right: ${name}`
  }
}
