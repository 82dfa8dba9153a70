import type { Measured, RunId } from '../../../src/preload/contract/common.ts'
import type { PassageVerdict } from '../../../src/preload/contract/passages.ts'
import type {
  AnsweredDocument,
  AnswerText,
  FixedQuestion,
  NoneCounts,
  QuestionError,
  QuestionErrorKind,
  QuestionRequest,
  QuestionReview,
  QuestionsApi
} from '../../../src/preload/contract/questions.ts'
import type { Groups, VerdictSummary } from '../../../src/preload/contract/results.ts'
import type { Answer, RunResult } from '../../../src/preload/contract/runs.ts'
import { drawn } from './letters.ts'

/** The run that answers questions. */
export const ASKING_RUN = 'rq' as RunId

export const ASKED = [
  { name: 'GOVERNING_LAW', words: 'Which law governs the contract?' },
  { name: 'NOTICE', words: 'With which notice may a party end it?' },
  { name: 'FEE', words: 'What is the monthly fee?' }
] as const

const PARTIES = ['Alder Cartage', 'Bright Meadow Dairy', 'Corven Tools', 'Dunmore Print', 'Eastfield Care']
const LAWS = ['the laws of Norway', 'English law', 'the law of Bavaria', 'the laws of Kenya']
const NOTICES = ['three months', 'thirty days', 'six weeks']

const of = <T>(all: readonly T[], n: number): T => all[Math.floor(drawn(n) * all.length)] ?? all[0]!

interface Place {
  readonly start: number
  readonly end: number
}

/** A contract of the fake with where each question is answered; some hold no fee and some no notice. */
export function contract(n: number): { readonly text: string; readonly places: Readonly<Record<string, Place | null>> } {
  const [law, notice] = [of(LAWS, n), drawn(n + 40) < 0.8 ? of(NOTICES, n + 3) : null]
  const fee = drawn(n + 50) < 0.7 ? `${Math.round(400 + 600 * drawn(n + 60))} euros` : null
  const text = [
    `This agreement is made between ${of(PARTIES, n + 1)} Ltd and ${of(PARTIES, n + 2)} Partners.`,
    fee ? `The customer pays ${fee} each month, before the tenth day of it.` : 'What is owed is set out in a separate schedule.',
    notice ? `Either side may end it with a notice of ${notice}, given in writing.` : 'It ends with the works that it is about.',
    `Anything that is disputed about it is decided under ${law}. Changes are valid only in writing.`
  ].join('\n\n')
  const placeOf = (words: string | null): Place | null => {
    const start = words === null ? -1 : text.indexOf(words)
    return words === null || start < 0 ? null : { start, end: start + words.length }
  }
  return { text, places: { GOVERNING_LAW: placeOf(law), NOTICE: placeOf(notice), FEE: placeOf(fee) } }
}

/** What the fake model says to a question about a contract: mostly what is right. */
export function saidTo(n: number, question: number): Place | null {
  const { text, places } = contract(n)
  const truth = places[ASKED[question]?.name ?? ''] ?? null
  const luck = drawn(n * 7 + question * 3 + 1)
  if (!truth) return luck < 0.25 ? { start: text.indexOf('agreement'), end: text.indexOf('agreement') + 9 } : null
  if (luck > 0.3) return truth
  if (luck > 0.18) return { start: truth.start, end: truth.end - 4 }
  return luck > 0.08 ? { start: 0, end: 14 } : null
}

export const sureOf = (n: number, question: number): number => 0.42 + 0.56 * drawn(n * 5 + question)

interface Judged {
  readonly key: string
  readonly line: number
  readonly question: number
  readonly truth: Place | null
  readonly said: Place | null
  readonly sure: number
}

const DOCUMENTS = 48
const JUDGED = Array.from({ length: DOCUMENTS }, (_, n) =>
  ASKED.map(({ name }, question): Judged => ({
    key: `${n + 1}|${name}`,
    line: n + 1,
    question,
    truth: contract(n).places[name] ?? null,
    said: saidTo(n, question),
    sure: sureOf(n, question)
  }))
).flat()

const isSame = (a: Place | null, b: Place | null): boolean => a?.start === b?.start && a?.end === b?.end

