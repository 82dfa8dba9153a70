import type { CopiesApi, CopiesReport, CopiesWish } from '../../../src/preload/contract/copies.ts'

/** A folder of letters with a list of appointments. */
const REPORT: CopiesReport = {
  name: 'Letters 2026',
  files: 38,
  kinds: [
    { kind: 'NAME', passages: 164, byRules: 131 },
    { kind: 'DATE', passages: 96, byRules: 96 },
    { kind: 'DRUG', passages: 52, byRules: 0 },
    { kind: 'RECORD', passages: 41, byRules: 38 }
  ],
  columns: ['patient', 'appointment', 'ward', 'note'],
  notes: [
    {
      file: 'appointments.xlsx',
      note: 'only the values of cells were carried over: no formulas, comments, pictures, hidden parts or formats.'
    }
  ],
  leftOut: [{ file: 'scan-3.png', place: null, reason: 'its form is not known' }],
  visible: [
    { before: 'She was seen at ', text: 'Wexford House', after: ' on the day before and sent home.' },
    { before: 'The sample was sent under ', text: '40772 A', after: ' to the laboratory.' }
  ],
  visibleAll: 17,
  known: null
}

const reportFor = ({ known }: CopiesWish): CopiesReport => ({ ...REPORT, known: known === null ? null : 212 })

export const copiesHandlers: { readonly [Name in keyof CopiesApi]: (argument: never) => unknown } = {
  look: (wish: CopiesWish) => reportFor(wish),
  write: (wish: CopiesWish & { readonly keepsMapping: boolean }) => ({
    ...reportFor(wish),
    folder: 'Letters 2026 without personal data',
    mapping: wish.keepsMapping ? 'Letters 2026 mapping.age' : null
  }),
  stop: () => undefined
}
