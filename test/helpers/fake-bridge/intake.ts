import type { RejectedItem } from '../../../src/preload/contract/intake.ts'

/** What was left out of a folder of letters. */
const ITEMS: readonly RejectedItem[] = [
  {
    file: 'scans/2019-04 discharge Müller.pdf',
    place: null,
    reason:
      'It has no text layer: its 3 pages are pictures, as a scanner makes them, or blank. Recognise the text first (OCR) and save it as PDF again.'
  },
  {
    file: 'letters/referral 118.pdf',
    place: 'page 2',
    reason: 'This page has no text layer: it is blank, or a picture of a page. The other pages were read.'
  },
  {
    file: 'letters/old note.doc',
    place: null,
    reason: 'A file that ends in .doc is not read as a document. Open it where it was written and save it as DOCX, PDF or TXT.'
  },
  { file: 'letters/locked.docx', place: null, reason: 'It is protected by a password. Remove the password and try again.' },
  {
    file: 'ward list.xlsx',
    place: null,
    reason: 'A file that ends in .xlsx is not read as a document. It is a table: drop it by itself.'
  },
  {
    file: 'shared drive',
    place: null,
    reason: 'It is a link that leads out of the folder. Copy the file itself into the folder.'
  }
]

interface Options {
  /** Opens what a folder comes to. */
  readonly open: () => unknown
  /** Data of which something was left out. */
  readonly of: string
}

/** Folders with data, and what was left out of them. */
export const intakeHandlers = ({ open, of }: Options) => ({
  openFolder: open,
  stop: () => undefined,
  rejected: ({ id, from, count }: { readonly id: string; readonly from: number; readonly count: number }) => {
    const items = id === of ? ITEMS : []
    return { total: items.length, from, items: items.slice(from, from + count) }
  },
  saveRejected: () => ({ ticket: 'o-rejected', name: 'letters left out.csv' })
})