function errorOf({ truth, said }: Judged): QuestionErrorKind | null {
  if (isSame(truth, said)) return null
  if (!truth) return 'invented'
  return !said ? 'missed' : said.start === truth.start ? 'partly' : 'wrong'
}

const textAt = (line: number, place: Place): AnswerText => ({
  ...place,
  text: contract(line - 1).text.slice(place.start, place.end)
})

const ERRORS: readonly QuestionError[] = JUDGED.flatMap((judged): QuestionError[] => {
  const [error, asked] = [errorOf(judged), ASKED[judged.question]]
  if (!error || !asked) return []
  const { key, line, truth, said, sure } = judged
  return [
    {
      key,
      line,
      ...asked,
      error,
      truth: truth ? [textAt(line, truth)] : [],
      said: said && textAt(line, said),
      sure,
      verdict: null
    }
  ]
}).sort((a, b) => (b.said ? b.sure : 0) - (a.said ? a.sure : 0))

const measured = (value: number, half: number): Measured => ({ value, low: value - half, high: Math.min(1, value + half) })

const countOf = (kind: QuestionErrorKind): number => ERRORS.filter(({ error }) => error === kind).length

function fixed(): readonly FixedQuestion[] {
  return ASKED.map(({ name, words }, question) => {
    const own = JUDGED.filter((each) => each.question === question)
    const exact = own.filter((each) => errorOf(each) === null).length / own.length
    return {
      name,
      wordings: question === 0 ? [words, 'Under which law does it stand?'] : [words],
      documents: own.length,
      answered: own.filter(({ truth }) => truth !== null).length,
      exact: measured(exact, 0.1),
      f1: measured(Math.min(0.97, exact + 0.05), 0.09)
    }
  })
}

function noneCounts(): NoneCounts {
  const unanswered = JUDGED.filter(({ truth }) => truth === null).length
  const [partly, wrong, none, said] = [countOf('partly'), countOf('wrong'), countOf('missed'), countOf('invented')]
  return {
    answered: { exact: JUDGED.length - unanswered - partly - wrong - none, partly, wrong, none },
    unanswered: { said, none: unanswered - said }
  }
}

/** What the fake model says to a question about one of its contracts; of other texts it knows nothing. */
export function answerFromContract(text: string, words: string): Answer {
  const n = Array.from({ length: DOCUMENTS }, (_, at) => at).find((at) => contract(at).text === text) ?? -1
  const question = ASKED.findIndex((each) => each.words === words)
  const place = n < 0 || question < 0 ? null : saidTo(n, question)
  const label = place ? text.slice(place.start, place.end) : 'no answer'
  return { label, probabilities: null, score: null, needsPerson: null, found: { place, sure: sureOf(n, question) } }
}

type Handlers = { readonly [Name in keyof QuestionsApi]: (argument: never) => unknown }

/** What each of the folds of a run fitted; one always answers. */
export const FOLDS = [0.84, 1.31, -0.2, null, 0.77] as const

