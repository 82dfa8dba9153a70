import type { DatasetId, ProjectId } from '../../../src/preload/contract/common.ts'
import type { DatasetReport, DatasetSummary, Roles } from '../../../src/preload/contract/data.ts'
import type { Answer, RunPlan, TokenExample } from '../../../src/preload/contract/runs.ts'
import { letters } from './data.ts'
import { drawn } from './letters.ts'

export const ASKED = 'asked' as DatasetId
const ROWS = 1300

/** Made by hand; nobody in them exists. */
const EXTRACTS = [
  {
    text: 'Baker Ceramics ApS and Delphi Shipping S.r.l. enter into this agreement for the hosting of a shop. It runs for twelve months.',
    asked: [
      ['Who is a party to this contract?', 'Baker Ceramics ApS'],
      ['How long does this contract run?', 'twelve months'],
      ['Which law governs this contract?', '']
    ]
  },
  {
    text: '4. Buyer shall pay eighty thousand francs a month. 5. The law of the State of Maine applies. 6. Either party may end this on three months’ notice.',
    asked: [
      ['What is the governing law?', 'the State of Maine'],
      ['What notice must be given to end it?', 'three months'],
      ['What does it cost?', 'eighty thousand francs']
    ]
  }
] as const

const rowOf = (n: number) => {
  const extract = EXTRACTS[Math.floor(n / 3) % EXTRACTS.length]!
  const [question, answer] = extract.asked[n % 3]!
  return { text: extract.text, question, answer }
}

/** Extracts of contracts, and questions about them. */
export const askedContracts: DatasetSummary = {
  ...letters,
  id: ASKED,
  root: ASKED,
  project: 'p-asked' as ProjectId,
  name: 'contract-questions.json',
  sample: 'contract-questions',
  readAs: { encoding: 'UTF-8', delimiter: null },
  columns: [
    { name: 'id', looksLike: 'id', distinct: null, empty: 0 },
    { name: 'title', looksLike: 'other', distinct: 119, empty: 0 },
    { name: 'context', looksLike: 'text', distinct: 471, empty: 0 },
    { name: 'question', looksLike: 'text', distinct: 24, empty: 0 },
    { name: 'answers', looksLike: 'answers', distinct: null, empty: 0 }
  ],
  rows: ROWS,
  roles: {
    task: 'question-answering',
    text: 'context',
    textPair: 'question',
    answer: 'answers',
    questions: null,
    separator: null,
    group: 'title',
    belonging: 'column'
  }
}

export function askedRowAt(n: number): readonly string[] {
  const { text, question, answer } = rowOf(n)
  const answers = answer === '' ? [] : [{ text: answer, answer_start: text.indexOf(answer) }]
  return [
    `Q${String(n + 1).padStart(4, '0')}`,
    `M${String(Math.floor(n / 11) + 1).padStart(3, '0')}`,
    text,
    question,
    JSON.stringify(answers)
  ]
}

export const askedReport = (roles: Roles): DatasetReport => ({
  id: ASKED,
  roles,
  rows: { total: ROWS, usable: ROWS },
  classes: null,
  kinds: null,
  questions: {
    asked: ROWS,
    unanswered: 471,
    texts: 471,
    kinds: null,
    answerLengths: [1, 2, 3, 4, 5].map((from) => ({ from, to: from + 1, count: Math.round(400 * drawn(from)) }))
  },
  scores: null,
  lengths: Array.from({ length: 12 }, (_, i) => ({
    from: 30 + 6 * i,
    to: 36 + 6 * i,
    count: Math.round(90 * Math.exp(-((i - 3) ** 2) / 6))
  })),
  split: { train: 781, validation: 194, test: 325, by: roles.group, from: 'draw', folds: null },
  findings: [],
  blocked: null
})

/** A question with its text as pieces: words as they stand, and where the answer begins and ends. */
function example(n: number): TokenExample {
  const { text, question, answer } = rowOf(n)
  const pieces = (of: string) => [...of.matchAll(/[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu)]
  const start = answer === '' ? -1 : text.indexOf(answer)
  const asked = pieces(question).map(([word]) => word.toLowerCase())
  const read = pieces(text)
  const isFirst = (index: number): boolean => index === start
  const isLast = (index: number, word: string): boolean => start >= 0 && index + word.length === start + answer.length
  const tags = read.map(({ 0: word, index }) => (isFirst(index) ? 'first' : isLast(index, word) ? 'last' : null))
  return {
    text,
    tokens: ['[CLS]', ...asked, '[SEP]', ...read.map(([word]) => word.toLowerCase()), '[SEP]'],
    tags: [answer === '' ? 'none' : null, ...asked.map(() => null), null, ...tags, null],
    answer: answer === '' ? 'none' : answer,
    cut: 0
  }
}

/** What a plan says where questions are answered. */
export const askedPlan = (plan: RunPlan): RunPlan => ({
  ...plan,
  rows: { train: 781, validation: 194, test: 325, skipped: 0 },
  longTexts: { rows: 0, tokens: 0, limit: 192 },
  trainableParameters: 1_290_000,
  totalParameters: 1_290_000,
  steps: 1372,
  examples: [1, 3, 2].map(example),
  notes: []
})

/** The first three words after "law of", where the text has some. */
export function answerToQuestion(text: string): Answer {
  const match = /law of (?:the )?(\w+(?: of \w+)?)/.exec(text)
  if (!match)
    return { label: 'no answer', probabilities: null, score: null, needsPerson: null, found: { place: null, sure: 0.91 } }
  const end = match.index + match[0].length
  const place = { start: end - (match[1]?.length ?? 0), end }
  return { label: match[1] ?? '', probabilities: null, score: null, needsPerson: null, found: { place, sure: 0.87 } }
}
