import { beforeAll, describe, expect, test, vi } from 'vitest'
import type { DatasetId, ModelId, RunId } from '../../src/preload/contract/common.ts'
import { createApi, type Api } from '../../src/renderer/src/lib/api.ts'
import { writeFor } from '../../src/renderer/src/lib/format.ts'
import { DatasetState } from '../../src/renderer/src/screens/data/dataset.svelte.ts'
import { CompareState } from '../../src/renderer/src/screens/runs/compare/compare.svelte.ts'
import { appended, EMPTY_CURVES, metricCurve } from '../../src/renderer/src/screens/runs/live/curves.ts'
import { LiveState } from '../../src/renderer/src/screens/runs/live/live.svelte.ts'
import { shadesOf } from '../../src/renderer/src/screens/runs/result/hints.svelte.ts'
import { ThresholdState } from '../../src/renderer/src/screens/runs/result/thresholds.svelte.ts'
import { ReviewState } from '../../src/renderer/src/screens/runs/result/review.svelte.ts'
import { Selection } from '../../src/renderer/src/screens/runs/runs.svelte.ts'
import { Resource } from '../../src/renderer/src/lib/resource.svelte.ts'
import { trainStateOf } from '../../src/renderer/src/screens/train/kept-train.svelte.ts'
import { SettingsState } from '../../src/renderer/src/screens/train/settings.svelte.ts'
import { TrainState } from '../../src/renderer/src/screens/train/train.svelte.ts'
import { UseState } from '../../src/renderer/src/screens/use/use.svelte.ts'
import { TableState } from '../../src/renderer/src/ui/table.svelte.ts'
import { makeFakeBridge, type FakeOptions } from '../helpers/fake-bridge/index.ts'

const apiOf = (options: FakeOptions = { filled: true, beat: 0 }): Api => createApi(makeFakeBridge(options))
const letters = 'letters' as DatasetId
const own = 'own' as DatasetId
const run = (id: string): RunId => id as RunId

beforeAll(() => writeFor('en-GB'))

describe('a table of data', () => {
  test('asks for each page of rows once', async () => {
    const bridge = makeFakeBridge({ filled: true, beat: 0 })
    const asked: unknown[] = []
    const call = (channel: string, argument?: unknown): ReturnType<typeof bridge.call> => {
      if (channel === 'data:rows') asked.push(argument)
      return bridge.call(channel, argument)
    }
    const dataset = new DatasetState(createApi({ ...bridge, call }).data, letters)
    await dataset.load()
    await dataset.show(150, 420)
    await dataset.show(150, 420)
    expect(asked).toEqual([0, 200, 400].map((from) => ({ id: letters, from, count: 200 })))
    expect(dataset.row(419)).toHaveLength(3)
    expect(dataset.row(1000)).toBeUndefined()
  })

  test('cannot go on before the question of belonging is answered', async () => {
    const dataset = new DatasetState(apiOf().data, own)
    await dataset.load()
    expect(dataset.blocked).toBe('First say whether several rows belong to one person or matter.')
    await dataset.setRoles({ belonging: 'no' })
    expect(dataset.blocked).toBeNull()
  })

  test('says why it cannot go on', async () => {
    const dataset = new DatasetState(apiOf().data, letters)
    await dataset.load()
    await dataset.setRoles({ answer: null })
    expect(dataset.blocked).toBe('Choose one column with the text and another with the answer.')
  })
})