/** `folds`: the threshold of each where the run was tested by folds. */
export function questionsHandlers(folds: readonly (number | null)[] | null): Handlers {
  const verdicts = new Map<string, PassageVerdict>()
  const summary = (): VerdictSummary => {
    const all = [...verdicts.values()]
    const labelWrong = all.filter((each) => each === 'label-wrong').length
    return {
      labelWrong,
      modelWrong: all.filter((each) => each === 'model-wrong').length,
      unclear: all.filter((each) => each === 'unclear').length,
      waiting: labelWrong,
      dataset: null,
      changedAfter: 0,
      changedBefore: 0
    }
  }
  return {
    review: (): QuestionReview => ({
      questions: JUDGED.length,
      documents: DOCUMENTS,
      errors: ERRORS.length,
      byError: {
        missed: countOf('missed'),
        invented: countOf('invented'),
        partly: countOf('partly'),
        wrong: countOf('wrong')
      },
      fixed: fixed(),
      none: noneCounts(),
      threshold: folds ?? 0.84,
      verdicts: summary()
    }),
    errors: ({ only, name, from, count }: QuestionRequest) => {
      const kept = ERRORS.map((row) => ({ ...row, verdict: verdicts.get(row.key) ?? null })).filter(
        (row) =>
          (only === 'all' || (only === 'judged' ? row.verdict !== null : row.error === only)) &&
          (name === null || row.name === name)
      )
      return { total: kept.length, from, rows: kept.slice(from, from + count) }
    },
    document: ({ key }: { key: string }): AnsweredDocument => {
      const judged = JUDGED.find((each) => each.key === key) ?? JUDGED[0]!
      const { line, truth, said, question } = judged
      const marks: AnsweredDocument['marks'] = isSame(truth, said)
        ? truth
          ? [{ ...truth, state: 'right' }]
          : []
        : [...(truth ? [{ ...truth, state: 'true' as const }] : []), ...(said ? [{ ...said, state: 'found' as const }] : [])]
      const { name = null, words = '' } = ASKED[question] ?? {}
      return { key, line, name, words, text: contract(line - 1).text, marks }
    },
    judge: ({ key, verdict }: { key: string; verdict: PassageVerdict | null }) => {
      if (verdict === null) verdicts.delete(key)
      else verdicts.set(key, verdict)
      return summary()
    },
    revise: () => 'letters-2',
    groups: (): Groups => ({
      by: 'length',
      ways: [{ id: 'length', title: 'Length of the text' }],
      metric: 'exact',
      metrics: [{ id: 'exact', title: 'Answered exactly right', isShare: true }],
      rows: ['under 290 characters', '290 to 305 characters', '306 characters or more'].map((name, i) => ({
        name,
        rows: 48,
        value: measured(0.78 - 0.04 * i, 0.11),
        difference: measured(0.04 - 0.04 * i, 0.14),
        p: 0.7 - 0.1 * i,
        isMerged: false,
        isFew: false
      })),
      merged: 0
    })
  }
}

/** What the Result screen says of it. */
export function askingResultOf(id: RunId, folds: number | null): RunResult {
  const { answered, unanswered } = noneCounts()
  const has = answered.exact + answered.partly + answered.wrong + answered.none
  const none = unanswered.said + unanswered.none
  const right = answered.exact + unanswered.none
  return {
    id,
    headline: `Answers 64–79 % of questions exactly right (95 % interval; ${right} of ${has + none} on ${DOCUMENTS} unseen documents here).`,
    beside: `Of the ${has} questions whose document has an answer, it gets ${answered.exact}. Of the ${none} questions without an answer, it says so for ${unanswered.none}. F1 over all questions: 0.76; the sentence nearest to the question, 0.41; the most frequent known answer, 0.44.${folds === null ? '' : ` Every question was answered by a model that had not learned from its document (${folds} folds).`}`,
    verdict: { tone: 'good', sentence: 'Better than what it was set beside.' },
    warnings: [],
    testRows: has + none,
    testLooks: 1,
    baselines: [
      { id: 'nearest', title: 'Sentence nearest to the question (BM25)', difference: '+0.35 (0.27–0.43) in F1 of answers' },
      { id: 'known', title: 'Most frequent known answer', difference: '+0.32 (0.23–0.41) in F1 of answers' }
    ],
    metrics: [
      {
        id: 'answer_f1',
        title: 'F1 of answers',
        model: measured(0.76, 0.07),
        baselines: [measured(0.41, 0.06), measured(0.44, 0.07)]
      },
      {
        id: 'exact_match',
        title: 'Exactly right',
        model: measured(0.72, 0.07),
        baselines: [measured(0.29, 0.05), measured(0.4, 0.07)]
      },
      {
        id: 'has_answer_exact',
        title: 'Exactly right, with an answer',
        model: measured(answered.exact / has, 0.08),
        baselines: [measured(0.18, 0.06), measured(0.33, 0.07)]
      },
      {
        id: 'no_answer_exact',
        title: 'Right, without an answer',
        model: measured(unanswered.none / none, 0.12),
        baselines: [measured(0.78, 0.14), measured(0.69, 0.15)]
      }
    ],
    classes: null,
    confusion: null,
    calibration: null,
    int8: null,
    settings: [
      { name: 'method', value: 'Full fine-tuning' },
      { name: 'training.num_train_epochs', value: 12 }
    ],
    seeds: null,
    learningCurve: null,
    folds,
    seconds: 486
  }
}
