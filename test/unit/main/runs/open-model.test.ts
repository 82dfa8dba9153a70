import { expect, test } from 'vitest'
import { OpenModel } from '../../../../src/main/runs/serving/open-model.ts'
import type { LaunchTrainer, TrainerListener } from '../../../../src/main/runs/trainer-process.ts'
import type { Asked, ModelFacts, TrainerRequest } from '../../../../src/main/worker/protocol.ts'

const facts = { name: 'letters', labels: ['good'], columns: { text: 'text', pair: null } } as unknown as ModelFacts // As far as it is looked at.

/** Processes of a model that never were: each test says what they do. */
class Processes {
  readonly listeners: TrainerListener[] = []
  readonly asked: Asked[] = []
  readonly launch: LaunchTrainer = (_entry, listener) => {
    const place = this.listeners.push(listener) - 1
    return {
      pid: undefined,
      send: (request: TrainerRequest) => {
        if (request.kind === 'start') queueMicrotask(() => listener.message(this.first(place)))
        if (request.kind === 'ask') this.asked.push(request)
        if (request.kind === 'stop') queueMicrotask(() => this.end(place, { event: 'finished', answered: 0 }))
      },
      kill: () => listener.gone(null, 'SIGKILL'),
      release: () => undefined
    }
  }

  readonly first: (place: number) => object

  constructor(first: (place: number) => object = () => ({ event: 'ready', model: facts })) {
    this.first = first
  }

  end(place: number, last: object): void {
    this.listeners[place]!.message(last)
    this.listeners[place]!.gone(0, null)
  }

  /** Answers the question that was asked last. */
  answer(result: object = { answers: [], cut: 0 }): void {
    this.listeners.at(-1)!.message({ event: 'answered', id: this.asked.at(-1)!.id, result })
  }

  lose(): void {
    this.listeners.at(-1)!.gone(null, 'SIGKILL')
  }
}

const rows = (text: string) => ({ kind: 'rows', texts: [text], pairs: null, mostTokens: 10 }) as const
const textsOf = ({ asked }: Processes): unknown[] => asked.map(({ question }) => (question.kind === 'rows' ? question.texts[0] : null))
const turn = (): Promise<void> => new Promise((done) => setImmediate(done))

async function open(processes: Processes, more: { mostWaiting?: number; now?: () => number } = {}) {
  const [restarts, notes]: [string[], string[]] = [[], []]
  const opened = await OpenModel.open({ folder: 'letters', entry: '', launch: processes.launch, onNote: (note) => void notes.push(note), onRestart: ({ code }) => void restarts.push(code), ...more })
  return { ...opened, restarts, notes }
}

test('asks one thing at a time, in order', async () => {
  const processes = new Processes()
  const { model, facts: told, notes } = await open(processes)
  processes.listeners[0]!.message({ event: 'note', code: 'export-retired', message: 'Do not use it.' })
  expect(notes).toEqual(['Do not use it.'])
  expect(told).toBe(facts)
  const answers = [model.ask<'rows'>(rows('a')), model.ask<'rows'>(rows('b'))]
  expect(textsOf(processes)).toEqual(['a'])
  processes.answer({ answers: [{ label: 'good' }], cut: 0 })
  expect(await answers[0]).toMatchObject({ answers: [{ label: 'good' }] })
  expect(textsOf(processes)).toEqual(['a', 'b'])
  processes.listeners[0]!.message({ event: 'unanswered', id: processes.asked[1]!.id, failure: { event: 'failed', exitCode: 2, code: 'answer-tokens', message: 'Too much.', detail: '' } })
  await expect(answers[1]).rejects.toMatchObject({ code: 'answer-tokens', message: 'Too much.' })
  await model.dispose()
  expect(await model.ended).toBeNull()
})

test('refuses more than may wait, and never asks what was taken back', async () => {
  const processes = new Processes()
  const { model } = await open(processes, { mostWaiting: 2 })
  const gone = new AbortController()
  const [first, second, third] = [model.ask(rows('a')), model.ask(rows('b'), gone.signal), model.ask(rows('c'))]
  await expect(model.ask(rows('d'))).rejects.toMatchObject({ code: 'answer-busy' })
  gone.abort()
  processes.answer()
  await expect(second).rejects.toMatchObject({ code: 'answer-lost' })
  expect(textsOf(processes)).toEqual(['a', 'c'])
  processes.answer()
  await Promise.all([first, third])
  await model.dispose()
})

test('starts another process where one is lost: the question at work is lost, those that wait are not', async () => {
  const processes = new Processes()
  const { model, restarts } = await open(processes)
  const [first, second] = [model.ask(rows('a')), model.ask<'rows'>(rows('b'))]
  processes.lose()
  await expect(first).rejects.toMatchObject({ code: 'answer-lost' })
  await turn()
  expect(restarts).toEqual(['trainer-crashed'])
  expect(textsOf(processes)).toEqual(['a', 'b'])
  processes.answer()
  await second
  await model.dispose()
})

test('gives up where four processes are lost within a minute, and not where that took longer', async () => {
  let clock = 0
  const processes = new Processes()
  const { model, restarts } = await open(processes, { now: () => clock })
  for (let i = 0; i < 6; i++) {
    clock += 25
    processes.lose()
    await turn()
  }
  expect(restarts).toHaveLength(6)
  for (let i = 0; i < 4; i++) {
    processes.lose()
    await turn()
  }
  expect(await model.ended).toMatchObject({ code: 'trainer-crashed' })
  await expect(model.ask(rows('a'))).rejects.toMatchObject({ code: 'answer-lost' })
})

test('a model that cannot be opened is refused with its own sentence, and not tried again', async () => {
  const failed = { event: 'failed', exitCode: 2, code: 'run-unreadable', message: 'It is no run.', detail: '' }
  const processes = new Processes((place) => {
    queueMicrotask(() => processes.listeners[place]!.gone(2, null))
    return failed
  })
  await expect(open(processes)).rejects.toMatchObject({ code: 'run-unreadable', message: 'It is no run.' })
  expect(processes.listeners).toHaveLength(1)
})

test('closing answers what was asked before', async () => {
  const processes = new Processes()
  const { model } = await open(processes)
  const answers = [model.ask(rows('a')), model.ask(rows('b'))]
  const closing = model.dispose()
  processes.answer()
  await turn()
  processes.answer()
  await Promise.all(answers)
  await closing
  expect(await model.ended).toBeNull()
})
