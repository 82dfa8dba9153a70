import { defined } from '../base/assert.ts'
import { InputError } from '../base/errors.ts'
import { fromCodePoints, inUnits } from '../data/spans/span.ts'
import { answerMetrics, entityMetrics, rowScores, type FoundMark, type RowScores } from '../engine/evaluation/index.ts'
import type { SaidAnswer } from '../engine/training/find-answers.ts'
import type { TagReading } from '../engine/training/read-tags.ts'
import { readMarks } from '../export/marks/marks-file.ts'
import { readAnswering } from '../export/answering/answering-file.ts'
import { readPassages, type StoredPassages } from '../report/passages.ts'
import { evaluationInputOf, readPredictions, type StoredPredictions } from '../report/predictions.ts'
import { readAnswers, type StoredAnswers } from '../report/stored-answers.ts'
import type { ColumnGroups } from '../report/subgroups.ts'
import { compareAnswers, type Replay, type Tolerance } from './compare-answers.ts'
import { compareMarks, findsAsTested, passagesApart } from './compare-marks.ts'
import { answersAsTested, compareQuestions } from './compare-questions.ts'
import { metricsOf, readLogits } from './judge.ts'
import { tagReading, readingOfFile } from './mark-reading.ts'
import { howOf, readingOfAnswering } from './question-reading.ts'
import type { Answered } from './opened-export.ts'
import { ownRows, type OwnRows, type ReplayedRows } from './own-rows.ts'
import { markingOf, type Marking } from './prepare-marks.ts'
import { reportGroups } from './report-groups.ts'
import { labelledRows, type LabelledRows } from './tested-labels.ts'
import { markedRows } from './tested-marks.ts'
import { askedRows } from './tested-questions.ts'
import type { TrainedParts } from './trained-run.ts'

export interface TestedInput {
  readonly runFolder: string
  /** Columns of the data by which the report is grouped. */
  readonly columns: readonly string[]
  readonly signal: AbortSignal
}

/** What an export is held against: how a run answered the rows that it was tested on. */
export interface Tested {
  readonly rows: OwnRows
  /** Metrics of what the run answered when it was tested. */
  readonly metrics: Readonly<Record<string, number>>
  readonly groups: readonly ColumnGroups[]
  /** Whether the run answers now as it did then. */
  readonly isAsTested: (now: Answered) => boolean
  /** Compares what it answers with what the files in a folder do. */
  readonly compare: (run: Answered, exported: Answered, folder: string, tolerance: Tolerance) => Promise<Replay>
}

/** Reads the rows that a run was tested on, and what it said to them. @throws InputError where the data changed since, or nothing was kept */
export async function readTested(parts: TrainedParts, input: TestedInput): Promise<Tested> {
  const marking = markingOf(parts.config, parts.facts.classNames)
  if (marking) return testedMarks(parts, marking, input)
  return parts.config.task === 'question-answering' ? testedQuestions(parts, input) : testedLabels(parts, input)
}

/** Of a probability, or of a regression's answer in units of its scale: what another batch or processor may change. */
const AS_TESTED = 1e-3

async function testedLabels({ config, facts }: TrainedParts, { runFolder, columns, signal }: TestedInput): Promise<Tested> {
  const { calibration, scale, shift } = facts
  const rows = await ownRows(config, facts.classNames, facts.splitHash, labelledRows, signal)
  const predictions = kept(await readPredictions(runFolder, rows.part), ({ lines }) => lines.length, rows, runFolder)
  const stored = answersTo(rows, predictions)
  const grouped = { part: predictions.part, lines: predictions.lines, units: predictions.groups }
  const scores = (): RowScores => rowScores(evaluationInputOf(predictions))
  return {
    rows,
    metrics: metricsOf(rows.judged(stored, calibration)),
    groups: await reportGroups({ config, ...grouped, scores, columns, signal }),
    isAsTested({ logits }) {
      const now = readLogits(rows.kind, logits, rows.classes, calibration, facts)
      const most = AS_TESTED * Math.max(1, scale)
      return now.every((value, i) => Math.abs(value - (stored[i] ?? Number.NaN)) <= most)
    },
    async compare(run, exported, _folder, tolerance) {
      const ofRun = rows.kind === 'regression' ? run.logits.map((value) => value * scale + shift) : run.logits
      const logits = [ofRun, exported.logits] as const
      return compareAnswers({ rows, calibration, tolerance, logits, stored, groups: testedGroups(rows) })
    }
  }
}