describe('a run before it starts', () => {
  async function ready(id = letters): Promise<TrainState> {
    const train = new TrainState(apiOf(), id)
    await train.load()
    return train
  }

  test('takes the practice model for the practice data and an own one for own data', async () => {
    expect((await ready()).model?.bundled).toBe(true)
    expect((await ready(own)).model?.bundled).toBe(false)
  })

  test('takes the model that was chosen in the library, whatever the data', async () => {
    const own = (await apiOf().models.list()).find(({ bundled, state }) => !bundled && state === 'ready')
    const train = new TrainState(apiOf(), letters, new Map(), () => own?.id ?? null)
    await train.load()
    expect(own).toBeDefined()
    expect(train.model?.id).toBe(own?.id)
  })

  test('works out its plan anew when something changes, and cannot start meanwhile', async () => {
    vi.useFakeTimers()
    try {
      const train = await ready()
      const before = train.plan.value?.steps
      train.change({ thoroughness: 4 })
      await vi.advanceTimersByTimeAsync(1000)
      expect(train.plan.value?.steps).toBeGreaterThan(before ?? 0)
      expect(train.canStart).toBe(true)
    } finally {
      vi.useRealTimers()
    }
  })

  test('offers the settings that fit and takes them over', async () => {
    vi.useFakeTimers()
    try {
      const train = await ready()
      train.set('training.per_device_train_batch_size', 512)
      await vi.advanceTimersByTimeAsync(1000)
      expect([train.canStart, train.plan.value?.blocked?.instead]).toEqual([false, { 'training.per_device_train_batch_size': 4 }])
      train.fit()
      await vi.advanceTimersByTimeAsync(1000)
      expect([train.canStart, train.changed]).toEqual([true, 1])
    } finally {
      vi.useRealTimers()
    }
  })

  test('keeps its draft while the window is open', async () => {
    const drafts = new Map()
    const first = new TrainState(apiOf(), letters, drafts)
    await first.load()
    first.change({ mustNotMiss: 'urgent' })
    const second = new TrainState(apiOf(), letters, drafts)
    await second.load()
    expect(second.draft?.mustNotMiss).toBe('urgent')
  })

  test('keeps its draft for another day, with a model that is still there', async () => {
    vi.useFakeTimers()
    try {
      const api = apiOf()
      const first = new TrainState(api, letters)
      await first.load()
      first.change({ mustNotMiss: 'urgent', changed: { 'method.r': 16 } })
      await vi.advanceTimersByTimeAsync(1000)
      const nextDay = new TrainState(api, letters)
      await nextDay.load()
      expect(nextDay.draft).toEqual({ ...first.draft, mustNotMiss: 'urgent', changed: { 'method.r': 16 } })
      await api.drafts.keep({ ...nextDay.draft!, model: 'm-gone' as ModelId })
      const dayAfter = new TrainState(api, letters)
      await dayAfter.load()
      expect(dayAfter.draft).toMatchObject({ mustNotMiss: 'urgent', model: first.draft?.model })
    } finally {
      vi.useRealTimers()
    }
  })

  test('says where it could not be kept, and can start all the same', async () => {
    vi.useFakeTimers()
    try {
      const train = new TrainState(apiOf({ filled: true, beat: 0, failing: { 'drafts:keep': 'The disk is full.' } }), letters)
      await train.load()
      train.change({ mustNotMiss: 'urgent' })
      await vi.advanceTimersByTimeAsync(1000)
      expect([train.keeping.failure?.message, train.canStart]).toEqual(['The disk is full.', true])
    } finally {
      vi.useRealTimers()
    }
  })

  test('shows who comes back what stood there, and starts nothing before it is read anew', async () => {
    const api = apiOf()
    const [datasets, models] = [new Resource(() => api.data.list()), new Resource(() => api.models.list())]
    await Promise.all([datasets.load(), models.load()])
    const app = { api, drafts: new Map(), ownModel: null, ownAdapter: null, datasets, models }
    const train = trainStateOf(app, letters)
    // What the lists said of them stands there before anything is read.
    expect([train.dataset.value?.id, train.models.value]).toEqual([letters, models.value])
    await train.load()
    expect(train.canStart).toBe(true)
    app.drafts.set(letters, { ...train.draft!, mustNotMiss: 'urgent' })
    const again = trainStateOf(app, letters)
    const reading = again.load()
    expect([again.plan.value?.steps, again.canStart]).toEqual([train.plan.value?.steps, false])
    await reading
    expect([again.draft?.mustNotMiss, again.canStart]).toEqual(['urgent', true])
    expect(trainStateOf(app, own)).not.toBe(again)
    expect(trainStateOf({ ...app }, letters)).not.toBe(again)
  })

  test('takes numbers as numbers, nothing as unset, and leaves words to main', async () => {
    const train = await ready()
    const settings = new SettingsState(train)
    const row = train.settings.value!.find(({ path }) => path === 'method.r')!
    settings.enter(row, ' 16 ')
    expect(train.draft?.changed).toEqual({ 'method.r': 16 })
    settings.enter(row, 'many')
    expect(train.draft?.changed).toEqual({ 'method.r': 'many' })
    settings.enter(row, '')
    expect(train.draft?.changed).toEqual({ 'method.r': null })
    train.reset('method.r')
    expect(train.draft?.changed).toEqual({})
  })

  test('finds settings by name and by what they do', async () => {
    const settings = new SettingsState(await ready())
    settings.query = 'adapter'
    expect(settings.groups.map(([group, rows]) => [group, rows.length])).toEqual([['method', 2]])
  })
})

