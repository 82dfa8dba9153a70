import { count, plural } from '../format.ts'

export const closer = {
  about:
    'A closer look finds near copies, words and columns that give the answer away, other languages, and labels worth a second reading.',
  long: 'For so many rows it takes some minutes.',
  look: 'Look closer',
  looking: 'Looking closer',
  beginning: 'Looking closer …',
  reading: (done: number, total: number) => `${count(done)} of ${count(total)} rows read.`,
  comparing: 'Rows are compared, and a keyword model answers rows that it did not learn from.',
  stop: 'Stop',
  again: 'Look again',
  nothing: 'Looked closer: nothing more was found.',
  found: (findings: number) => `Looked closer: ${plural(findings, 'more finding', 'more findings')}, below the others.`,
  remark: 'Noticed'
}
