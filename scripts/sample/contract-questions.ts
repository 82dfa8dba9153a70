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

/** An extract is at least as long, in UTF-16 units, and as a contract ends. */
const extractLength = 220

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' })

/** Parts of a contract: whole sentences with the marks that stand in them. */
function extractsOf({ text, spans }: MarkedRow): { readonly text: string; readonly spans: readonly Span[] }[] {
  const ends = [...segmenter.segment(text)].map(({ index, segment }) => index + segment.length)
  const cuts = [0]
  for (const end of ends) {
    const isInMark = spans.some((span) => span.start < end && end < span.end)
    if (!isInMark && end - (cuts.at(-1) ?? 0) >= extractLength && text.length - end >= extractLength) cuts.push(end)
  }
  return cuts.map((from, i) => {
    const to = from + text.slice(from, cuts[i + 1] ?? text.length).trimEnd().length
    const own = spans.filter(({ start, end }) => from <= start && end <= to)
    return { text: text.slice(from, to), spans: own.map((span) => ({ ...span, start: span.start - from, end: span.end - from })) }
  })
}

/** Answered questions of each extract at most, and one more that has no answer. */
const mostAnswered = 2

const answersTo = ({ text, spans }: Pick<MarkedRow, 'text' | 'spans'>, { label, before, after }: Question): Span[] =>
  spans
    .filter(
      ({ label: own, start, end }) =>
        own === label && (before?.test(text.slice(0, start)) ?? true) && (after?.test(text.slice(end)) ?? true)
    )
    .toSorted((a, b) => a.start - b.start)

/**
 * Questions about extracts of marked contracts, as SQuAD 2.0 has them: an article for each matter, a paragraph for each extract. Up to two questions that have an
 * answer are asked, and one that has none; questions and wordings take turns.
 */
export function contractQuestions(rows: readonly MarkedRow[]): string {
  const matters = [...new Set(rows.map(({ group }) => group))].sort()
  let number = 0
  const data = matters.map((title) => ({
    title,
    paragraphs: rows
      .filter(({ group }) => group === title)
      .flatMap((row) => extractsOf(row).map((extract, i) => paragraph(`${row.id}-${i + 1}`, extract, number++)))
  }))
  return `${JSON.stringify({ version: 'v2.0', data })}\n`
}

/** `count` of these by turns, from the one that the number says. */
const inTurn = <T>(items: readonly T[], number: number, count: number): T[] =>
  Array.from({ length: Math.min(count, items.length) }, (_, i) => items[(number + i) % items.length]).filter(
    (item) => item !== undefined
  )

function paragraph(id: string, extract: Pick<MarkedRow, 'text' | 'spans'>, number: number) {
  const { text } = extract
  const points = codePointOffsets(text)
  const found = questions.map((question) => ({ question, answers: answersTo(extract, question) }))
  const isAnswered = ({ answers }: (typeof found)[number]): boolean => answers.length > 0
  const asked = [
    ...inTurn(found.filter(isAnswered), number, mostAnswered),
    ...inTurn(
      found.filter((one) => !isAnswered(one)),
      number,
      1
    )
  ]
  const qas = asked.map(({ question, answers }) => ({
    id: `${id}-${question.name}`,
    question: question.wordings[number % question.wordings.length] ?? '',
    answers: answers.map(({ start, end }) => ({ text: text.slice(start, end), answer_start: points[start] ?? 0 })),
    is_impossible: answers.length === 0
  }))
  return { context: text, qas }
}