describe('a run at work', () => {
  test('adds points that are new and only those', () => {
    const point = (step: number): typeof EMPTY_CURVES => ({
      ...EMPTY_CURVES,
      loss: { step: [step], value: [1 / step] },
      evaluations: [{ step, metrics: { macro_f1: step / 10 }, isBest: true }]
    })
    const curves = appended(point(1), [point(1), point(2), point(3)])
    expect(curves.loss.step).toEqual([1, 2, 3])
    expect(metricCurve(curves, 'macro_f1')).toEqual({ step: [1, 2, 3], value: [0.1, 0.2, 0.3] })
  })

  test('forgets what came after the step to which the run goes back', () => {
    const point = (step: number, rewoundTo?: number): Parameters<typeof appended>[1][number] => ({
      ...EMPTY_CURVES,
      loss: { step: [step], value: [1 / step] },
      evaluations: [{ step, metrics: { macro_f1: step / 10 }, isBest: true }],
      ...(rewoundTo !== undefined && { rewoundTo })
    })
    const resumed = appended(appended(EMPTY_CURVES, [point(1), point(2), point(3)]), [point(2, 1), point(4)])
    expect([resumed.loss.step, resumed.evaluations.map(({ step }) => step)]).toEqual([
      [1, 2, 4],
      [1, 2, 4]
    ])
    const secondFold = appended(resumed, [point(5), { ...EMPTY_CURVES, rewoundTo: 0 }, point(1)])
    expect([secondFold.loss.step, secondFold.evaluations.map(({ step }) => step)]).toEqual([[1], [1]])
  })

  test('keeps no more points than a chart can show, with every spike, the beginning and the newest as they came', () => {
    const spike = 54_321
    let curves = EMPTY_CURVES
    let drawn = 0
    for (let from = 0; from < 100_000; from += 50) {
      const step = Array.from({ length: 50 }, (_, i) => from + i)
      const loss = { step, value: step.map((at) => (at === spike ? 99 : Math.sin(at))) }
      curves = appended(curves, [{ ...EMPTY_CURVES, loss }])
      drawn = Math.max(drawn, curves.loss.step.length)
    }
    const { step, value } = curves.loss
    expect(drawn).toBeLessThanOrEqual(4000)
    expect(step.length).toBeGreaterThan(1500)
    expect(step.every((at, i) => i === 0 || at > step[i - 1]!)).toBe(true)
    expect([step[0], value[step.indexOf(spike)]]).toEqual([0, 99])
    expect(step.slice(-200)).toEqual(Array.from({ length: 200 }, (_, i) => 99_800 + i))
  })

  test('shows a long run that it reads in as many points as one that it followed', () => {
    const step = Array.from({ length: 100_000 }, (_, i) => i + 1)
    const { loss } = appended({ ...EMPTY_CURVES, loss: { step, value: step.map((at) => (at === 7 ? Number.NaN : 1 / at)) } }, [])
    expect(loss.step.length).toBeLessThanOrEqual(4000)
    expect([loss.step[0], loss.step.at(-1)]).toEqual([1, 100_000])
  })

  test('shows the points that come while it is being read', async () => {
    const api = apiOf({ filled: true, beat: 5, stride: 4 })
    const live = new LiveState(api.runs, run('r5'))
    const stop = live.follow()
    await vi.waitFor(() => expect(live.curves.loss.step.length).toBeGreaterThan(130), { timeout: 3000 })
    stop()
    expect(live.curves.loss.step).toEqual(live.curves.loss.step.toSorted((a, b) => a - b))
  })

  test('speaks at most once in ten seconds', async () => {
    const api = apiOf()
    const live = new LiveState(api.runs, run('r5'))
    const summary = await api.runs.get(run('r5'))
    live.announce(summary, 0)
    const first = live.message
    live.announce({ ...summary, step: 200 }, 9_999)
    expect(live.message).toBe(first)
    live.announce({ ...summary, step: 200 }, 10_000)
    expect(live.message).toContain('Step 200 of 276')
  })

  test('answers a text by the best weights so far', async () => {
    const live = new LiveState(apiOf().runs, run('r5'))
    await live.ask()
    expect(live.answer).toBeNull()
    live.text = 'Crushing chest pain'
    await live.ask()
    expect(live.answer?.probabilities).toHaveLength(4)
  })
})

