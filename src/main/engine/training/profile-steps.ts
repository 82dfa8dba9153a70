// eslint-disable-next-line no-restricted-imports -- The library writes its profile itself, and no text of the person's is in it.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defined } from '../../base/assert.ts'
import { StoppedError } from '../../base/errors.ts'
import { loadedForm, loadedSizes } from './feeding.ts'
import { initialiseWeights } from './initialise.ts'
import { emptyPrefix } from './prefix.ts'
import { median } from './rehearsal.ts'
import { readNodeTimes, tabulate, type OperatorProfile } from './step-profile.ts'
import type { Stepper } from './stepper.ts'
import type { TextRun } from './text-run.ts'
import type { TextRunInput } from './text-run-input.ts'

/** Steps before the ones that count: memory is taken and caches are warm after them. */
const warmUp = 2

/** Where the time of an optimizer step goes, in milliseconds, as a mean over the steps that were looked at. */
export interface StepProfile {
  readonly steps: number
  /** Texts and tokens (padding included) of a step, and the micro-batches that it is made of. */
  readonly texts: number
  readonly tokens: number
  readonly microBatches: number
  /** What comes before a step in a run beside the one before it: the batch is laid out, dropout masks are drawn. */
  readonly preparing: number
  /** Forward and backward, from call to answer. */
  readonly computing: number
  readonly norm: number
  readonly optimizer: number
  /** The operators of forward and backward; null where a device computes them, whose kernels the library does not time. */
  readonly operators: OperatorProfile | null
}

/**
 * Makes a few steps of a run with the profiler on, on a micro-batch of usual length, with learning rate 0 and from the run's first weights. What the
 * profiler writes lies in a temporary folder, which is gone afterwards.
 * @throws StoppedError
 */
export async function profileSteps(run: TextRun, input: TextRunInput, steps: number): Promise<StepProfile> {
  const { model, settings, runtime } = input
  await initialiseWeights(run.arena, model, settings.seed)
  const folder = await mkdtemp(join(tmpdir(), 'attune-profile-'))
  try {
    const isTimed = runtime.provider === 'cpu'
    const stepper = await run.openStepper(run.lastPhase(), null, isTimed ? join(folder, 'steps') : undefined)
    try {
      const { sizes, ...taken } = await makeSteps(run, input, stepper, steps)
      const path = await stepper.endProfile()
      return {
        ...taken,
        steps,
        operators: path === undefined ? null : await operatorsOf(path, input, run, sizes, steps)
      }
    } finally {
      await stepper.dispose()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function operatorsOf(
  path: string,
  { runtime, settings }: TextRunInput,
  run: TextRun,
  sizes: Readonly<Record<string, number>>,
  steps: number
): Promise<OperatorProfile> {
  const { times } = readNodeTimes(await readFile(path, 'utf8'), warmUp * settings.accumulation)
  return tabulate(loadedForm(runtime, run.graphOf(run.lastPhase()).graph), loadedSizes(runtime, sizes), times, steps)
}

type Taken = Omit<StepProfile, 'steps' | 'operators'> & { readonly sizes: Readonly<Record<string, number>> }

async function makeSteps(
  run: TextRun,
  { settings, definition, signal }: TextRunInput,
  stepper: Stepper,
  steps: number
): Promise<Taken> {
  const { batches, arena } = run
  const { accumulation, seed } = settings
  const boundary = run.boundary()
  const prefix = boundary ? emptyPrefix(boundary, definition.config.width) : null
  const rows = defined(median(batches), 'a batch')
  const spent = { preparing: 0, computing: 0, norm: 0, optimizer: 0 }
  for (let step = 0; step < warmUp + steps; step++) {
    if (signal.aborted) throw new StoppedError()
    const timed = async <T>(what: keyof typeof spent, work: () => Promise<T>): Promise<T> => {
      const started = performance.now()
      const result = await work()
      if (step >= warmUp) spent[what] += (performance.now() - started) / steps
      return result
    }
    await stepper.beginWindow()
    for (let microStep = 0; microStep < accumulation; microStep++) {
      const prepared = await timed('preparing', async () => {
        const { batch } = await batches.make(rows, `${step}/${microStep}`, prefix)
        return stepper.prepare(batch, { seed, step, microStep })
      })
      await timed('computing', () => stepper.accumulate(prepared, 1 / rows.length, signal))
    }
    await timed('norm', () => stepper.gradientNorm(arena.groups))
    const still = arena.groups.map((group) => ({ group, learningRate: 0, step: step + 1 }))
    await timed('optimizer', () => stepper.update(still, 1))
  }
  const sizes = batches.sizesOf(rows)
  const tokens = accumulation * (sizes['tokens'] ?? 0)
  return { ...spent, sizes, texts: accumulation * rows.length, tokens, microBatches: accumulation }
}
