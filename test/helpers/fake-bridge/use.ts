import type { RunId } from '../../../src/preload/contract/common.ts'
import type { UseAnswer, UseApi, UseId, UseJob, UseRow } from '../../../src/preload/contract/use.ts'
import { CLASSES, classOf, drawn, letter } from './letters.ts'
import { MARKS_RUN, passagesIn } from './passages.ts'
import { ASKED, ASKING_RUN, contract, saidTo, sureOf as sureOfAnswer } from './questions.ts'

type Emit = (channel: string, payload: unknown) => void

const ROWS = 2400
const sureOf = (n: number): number => 0.4 + 0.6 * drawn(n + 7)
const rowOf = (n: number, isAnswered: boolean): UseRow => ({
  text: letter(n),
  answer: isAnswered ? (drawn(n) < 0.85 ? classOf(n) : CLASSES[0]) : null,
  sure: isAnswered ? sureOf(n) : null
})

/** What a run that marks finds in a letter, some of it unsure. */
const marksOf = (n: number) => passagesIn(letter(n)).map((passage, i) => ({ ...passage, sure: 0.5 + 0.5 * drawn(5 * n + i) }))

function markedRowOf(n: number, isAnswered: boolean): UseRow {
  const counts = Map.groupBy(marksOf(n), ({ kind }) => kind)
  const answer = [...counts].map(([kind, marks]) => `${kind} ${marks.length}`).join(' · ')
  return { text: letter(n), answer: isAnswered ? answer : null, sure: isAnswered ? leastSure(n) : null }
}

/** What a run that answers questions says of a contract. */
const answersOf = (n: number): readonly UseAnswer[] =>
  ASKED.map(({ name }, at) => ({ question: name, place: saidTo(n, at), sure: sureOfAnswer(n, at) }))

function askedRowOf(n: number, isAnswered: boolean): UseRow {
  const { text } = contract(n)
  const answer = answersOf(n)
    .map(({ question, place }) => `${question}: ${place ? text.slice(place.start, place.end) : '–'}`)
    .join(' · ')
  return { text, answer: isAnswered ? answer : null, sure: isAnswered ? leastSureAnswer(n) : null }
}

const leastSureAnswer = (n: number): number => Math.min(1, ...answersOf(n).map(({ sure }) => sure))
const leastSure = (n: number): number => Math.min(1, ...marksOf(n).map(({ sure }) => sure))

const fresh: UseJob = {
  id: 'u-fake' as UseId,
  name: 'letters-october.xlsx',
  kind: 'table',
  rows: ROWS,
  columns: ['patient_id', 'letter', 'urgency'],
  text: 'letter',
  pair: null,
  answer: 'urgency',
  needsPair: false,
  marks: null,
  asks: null,
  answers: { given: 0, none: 0 },
  leftOut: { count: 0, first: [] },
  state: 'ready',
  progress: null,
  done: 0,
  emptyRows: 0,
  cutRows: 0,
  threshold: { value: 0.7, source: 'usual' },
  forPerson: null,
  measure: null,
  problem: null
}

const documents: UseJob = {
  ...fresh,
  name: 'letter-01.docx',
  kind: 'documents',
  rows: 40,
  columns: ['document', 'text', 'date'],
  text: 'text',
  answer: null,
  marks: { kinds: ['AGE', 'DATE', 'NAME', 'SYMPTOM'], passages: 0 },
  leftOut: {
    count: 2,
    first: [
      {
        file: 'scan-3.pdf',
        place: 'page 2',
        reason: 'This page has no text layer: it is blank, or a picture of a page. The other pages were read.'
      },
      {
        file: 'old.doc',
        place: null,
        reason:
          'A file that ends in .doc is not read as a document. Open it where it was written and save it as DOCX, PDF or TXT.'
      }
    ]
  }
}

const contracts: UseJob = {
  ...documents,
  name: 'contract-01.docx',
  marks: null,
  asks: ASKED,
  leftOut: { count: 0, first: [] }
}

