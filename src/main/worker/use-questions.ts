import { defined } from '../base/assert.ts'
import { readRows } from '../data/datasets/rows-file.ts'
import { answersCell, leastSureOf, type SureAnswer } from '../data/questions/found-answers.ts'
import { answerBy, findAnswers } from '../engine/training/find-answers.ts'
import type { AnsweringModel } from './answering-model.ts'
import { AnswerTruth } from './measure-found.ts'
import { answeringOf } from './prepare-answers.ts'
import type { FinishedEvent } from './protocol.ts'
import { piecewise, type UseInput } from './use-run.ts'

/** Questions with their texts that are read, answered and written together. */
const CHUNK = 64

interface Asked {
  readonly row: number
  readonly name: string
  readonly text: string
  readonly words: string
}

/** Asks a table's texts piece by piece: of each the same questions, or its row's own. Asked to stop, it keeps what it has. */
export async function useQuestions(model: AnsweringModel, input: UseInput): Promise<FinishedEvent> {
  const { rowsFile, columns, rows, questions } = input
  const size = Math.max(1, Math.floor(CHUNK / Math.max(1, questions?.length ?? 1)))
  const counts = { answers: 0, unanswered: 0 }
  const threshold = model.facts.answering?.threshold ?? null
  const truth = columns.answer === null ? null : new AnswerTruth(threshold, questions != null)
  const done = await piecewise(input, size, async (from, count, writer) => {
    const cells = (await readRows(rowsFile, from, Math.min(count, rows - from))).map((row) => row.cells)
    const asked = cells.flatMap((own, row): Asked[] => {
      const text = own[columns.text] ?? ''
      const rowsOwn = columns.pair === null ? [] : [own[columns.pair] ?? ''].map((words) => ({ name: words, words }))
      return (questions ?? rowsOwn).map(({ name, words }) => ({ row, name, text, words }))
    })
    const { answers, cut } = await answersTo(model, asked, input)
    const sureness = cells.map((cell, row) => {
      const own = answers.filter((_each, at) => asked[at]?.row === row)
      if (truth && columns.answer !== null) truth.add(cell[columns.text] ?? '', cell[columns.answer] ?? '', own)
      counts.answers += own.length
      counts.unanswered += own.filter(({ place }) => place === null).length
      return { own, sure: leastSureOf(own) }
    })
    for (const [i, { own, sure }] of sureness.entries()) await writer.add(from + i, [answersCell(own), sure.toFixed(6)])
    const empty = cells.filter((own) => (own[columns.text] ?? '').trim() === '').length
    return { sureness: sureness.map(({ sure }) => sure), empty, cut }
  })
  const measure = truth && (await truth.measure(model, input.looksFolder))
  return { event: 'finished', ...done, ...counts, stopped: input.signal.aborted, hasSureness: true, measure }
}

async function answersTo(
  model: AnsweringModel,
  asked: readonly Asked[],
  { signal }: Pick<UseInput, 'signal'>
): Promise<{ readonly answers: readonly SureAnswer[]; readonly cut: number }> {
  const { reading } = defined(answeringOf(model.config), 'a run that finds answers')
  const { threshold } = defined(model.facts.answering, 'when it says none')
  const texts = asked.map(({ text }) => text)
  const pairs = asked.map(({ words }) => words)
  const examples = await model.encode(texts, pairs, signal)
  const logits = await model.evaluate(examples, signal, () => undefined)
  const answers = findAnswers(examples, logits, reading).map((question, at): SureAnswer => {
    const found = answerBy(question, threshold)
    const place = found && { start: found.start, end: found.end }
    return { question: asked[at]?.name ?? '', place, sure: found?.score ?? question.noneScore }
  })
  return { answers, cut: examples.truncatedRows }
}
