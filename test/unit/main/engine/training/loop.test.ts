import { describe, expect, test } from 'vitest'
import type { Arena } from '../../../../../src/main/engine/training/arena.ts'
import { TrainingLoop } from '../../../../../src/main/engine/training/loop.ts'
import { initialState, type LoopSettings } from '../../../../../src/main/engine/training/loop-settings.ts'
import type { TrainingEvent } from '../../../../../src/main/engine/training/ports.ts'
import type { Stepper } from '../../../../../src/main/engine/training/stepper.ts'

const arena = { groups: [] } as unknown as Arena // The loop reads its groups alone.
const stepper = {
  prepare: () => ({}),
  beginWindow: async () => undefined,
  accumulate: async () => 1,
  gradientNorm: async () => 1,
  update: async () => undefined,
  dispose: async () => undefined
} as unknown as Stepper // Steps that learn nothing: what validation says is scripted.

/** Runs epochs of one step (or `steps`) whose evaluations say `values`, and tells after which step training ended and which ones were best. */
async function run(
  values: readonly number[],
  bestMetric: Partial<LoopSettings['bestMetric']>,
  { steps = 1, stepper: own = stepper }: { readonly steps?: number; readonly stepper?: Stepper } = {}
) {
  const events: TrainingEvent[] = []
  const settings: LoopSettings = {
    seed: 1,
    learningRate: 1e-3,
    maxGradNorm: 0,
    schedules: [],
    totalSteps: values.length * steps,
    epochs: values.length,
    evaluateEvery: null,
    evaluateEachEpoch: true,
    bestMetric: { name: 'micro_f1', greaterIsBetter: true, threshold: 0, ...bestMetric },
    patience: 2,
    saveEverySeconds: Infinity,
    saveEverySteps: null,
    loggingSteps: 1
  }
  let asked = 0
  const loop = new TrainingLoop(
    settings,
    {
      windowsOf: () => Array.from({ length: steps }, () => [Int32Array.of(0)]),
      batch: async () => ({ batch: { sizes: {}, inputs: {} }, weight: 1, tokens: 1 }),
      phaseOf: () => 0
    },
    arena,
    {
      emit: (event) => events.push(event),
      save: async () => undefined,
      evaluate: async () => ({ micro_f1: values[asked++] ?? 0 }),
      now: () => 0,
      memory: () => ({ resident: 0, own: 0 }),
      trim: () => Promise.resolve(),
      signal: new AbortController().signal,
      finish: new AbortController().signal
    },
    async () => own,
    initialState(0)
  )
  const { step } = await loop.run()
  const evaluations = events.flatMap((event) => (event.event === 'evaluation' ? [event] : []))
  return { step, metric: evaluations[0]?.metric, best: evaluations.filter(({ isBest }) => isBest).map((event) => event.step) }
}

describe('patience', () => {
  test('is counted from the first evaluation on', async () => {
    expect(await run([0, 0, 0, 0.5, 0.6], {})).toEqual({ step: 3, metric: 'micro_f1', best: [1] })
  })

  test('is not counted while nothing has been learned that the metric counts', async () => {
    expect(await run([0, 0, 0, 0, 0.3, 0.2, 0.1, 0.9], { nothing: 0 })).toEqual({ step: 7, metric: 'micro_f1', best: [1, 5] })
  })

  test('is counted of a metric that fell back to nothing', async () => {
    expect((await run([0, 0.1, 0, 0, 0.2], { nothing: 0 })).step).toBe(4)
  })
})

test('the next batch is made once the library has the step that runs, however that step is begun', async () => {
  const told: string[] = []
  const telling = {
    ...stepper,
    prepare: (_batch: unknown, { step }: { readonly step: number }) => {
      told.push(`made ${step}`)
      return { step }
    },
    accumulate: async ({ step }: { readonly step: number }) => {
      // As many small waits as a real step may take before the library is called.
      for (let i = 0; i < 50; i++) await Promise.resolve()
      told.push(`begun ${step}`)
      await new Promise((done) => setTimeout(done, 20))
      told.push(`done ${step}`)
      return 1
    }
  } as unknown as Stepper // Only what the loop calls.
  await run([0], {}, { steps: 3, stepper: telling })
  const expected = ['made 0', 'begun 0', 'made 1', 'done 0', 'begun 1', 'made 2', 'done 1', 'begun 2', 'done 2']
  expect(told).toEqual(expected)
})