/** A table that is answered at once, or with `beat` 0 never gets further than a third. */
export function useHandlers(emit: Emit, beat: number): { readonly [Name in keyof UseApi]: (argument: never) => unknown } {
  let job = fresh
  const tell = (next: UseJob): UseJob => {
    job = next
    emit('use:changed', job)
    return job
  }
  const answered = (done: number): UseJob => {
    const sureness = job.asks ? leastSureAnswer : job.marks ? leastSure : sureOf
    const unsure = Array.from({ length: done }, (_, n) => n).filter((n) => sureness(n) < job.threshold.value).length
    if (job.asks) {
      const all = Array.from({ length: done }, (_, n) => answersOf(n)).flat()
      const answers = { given: all.length, none: all.filter(({ place }) => place === null).length }
      return { ...job, state: 'answered', progress: null, done, forPerson: unsure, answers }
    }
    if (job.marks) {
      const passages = Array.from({ length: done }, (_, n) => marksOf(n).length).reduce((sum, count) => sum + count, 0)
      const marks = { ...job.marks, passages }
      return { ...job, state: 'answered', progress: null, done, forPerson: unsure, marks }
    }
    const measured = (value: number) => ({ value, low: value - 0.02, high: value + 0.02 })
    const metrics = [
      { id: 'accuracy', measured: measured(0.86) },
      { id: 'macro_f1', measured: measured(0.83) }
    ]
    const alarms = [{ className: 'urgent', threshold: 0.31, positives: 21, alarms: 30, hits: 19 }]
    const person = { below: 0.7, kept: done - 20, right: measured(0.93) }
    const measure =
      job.answer === null ? null : { of: 'rows' as const, rows: done - 3, left: 3, unknown: 0, looks: 1, metrics, alarms, person }
    return { ...job, state: 'answered', progress: null, done, forPerson: unsure, measure, cutRows: 12 }
  }
  return {
    open: ({ run }: { run: RunId }) => (job = run === MARKS_RUN ? documents : run === ASKING_RUN ? contracts : fresh),
    asks: (run: RunId) => (run === ASKING_RUN ? ASKED : null),
    get: () => job,
    start: ({ text, answer, limit }: { run: RunId; text: string; answer: string | null; limit: number | null }) => {
      const total = limit ?? job.rows
      tell({
        ...job,
        text,
        answer,
        state: 'answering',
        done: 0,
        progress: { phase: 'predicting', done: Math.round(total / 3), total }
      })
      // A page that stands still shows the preview answered and the whole under way.
      if (beat > 0 || limit !== null || job.marks || job.asks) setTimeout(() => tell(answered(total)), beat)
    },
    stop: () => void tell({ ...answered(800), state: 'stopped' }),
    rows: ({ from, count, unsureFirst }: { from: number; count: number; unsureFirst: boolean }) => {
      const all = Array.from({ length: job.rows }, (_, n) => n)
      const shown = job.asks ? askedRowOf : job.marks ? markedRowOf : rowOf
      const order = unsureFirst ? all.slice(0, job.done).toSorted((a, b) => sureOf(a) - sureOf(b)) : all
      return { from, rows: order.slice(from, from + count).map((n) => shown(n, n < job.done)) }
    },
    text: ({ place, unsureFirst }: { place: number; unsureFirst: boolean }) => {
      const all = Array.from({ length: job.done }, (_, n) => n)
      const row = unsureFirst ? all.toSorted((a, b) => sureOf(a) - sureOf(b))[place] : place
      if (job.asks) return { text: contract(row ?? 0).text, pair: null, marks: null, answers: answersOf(row ?? 0) }
      return { text: letter(row ?? 0), pair: null, marks: job.marks && marksOf(row ?? 0), answers: null }
    },
    setThreshold: ({ value }: { value: number }) => {
      job = { ...job, threshold: { value, source: 'usual' } }
      return tell(answered(job.done))
    },
    save: ({ format }: { format: string }) => ({ ticket: 'o-fake', name: `letters-october answered.${format}` }),
    keep: () => 'own',
    drop: () => undefined
  }
}
