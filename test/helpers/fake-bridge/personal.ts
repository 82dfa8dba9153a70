import type { DatasetId } from '../../../src/preload/contract/common.ts'
import type { DatasetSummary, Revision } from '../../../src/preload/contract/data.ts'
import type { PersonalApi, PersonalFinding, PersonalWish } from '../../../src/preload/contract/personal.ts'

const FINDINGS: readonly PersonalFinding[] = [
  { column: 'patient_id', kind: 'RECORD', passages: 905, rows: 905, added: 0 },
  { column: 'letter', kind: 'NAME', passages: 1684, rows: 861, added: 0 },
  { column: 'letter', kind: 'DATE', passages: 1207, rows: 742, added: 0 },
  { column: 'letter', kind: 'RECORD', passages: 318, rows: 318, added: 0 },
  { column: 'letter', kind: 'ADDRESS', passages: 96, rows: 95, added: 0 },
  { column: 'letter', kind: 'PHONE', passages: 41, rows: 40, added: 0 },
  { column: 'letter', kind: 'AGE', passages: 12, rows: 12, added: 0 },
  { column: 'letter', kind: 'EMAIL', passages: 3, rows: 3, added: 0 }
]

const EXAMPLES = [
  {
    line: 14,
    before: 'Thank you for seeing Mrs ',
    text: 'Ingrid Halden',
    after: ', who has had a dry cough since she came back from'
  },
  { line: 61, before: 'I discussed her case with Dr ', text: 'Penrose', after: ' and we agreed to repeat the scan.' },
  { line: 204, before: 'Kind regards,\n', text: 'Tobias Marley', after: '' }
]

interface Versions {
  readonly has: (id: DatasetId) => boolean
  readonly revise: (revision: Revision) => DatasetSummary
  readonly keep: (made: DatasetSummary) => void
}

/** Personal data of the letters; other tables have none. */
export function personalHandlers({ revise, has, keep }: Versions): {
  readonly [Name in keyof PersonalApi]: (argument: never) => unknown
} {
  return {
    scan: (id: DatasetId) => {
      if (!has(id)) throw new Error('This data set is no longer there. Open its file again.')
      return { id, findings: id.startsWith('letters') ? FINDINGS : [], following: [], isCleaned: id !== 'letters' }
    },
    scanWith: ({ id }: { id: DatasetId }) => ({
      id,
      findings: FINDINGS.map((finding) =>
        finding.kind === 'NAME' ? { ...finding, passages: 1803, rows: 866, added: 119 } : finding
      ),
      following: [],
      isCleaned: false
    }),
    stop: () => undefined,
    examples: () => EXAMPLES,
    remaining: () => [
      { before: 'She was seen at ', text: 'Wexford House', after: ' on the day before and sent home.' },
      { before: 'The sample was sent under ', text: '40772 A', after: ' to the laboratory.' }
    ],
    apply: ({ id, mapping }: PersonalWish) => {
      const made = revise({ id, edits: [], note: 'Personal data: 4,266 passages changed' })
      if (mapping?.keeps === true) keep(made)
      return made
    }
  }
}
