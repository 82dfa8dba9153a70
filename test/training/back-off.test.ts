import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { StoppedError } from '../../src/main/base/errors.ts'
import { configHash, readRunConfig } from '../../src/main/config/run-config.ts'
import { openRuntime } from '../../src/main/engine/runtime/index.ts'
import type { Program, Runtime } from '../../src/main/engine/runtime/port.ts'
import { runError } from '../../src/main/engine/runtime/run-error.ts'
import { feeds } from '../../src/main/engine/training/feeds.ts'
import type { TrainerEvent } from '../../src/main/worker/protocol.ts'
import { trainRun } from '../../src/main/worker/train-run.ts'
import { makeTinyProject, type TinyProject } from '../helpers/tiny-project.ts'

let root: string
let project: TinyProject
let runtime: Runtime

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-back-off-'))
  project = await makeTinyProject(join(root, 'project'))
  runtime = await openRuntime({ threads: 1 })
})
afterAll(async () => {
  await runtime.dispose()
  await rm(root, { recursive: true, force: true })
})

/** What the library says on the processor (bfc_arena.cc). */
const SAYS = 'Failed to allocate memory for requested buffer of size 104857600'

/** A runtime without the memory for training batches of more than `rows` rows, from its run `from` on; `refused` counts. */
function cramped(rows: number, from = 0): { readonly runtime: Runtime; readonly refused: () => number } {
  let runs = 0
  let refused = 0
  const held = (program: Program): Program =>
    new Proxy(program, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key, target)
        if (key !== 'run') return typeof value === 'function' ? (value as () => unknown).bind(target) : value // A method of its own.
        return async (request: Parameters<Program['run']>[0]) => {
          const { shape } = request.inputs[feeds.inputIds] ?? { shape: [0] }
          if (runs++ < from || (shape[0] ?? 0) <= rows) return target.run(request)
          refused++
          throw runError(target.name, new Error(SAYS))
        }
      }
    })
  const without = new Proxy(runtime, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target)
      if (key !== 'load') return typeof value === 'function' ? (value as () => unknown).bind(target) : value // A method of its own.
      return async (spec: Parameters<Runtime['load']>[0]) => {
        const program = await target.load(spec)
        return spec.name === 'training_model' ? held(program) : program
      }
    }
  })
  return { runtime: without, refused: () => refused }
}

/** Without dropout, whose masks depend on the batches. */
const training = {
  num_train_epochs: 2,
  per_device_train_batch_size: 16,
  learning_rate: 0.003,
  seed: 1,
  threads: 1,
  hidden_dropout_prob: 0,
  attention_probs_dropout_prob: 0,
  classifier_dropout: 0,
  early_stopping: null,
  baselines: false,
  bootstrap_resamples: 0
}

interface Ran {
  readonly events: readonly TrainerEvent[]
  readonly outcome: Awaited<ReturnType<typeof trainRun>> | Error
}

async function train(name: string, on: Runtime, { stopAt = Infinity, resume = false } = {}): Promise<Ran> {
  const file = await project.config(name, training, { method: '{ type: full }' })
  const config = await readRunConfig(file)
  const stopping = new AbortController()
  const events: TrainerEvent[] = []
  const outcome = await trainRun({
    ...{ config, configHash: configHash(config), configText: await readFile(file, 'utf8'), name, resume, selection: null },
    threads: { count: on.threads, why: null, notes: [] },
    ...{ runtime: on, cacheFolder: join(root, 'cache'), signal: stopping.signal, finish: new AbortController().signal },
    emit: (event) => {
      events.push(event)
      if (event.event === 'step' && event.step === stopAt) stopping.abort()
    },
    probe: () => expect.fail('no trial is asked for')
  }).catch((error: unknown) => error as Error) // Looked at by the tests.
  return { events, outcome }
}

const eventsOf = <Name extends TrainerEvent['event']>(ran: Ran, name: Name): Extract<TrainerEvent, { event: Name }>[] =>
  ran.events.filter((event): event is Extract<TrainerEvent, { event: Name }> => event.event === name)

const finished = ({ outcome }: Ran): Readonly<Record<string, unknown>> => {
  if (outcome instanceof Error) throw outcome
  return outcome
}

test('a step for which memory does not suffice is made again in smaller batches, and so are those that follow', async () => {
  const plain = await train('roomy', runtime)
  const small = cramped(4, 3)
  const helped = await train('cramped', small.runtime)
  expect(small.refused()).toBe(2)
  const sentence = (rows: number): string =>
    `Memory ran out at step 4. It is made again, and all that follow, with at most ${rows} rows at a time: no row is left out and the steps stay as large, but they take longer.`
  expect(eventsOf(helped, 'smaller-batches')).toEqual(
    [8, 4].map((rows) => ({ event: 'smaller-batches', step: 3, rows, sentence: sentence(rows) }))
  )
  const losses = (ran: Ran): number[] => eventsOf(ran, 'step').map(({ loss }) => loss)
  expect(losses(helped)).toHaveLength(losses(plain).length)
  // The same rows in every step, added up in another order.
  for (const [at, loss] of losses(plain).entries())
    expect(Math.abs((losses(helped)[at] ?? NaN) / loss - 1), `step ${at + 1}`).toBeLessThan(at < 3 ? 1e-12 : 2e-4)
  const report = JSON.parse(await readFile(join(String(finished(helped)['run']), 'report.json'), 'utf8')) as {
    readonly data: { readonly notes: readonly string[] }
  }
  expect(report.data.notes).toEqual(expect.arrayContaining([sentence(8), sentence(4)]))
})

test('a run that is stopped goes on in the smaller batches, to the same bits', async () => {
  const whole = finished(await train('whole', cramped(4, 3).runtime))
  const stopped = await train('stopped', cramped(4, 3).runtime, { stopAt: 6 })
  expect(stopped.outcome).toBeInstanceOf(StoppedError)
  const later = cramped(4)
  const resumed = await train('stopped', later.runtime, { resume: true })
  expect(finished(resumed)['weights_hash']).toBe(whole['weights_hash'])
  expect(later.refused()).toBe(0)
  expect(eventsOf(resumed, 'smaller-batches')).toEqual([])
})

test('a run for which memory does not suffice row by row ends with one sentence', async () => {
  const { events, outcome } = await train('hopeless', cramped(0, 3).runtime)
  expect(outcome).toMatchObject({
    code: 'memory-short',
    message: expect.stringMatching(/^Memory ran out at step 4, and smaller batches did not help\. .*--resume/)
  })
  expect(events.flatMap((event) => (event.event === 'smaller-batches' ? [event.rows] : []))).toEqual([8, 4, 2, 1])
})
