import type { CopiesApi, CopiesReport } from '../../../src/preload/contract/copies.ts'

/** A folder of letters. */
const REPORT: CopiesReport = {
  name: 'Letters 2026',
  files: 38,
  kinds: [
    { kind: 'NAME', passages: 164, byRules: 131 },
    { kind: 'DATE', passages: 96, byRules: 96 },
    { kind: 'RECORD', passages: 41, byRules: 38 }
  ],
  leftOut: [{ file: 'scan-3.png', place: null, reason: 'its form is not known' }],
  visible: [
    { before: 'She was seen at ', text: 'Wexford House', after: ' on the day before and sent home.' },
    { before: 'The sample was sent under ', text: '40772 A', after: ' to the laboratory.' }
  ],
  visibleAll: 17
}

export const copiesHandlers: { readonly [Name in keyof CopiesApi]: (argument: never) => unknown } = {
  look: () => REPORT,
  write: () => ({ ...REPORT, folder: 'Letters 2026 without personal data' }),
  stop: () => undefined
}
