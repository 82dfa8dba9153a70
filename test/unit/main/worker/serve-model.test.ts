import { expect, test } from 'vitest'
import type { AnsweringModel } from '../../../../src/main/worker/answering-model.ts'
import { Mailbox } from '../../../../src/main/worker/mailbox.ts'
import type { Asked, ModelFacts, TrainerEvent } from '../../../../src/main/worker/protocol.ts'
import { serveModel } from '../../../../src/main/worker/serve-model.ts'

const about = { name: 'letters' } as ModelFacts // As far as it is looked at.

/** A model of two classes whose texts have a token for each character; it says the first class of texts that begin with `a`. */
const model: AnsweringModel = {
  config: { task: 'text-classification' },
  facts: {
    ...{ classNames: ['a', 'b'], problem: 'single_label_classification', shift: 0, scale: 1 },
    calibration: { temperatures: [1], thresholds: null }
  },
  decision: { format: 'attune-decision-1', alarm: null, person: { below: 0.9, fixedAt: '' }, labels: [] },
  encode: async (texts: readonly string[]) => ({
    lengths: Int32Array.from(texts, (text) => text.length),
    truncatedRows: 1,
    texts
  }),
  evaluate: async ({ texts }: { texts: readonly string[] }, signal: AbortSignal) => {
    if (texts[0] === 'wait')
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))))
    if (texts[0] === 'break') throw new Error('it broke')
    return Float32Array.from(texts.flatMap((text) => (text.startsWith('a') ? [3, 0] : [0, 1])))
  }
} as unknown as AnsweringModel // What answering needs of one.

const rows = (id: number, texts: readonly string[], mostTokens = 10): Asked => ({
  id,
  question: { kind: 'rows', texts, pairs: null, mostTokens }
})

test('answers what it is asked in order, and tells what a question gets wrong to that question alone', async () => {
  const questions = new Mailbox<Asked>()
  const stop = new AbortController()
  const events: TrainerEvent[] = []
  const serving = serveModel({ model, about, questions, signal: stop.signal, emit: (event) => void events.push(event) })
  questions.put(rows(1, ['abc', 'bc']))
  questions.put(rows(2, ['abcdef', 'abcdef']))
  questions.put(rows(3, ['break']))
  questions.put(rows(4, ['b']))
  while (events.length < 5) await new Promise((done) => setImmediate(done))
  stop.abort()
  expect(await serving).toEqual({ event: 'finished', answered: 2 })
  expect(events).toMatchObject([
    { event: 'ready', model: about },
    {
      event: 'answered',
      id: 1,
      result: {
        answers: [
          { label: 'a', needs_person: false },
          { label: 'b', needs_person: true }
        ],
        cut: 1
      }
    },
    {
      event: 'unanswered',
      id: 2,
      failure: {
        exitCode: 2,
        code: 'answer-tokens',
        message: 'These texts have 12 tokens together, and 10 can be answered at once. Send fewer of them.'
      }
    },
    { event: 'unanswered', id: 3, failure: { exitCode: 1, code: 'internal' } },
    { event: 'answered', id: 4 }
  ])
})

test('stops in the middle of a question, which is left unanswered', async () => {
  const questions = new Mailbox<Asked>()
  const stop = new AbortController()
  const events: TrainerEvent[] = []
  const serving = serveModel({ model, about, questions, signal: stop.signal, emit: (event) => void events.push(event) })
  questions.put(rows(1, ['wait']))
  await new Promise((done) => setTimeout(done, 20))
  stop.abort()
  expect(await serving).toEqual({ event: 'finished', answered: 0 })
  expect(events.map(({ event }) => event)).toEqual(['ready'])
})

test('a mailbox gives what came before its reader, in order, and ends by its signal', async () => {
  const box = new Mailbox<number>()
  const stop = new AbortController()
  box.put(1)
  box.put(2)
  expect([await box.next(stop.signal), await box.next(stop.signal)]).toEqual([1, 2])
  const next = box.next(stop.signal)
  box.put(3)
  expect(await next).toBe(3)
  const last = box.next(stop.signal)
  stop.abort()
  expect([await last, await box.next(stop.signal)]).toEqual([null, null])
})
