import type { DatasetId, ProjectId } from '../../../src/preload/contract/common.ts'
import type { DatasetReport, DatasetSummary, Roles } from '../../../src/preload/contract/data.ts'
import type { RunPlan, TokenExample } from '../../../src/preload/contract/runs.ts'
import { letters } from './data.ts'
import { drawn, patient } from './letters.ts'

export const MARKED = 'marked' as DatasetId
const ROWS = 400

/** Made by hand; nobody in them exists. Passages stand in brackets with their kind. */
const SENTENCES = [
  '[NAME Ines Okafor] attended [PLACE Rokford Infirmary] on [DATE 8 June 2024].',
  'She takes [DRUG prafenac] [DOSE 400 mg] twice a day and no longer [DRUG norvel].',
  'Samples of [DATE 27/02/2016] are filed under [ID 2818-E04].',
  'I will see [NAME Mr Mercer] again on [DATE 22 October], with the results.',
  'Blood pressure was 130 over 80, and walking is easier than it was in the spring.',
  'Please copy the reply to [NAME Dr Yusuf] at [PLACE Garrdale Surgery].'
]

interface Marked {
  readonly text: string
  readonly spans: readonly { readonly start: number; readonly end: number; readonly label: string }[]
}

function marked(sentences: readonly string[]): Marked {
  let text = ''
  const spans: Marked['spans'][number][] = []
  for (const part of sentences.join(' ').split(/(\[[^\]]+\])/)) {
    const [, label, passage] = /^\[([A-Z]+) (.+)\]$/.exec(part) ?? []
    if (label !== undefined && passage !== undefined) spans.push({ start: text.length, end: text.length + passage.length, label })
    text += passage ?? part
  }
  return { text, spans }
}

const letterAt = (n: number): Marked =>
  marked([0, 1, 2].map((i) => SENTENCES[Math.floor(drawn(3 * n + i) * SENTENCES.length)] ?? ''))

/** Letters in which passages are marked. */
export const markedLetters: DatasetSummary = {
  ...letters,
  id: MARKED,
  root: MARKED,
  project: 'p-marked' as ProjectId,
  name: 'marked-letters.jsonl',
  sample: 'marked-letters',
  readAs: { encoding: 'marks of spaCy, UTF-8', delimiter: null },
  columns: [
    { name: 'text', looksLike: 'text', distinct: null, empty: 0 },
    { name: 'spans', looksLike: 'marks', distinct: null, empty: 0 },
    { name: 'id', looksLike: 'id', distinct: 400, empty: 0 },
    { name: 'patient_id', looksLike: 'id', distinct: 201, empty: 0 }
  ],
  rows: ROWS,
  roles: {
    task: 'token-classification',
    text: 'text',
    textPair: null,
    answer: 'spans',
    separator: null,
    group: 'patient_id',
    belonging: 'column'
  }
}

export function markedRowAt(n: number): readonly string[] {
  const { text, spans } = letterAt(n)
  return [text, JSON.stringify(spans), `L${String(n + 1).padStart(4, '0')}`, patient(n)]
}

export const markedReport = (roles: Roles): DatasetReport => ({
  id: MARKED,
  roles,
  rows: { total: ROWS, usable: ROWS },
  classes: null,
  kinds: [
    { name: 'DATE', count: 1268 },
    { name: 'NAME', count: 902 },
    { name: 'PLACE', count: 701 },
    { name: 'DRUG', count: 644 },
    { name: 'DOSE', count: 497 },
    { name: 'ID', count: 300 }
  ],
  questions: null,
  scores: null,
  lengths: Array.from({ length: 12 }, (_, i) => ({
    from: 20 * i,
    to: 20 * (i + 1),
    count: Math.round(90 * Math.exp(-((i - 5) ** 2) / 6))
  })),
  split: { train: 240, validation: 60, test: 100, by: roles.group, from: 'draw', folds: null },
  findings: [
    {
      code: 'marks-none',
      sentence:
        'In 12 texts of 400 nothing is marked. Training learns from that too: what was overlooked there is learned as nothing.',
      rows: 12,
      weight: 'fyi',
      hasRows: false,
      fixes: []
    }
  ],
  blocked: null
})

/** A letter as pieces with their tags: words as they stand, and the first piece of each with its tag. */
function example(n: number): TokenExample {
  const { text, spans } = letterAt(n)
  const tokens = ['[CLS]']
  const tags: (string | null)[] = [null]
  for (const { 0: word, index } of text.matchAll(/[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu)) {
    const span = spans.find(({ start, end }) => index >= start && index < end)
    tokens.push(word.toLowerCase())
    tags.push(span ? `${index === span.start ? 'B' : 'I'}-${span.label}` : 'O')
  }
  return { text, tokens: [...tokens, '[SEP]'], tags: [...tags, null], answer: null, cut: 0 }
}

/** What a plan says where passages are found. */
export const markedPlan = (plan: RunPlan): RunPlan => ({
  ...plan,
  rows: { train: 240, validation: 60, test: 100, skipped: 0 },
  longTexts: { rows: 0, tokens: 0, limit: 256 },
  trainableParameters: 1_290_000,
  totalParameters: 1_290_000,
  steps: 600,
  examples: [4, 9, 15].map(example),
  notes: [
    '4 marks of 4,312 cannot be found exactly: they begin or end inside a word, or beyond where the text is cut. They count as missed.'
  ]
})