describe('a result', () => {
  test('pages through every row of a kind and moves from one to the next', async () => {
    const state = new ReviewState(apiOf().results, run('r3'))
    await state.load()
    expect(state.total).toBe(state.review.value?.errors)
    expect(state.open?.isRight).toBe(false)
    const [kind] = state.review.value!.kinds
    await state.show({ only: 'all', answer: 'routine', predicted: 'routine' })
    expect(state.total).toBe(66)
    expect(state.open?.isRight).toBe(true)
    await state.show({ only: 'errors', answer: kind!.answer, predicted: kind!.predicted })
    expect(state.total).toBe(kind!.count)
    state.move(1)
    expect(state.picked).toBe(1)
    state.move(1000)
    expect(state.picked).toBe(kind!.count - 1)
  })

  test('saves a verdict at once, takes it back by the same button or by undo', async () => {
    const state = new ReviewState(apiOf().results, run('r3'))
    await state.load()
    await state.judge({ kind: 'label-wrong', rightAnswer: 'soon', note: '' })
    expect(state.open?.verdict?.rightAnswer).toBe('soon')
    expect(state.review.value?.verdicts).toMatchObject({ labelWrong: 1, waiting: 1 })
    state.move(1)
    await state.judge({ kind: 'unclear', rightAnswer: null, note: '' })
    await state.judge({ kind: 'unclear', rightAnswer: null, note: '' })
    expect(state.open?.verdict).toBeNull()
    await state.undo()
    expect(state.open?.verdict?.kind).toBe('unclear')
    await state.undo()
    await state.undo()
    expect(state.row(0)?.verdict).toBeNull()
    expect(state.canUndo).toBe(false)
  })

  test('keeps what it shows where a verdict could not be saved', async () => {
    const bridge = makeFakeBridge({ filled: true, beat: 0, failing: { 'results:judge': 'The drive is full.' } })
    const state = new ReviewState(createApi(bridge).results, run('r3'))
    await state.load()
    await expect(state.judge({ kind: 'unclear', rightAnswer: null, note: '' })).rejects.toThrow('The drive is full.')
    expect(state.open?.verdict).toBeNull()
    expect(state.canUndo).toBe(false)
  })

  test('shades words by their share of the strongest, and leaves the text as it is', () => {
    const words = [
      { start: 1, end: 3, value: 2 },
      { start: 4, end: 6, value: -1 }
    ]
    const shades = shadesOf(' ab cd.', { label: 'x', words })
    expect(shades.map(({ text }) => text).join('')).toBe(' ab cd.')
    expect(shades.filter(({ strength }) => strength !== 0)).toEqual([
      { text: 'ab', strength: 1 },
      { text: 'cd', strength: -0.5 }
    ])
    expect(shadesOf('ab', { label: null, words: [{ start: 0, end: 2, value: 0 }] })).toEqual([{ text: 'ab', strength: 0 }])
  })

  test('fixes a threshold that was chosen, and says that the test was looked at', async () => {
    let looks = 0
    const state = new ThresholdState(apiOf().results, run('r3'), () => looks++)
    await state.thresholds.load()
    expect(state.choice).toBe('miss-20')
    state.chooseByHand(10)
    await state.fix()
    expect(looks).toBe(1)
    expect(state.thresholds.value?.fixed).toMatchObject({ className: 'urgent', threshold: state.chosen?.threshold })
    await state.drop()
    expect(state.thresholds.value?.fixed).toBeNull()
    expect(looks).toBe(1)
  })

  test('asks again for rows that failed', async () => {
    const bridge = makeFakeBridge({ filled: true, beat: 0, failing: { 'results:rows': 'The drive is gone.' } })
    const state = new ReviewState(createApi(bridge).results, run('r3'))
    await state.load()
    expect(state.failure?.message).toBe('The drive is gone.')
    expect(state.total).toBeNull()
  })
})

describe('a comparison', () => {
  test('takes two to six runs', () => {
    const selection = new Selection()
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) selection.toggle(run(id))
    expect(selection.ids).toHaveLength(6)
    selection.toggle(run('a'))
    expect(selection.has(run('a'))).toBe(false)
  })

  test('hides settings that are equal and keeps unset apart from false', async () => {
    const compare = new CompareState(apiOf(), [run('r3'), run('bad')])
    await compare.runs.load()
    expect(compare.settings.map(({ name, values }) => [name, values])).toEqual([['training.num_train_epochs', [4, 1]]])
    compare.hidesEqual = false
    expect(compare.settings.length).toBeGreaterThan(5)
  })
})

describe('use', () => {
  test('answers one text a line, says what needs a person, and copies nothing that a spreadsheet would run', async () => {
    const use = new UseState(apiOf())
    use.text = 'one\n\n =SUM(A1)\n'
    expect(use.texts).toEqual(['one', '=SUM(A1)'])
    await use.ask(run('r3'))
    use.below = 1
    expect(use.forPerson).toBe(2)
    expect(use.table(['Text', 'Answer', 'Sure']).split('\n')[2]).toMatch(/^'=SUM\(A1\)\t/)
  })
})

describe('a long table', () => {
  test('draws only the rows that are seen', () => {
    const table = new TableState(
      () => 100_000,
      () => 28
    )
    table.scrolled(28_000, 560)
    expect([table.first, table.last]).toEqual([994, 1026])
    expect(table.topFor(2000)).toBe(2001 * 28 - 560)
  })

  test('reaches the last of a million rows although no page is that high', () => {
    const table = new TableState(
      () => 1_000_000,
      () => 48
    )
    table.scrolled(table.tall - 560, 560)
    expect(table.last).toBe(1_000_000)
    expect(table.target('PageDown')).toBe(10)
  })
})
