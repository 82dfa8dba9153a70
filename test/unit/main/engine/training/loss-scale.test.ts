import { expect, it } from 'vitest'
import type { Arena } from '../../../../../src/main/engine/training/arena.ts'
import { TrainingLoop } from '../../../../../src/main/engine/training/loop.ts'
import { initialState, type LoopSettings } from '../../../../../src/main/engine/training/loop-settings.ts'
import { afterGoodStep, afterOverflow, firstLossScale } from '../../../../../src/main/engine/training/loss-scale.ts'
import type { TrainingEvent } from '../../../../../src/main/engine/training/ports.ts'
import type { ParameterGroup } from '../../../../../src/main/engine/training/parameter-groups.ts'
import type { Stepper } from '../../../../../src/main/engine/training/stepper.ts'

it('doubles after 2,000 steps that fitted, halves after each that did not, and never below 1', () => {
  let state = firstLossScale
  for (let step = 0; step < 1999; step++) state = afterGoodStep(state)
  expect(state).toEqual({ scale: 65_536, goodSteps: 1999 })
  expect(afterGoodStep(state)).toEqual({ scale: 131_072, goodSteps: 0 })
  expect(afterOverflow(state)).toEqual({ scale: 32_768, goodSteps: 0 })
  expect(afterOverflow({ scale: 1, goodSteps: 5 })).toBeNull()
})

const group: ParameterGroup = { learningRateScale: 1, weightDecay: 0, schedule: 0, phase: 0, slots: [], offset: 0, size: 1 }
const arena = { groups: [group] } as unknown as Arena // The loop reads its groups alone.

/** Trains `steps` steps on a gradient of `gradient`, which overflows where the scale takes it above 65,504. */
async function train(steps: number, gradient: number) {
  const events: TrainingEvent[] = []
  const clips: number[] = []
  let scale = 0
  const stepper = {
    prepare: () => ({}),
    beginWindow: async () => undefined,
    accumulate: async (_: unknown, lossScale: number) => {
      scale = lossScale
      return 1
    },
    gradientNorm: async () => (gradient * scale > 65_504 ? Infinity : gradient * scale),
    update: async (_: unknown, clip: number) => void clips.push(clip * scale),
    dispose: async () => undefined
  } as unknown as Stepper // A gradient and nothing else.
  const settings: LoopSettings = {
    ...{ seed: 1, learningRate: 1e-3, maxGradNorm: 1, schedules: [], totalSteps: steps, epochs: steps, evaluateEvery: null },
    ...{ evaluateEachEpoch: false, bestMetric: { name: 'loss', greaterIsBetter: false, threshold: 0 }, patience: null },
    ...{ saveEverySeconds: Infinity, saveEverySteps: null, loggingSteps: 1 }
  }
  const data = {
    windowsOf: () => [[Int32Array.of(0)]],
    batch: async () => ({ batch: { sizes: {}, inputs: {} }, weight: 1, tokens: 1 }),
    phaseOf: () => 0
  }
  const never = new AbortController().signal
  const ports = {
    ...{ save: async () => undefined, evaluate: async () => ({}), now: () => 0, signal: never, finish: never },
    emit: (event: TrainingEvent) => void events.push(event),
    trim: () => Promise.resolve(),
    memory: () => ({ resident: 0, own: 0 })
  }
  const loop = new TrainingLoop(settings, data, arena, ports, async () => stepper, initialState(1, true))
  return { state: await loop.run(), events, clips }
}

it('skips steps that overflow, says so, scales by less, and takes the scale back before the optimizer', async () => {
  const { state, events, clips } = await train(8, 4)
  const skipped = events.flatMap((event) => (event.event === 'skipped' ? [event.reason] : []))
  expect(skipped).toEqual(
    [32_768, 16_384, 8192].map((scale) => `the gradient does not fit 16-bit floats; losses are scaled by ${scale} from here on`)
  )
  expect(state).toMatchObject({ step: 8, skipped: 3, badInARow: 0, groupSteps: [5], lossScale: { scale: 8192, goodSteps: 5 } })
  const norms = events.flatMap((event) => (event.event === 'step' ? [event.gradientNorm] : []))
  expect(norms).toEqual([4, 4, 4, 4, 4])
  expect(clips.every((clip) => Math.abs(clip - 0.25) < 1e-6)).toBe(true)
})