async function testedMarks(
  { config, facts }: TrainedParts,
  marking: Marking,
  { runFolder, columns, signal }: TestedInput
): Promise<Tested> {
  const reading = tagReading(marking, facts)
  const rows = await ownRows(config, facts.classNames, facts.splitHash, markedRows(marking, reading.learned), signal)
  const passages = kept(await readPassages(runFolder, rows.part), ({ documents }) => documents.length, rows, runFolder)
  const stored = passagesIn(rows, passages)
  const groups = testedGroups(rows)
  const lines = rows.places.map((place) => passages.documents[place]?.line ?? 0)
  const isFlawless = (place: number): boolean => {
    const { truth = [], said = [] } = passages.documents[place] ?? {}
    return passagesApart(truth, said) === 0
  }
  const scores = (): RowScores => ({
    values: Float64Array.from(rows.places, (place) => Number(isFlawless(place))),
    isShare: true
  })
  return {
    rows,
    metrics: entityMetrics(rows.judged(stored)),
    groups: await reportGroups({ config, part: rows.part, lines, units: groups, scores, columns, signal }),
    isAsTested: (answered) => findsAsTested({ answered, reading }, stored),
    async compare(run, answered, folder, tolerance) {
      const own: TagReading = readingOfFile(await readMarks(folder))
      const exported = { answered, reading: own }
      return compareMarks({ rows, tolerance, run: { answered: run, reading }, exported, stored, groups })
    }
  }
}

async function testedQuestions(parts: TrainedParts, { runFolder, columns, signal }: TestedInput): Promise<Tested> {
  const { config, facts } = parts
  const reading = howOf(parts)
  const rows = await ownRows(config, facts.classNames, facts.splitHash, askedRows, signal)
  const answers = kept(await readAnswers(runFolder, rows.part), ({ questions }) => questions.length, rows, runFolder)
  const said = saidIn(rows, answers)
  const was = rows.places.map((place) => defined(answers.questions[place], 'an answer for each question'))
  const stored = was.map(({ exact, f1, score }, row) => ({
    ...{ exact, f1, score, isAnswered: (rows.truth[row] ?? []).length > 0, truth: rows.truth[row] ?? [] },
    said: said[row]?.said ?? null
  }))
  const scores = (): RowScores => ({ values: Float64Array.from(was, ({ f1 }) => f1), isShare: true })
  const grouped = { part: rows.part, lines: was.map(({ line }) => line), units: rows.documents }
  return {
    rows,
    metrics: answerMetrics(stored),
    groups: await reportGroups({ config, ...grouped, scores, columns, signal }),
    isAsTested: (answered) => answersAsTested({ answered, reading }, said),
    async compare(run, answered, folder, tolerance) {
      const exported = { answered, reading: readingOfAnswering(await readAnswering(folder)) }
      return compareQuestions({ rows, tolerance, run: { answered: run, reading }, exported, stored })
    }
  }
}

/** Group numbers of the tested rows alone. */
const testedGroups = ({ groups, learned }: OwnRows): Int32Array | null => groups?.subarray(learned.texts.length) ?? null

/** What a run answered to every row of the part that it was tested on. */
function kept<T>(stored: T | null, lengthOf: (stored: T) => number, { of }: ReplayedRows, folder: string): T {
  if (stored !== null && lengthOf(stored) === of) return stored
  const sentence =
    'This run kept no answers to the rows that it was tested on, so that its export cannot be checked. Train it again.'
  throw new InputError('predictions-missing', sentence, { file: folder })
}

const answersTo = ({ places, classes }: LabelledRows, { answers }: StoredPredictions): Float64Array =>
  Float64Array.from(places.flatMap((place) => answers.slice(place * classes, (place + 1) * classes)))

/** What a run said to tested questions, in UTF-16 units. */
function saidIn({ places, texts }: ReplayedRows, { questions }: StoredAnswers): SaidAnswer[] {
  return places.map((place, row) => {
    const { said = null, score = 0 } = questions[place] ?? {}
    return { said: said && inUnits(texts[row] ?? '')(said), score }
  })
}

/** The passages that a run found in tested documents, in UTF-16 units. */
function passagesIn({ places, texts }: ReplayedRows, { documents }: StoredPassages): FoundMark[][] {
  return places.map((place, row) => {
    const said = documents[place]?.said ?? []
    return fromCodePoints(texts[row] ?? '', said).map((mark, i) => ({ ...mark, confidence: said[i]?.confidence ?? 0 }))
  })
}
