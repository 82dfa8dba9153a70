import { count, duration, percent, plural } from '../format.ts'

export const intake = {
  folder: 'Choose a folder',
  stop: 'Stop reading',
  copying: (done: number, total: number) => `${count(done)} of ${plural(total, 'file', 'files')} handed over`,
  documents: (done: number, total: number) => `${count(done)} of ${plural(total, 'document', 'documents')} read`,
  /** Rows are counted while they are laid down; before that only bytes are. */
  share: (rows: number, { share, secondsLeft }: { readonly share: number; readonly secondsLeft: number | null }) => {
    const read = `${percent(share)} read`
    const counted = rows > 0 ? `${plural(rows, 'row', 'rows')}, ${read}` : read
    return secondsLeft === null ? counted : `${counted}, about ${duration(secondsLeft)} left`
  },
  leaveOut: 'Leave such rows out',
  dataFolder: 'Choose a folder with data',
  dataFolderAbout:
    'Each document in it (DOCX, PDF, EML, HTML, MD, TXT) becomes a row, folders in it become classes. Nothing in it is changed.',
  leftOut: (n: number) =>
    n === 1 ? '1 entry was left out when this was read.' : `${count(n)} entries were left out when this was read.`,
  show: 'Show what and why',
  title: 'What was left out',
  about: 'Files, pages and rows that could not be read, each with its reason. The originals are as they were.',
  file: 'File, and where in it',
  reason: 'Why, and what helps',
  table: 'Entries that were left out',
  save: 'Save as CSV',
  saved: 'The list was saved.'
}
