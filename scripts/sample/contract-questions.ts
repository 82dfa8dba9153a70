import { codePointOffsets, type Span } from '../../src/main/data/spans/span.ts'
import type { MarkedRow } from './marked-letters.ts'

/** A question that may be asked of a contract: the marks that answer it stand between such words. */
interface Question {
  readonly name: string
  readonly wordings: readonly string[]
  readonly label: string
  /** What stands before the mark in its sentence, and behind it. */
  readonly before?: RegExp
  readonly after?: RegExp
}

const questions: readonly Question[] = [
  {
    name: 'party',
    wordings: [
      'Who is a party to this contract?',
      'Name a party to the agreement.',
      'Who entered into this contract?',
      'Between whom was this agreed?'
    ],
    label: 'PARTY'
  },
  {
    name: 'law',
    wordings: [
      'Which law governs this contract?',
      'What is the governing law?',
      'The law of which country applies?',
      'Under which law is it construed?'
    ],
    label: 'LAW'
  },
  {
    name: 'term',
    wordings: [
      'How long does this contract run?',
      'What is the term of the contract?',
      'For how long is it concluded?',
      'How long does the agreement last?'
    ],
    label: 'TERM',
    before: /(?:\bruns for|\bterm is|\blasts|\bconcluded for|\bterm of) $/i
  },
  {
    name: 'notice',
    wordings: [
      'How long is the notice period?',
      'What notice must be given to end it?',
      'On what notice may it be terminated?',
      'How much notice does it take?'
    ],
    label: 'TERM',
    before: /(?:\bon|\bwith|\bnotice is|\bunless) $/i
  },
  {
    name: 'renewal',
    wordings: [
      'For how long is it renewed?',
      'How long does it go on once the term is over?',
      'By what time is it extended?',
      'What is the renewal period?'
    ],
    label: 'TERM',
    before: /(?:\brenewed for|\banother) $/i
  },
  {
    name: 'price',
    wordings: ['What is the price?', 'What fee is agreed?', 'How much is the remuneration?', 'What does it cost?'],
    label: 'AMOUNT',
    before: /(?:\bprice|\bfee|\bremuneration) is $/i
  },
  {
    name: 'deposit',
    wordings: [
      'How much is the deposit?',
      'What deposit is due?',
      'What is paid on signature as a deposit?',
      'Which deposit was agreed?'
    ],
    label: 'AMOUNT',
    before: /\bdeposit of $/i
  },
  {
    name: 'liability',
    wordings: [
      'To what amount is liability limited?',
      'What is the limit of liability?',
      'How much is liability capped at?',
      'What is the most that a party is liable for?'
    ],
    label: 'AMOUNT',
    before: /\bliability is limited to $/i
  },
  {
    name: 'insurance',
    wordings: [
      'How much insurance cover is kept?',
      'What must be insured at least?',
      'What is the insurance cover?',
      'Which cover does the insurance have?'
    ],
    label: 'AMOUNT',
    before: /\bcover of at least $/i
  },
  {
    name: 'reminder',
    wordings: [
      'What does a reminder cost?',
      'How much is charged for each reminder?',
      'What is the fee for a reminder?',
      'Which amount is due for reminders?'
    ],
    label: 'AMOUNT',
    after: /^ for each reminder/i
  },
  {
    name: 'rent',
    wordings: ['How much is the rent?', 'What rent is paid a month?', 'What is the monthly rent?', 'Which rent was agreed?'],
    label: 'AMOUNT',
    before: /\brent for unit \S+ is $/i
  },
  {
    name: 'consent',
    wordings: [
      'Above what amount do costs need consent?',
      'From which sum on must consent be asked?',
      'What costs need no consent?',
      'What is the limit for costs without consent?'
    ],
    label: 'AMOUNT',
    before: /\bcosts above $/i
  }
]

/** Questions without an answer that are asked of each contract. */
const unanswered = 2

const answersTo = ({ text, spans }: MarkedRow, { label, before, after }: Question): Span[] =>
  spans
    .filter(
      ({ label: own, start, end }) =>
        own === label && (before?.test(text.slice(0, start)) ?? true) && (after?.test(text.slice(end)) ?? true)
    )
    .toSorted((a, b) => a.start - b.start)

/**
 * Questions about marked contracts, as SQuAD 2.0 has them: an article for each matter, a paragraph for each contract. Every question that has an answer is
 * asked, and two that have none; wordings take turns.
 */
export function contractQuestions(rows: readonly MarkedRow[]): string {
  const matters = [...new Set(rows.map(({ group }) => group))].sort()
  const data = matters.map((title) => ({
    title,
    paragraphs: rows.filter(({ group }) => group === title).map((row) => paragraph(row, rows.indexOf(row)))
  }))
  return `${JSON.stringify({ version: 'v2.0', data })}\n`
}

function paragraph(row: MarkedRow, number: number) {
  const points = codePointOffsets(row.text)
  const found = questions.map((question) => ({ question, answers: answersTo(row, question) }))
  const without = found.filter(({ answers }) => answers.length === 0)
  const asked = [
    ...found.filter(({ answers }) => answers.length > 0),
    ...Array.from({ length: Math.min(unanswered, without.length) }, (_, i) => without[(number + 3 * i) % without.length])
  ]
  const qas = [...new Set(asked)].flatMap((one) => {
    if (!one) return []
    const { question, answers } = one
    return [
      {
        id: `${row.id}-${question.name}`,
        question: question.wordings[number % question.wordings.length] ?? '',
        answers: answers.map(({ start, end }) => ({ text: row.text.slice(start, end), answer_start: points[start] ?? 0 })),
        is_impossible: answers.length === 0
      }
    ]
  })
  return { context: row.text, qas }
}
