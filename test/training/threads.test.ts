import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { keepThreads, threadsKey } from '../../src/main/devices/machine.ts'
import { libraryVersion } from '../../src/main/engine/runtime/index.ts'
import { runTask } from '../../src/main/runs/supervisor.ts'
import { machineFile } from '../../src/main/shell/data-folder.ts'
import { attune, trainerProgram, type CliEvent, type CliOptions, type CliRun } from '../helpers/attune.ts'
import { makeTinyProject, type TinyProject } from '../helpers/tiny-project.ts'

let root: string
let home: string
let project: TinyProject

const training = {
  num_train_epochs: 5,
  per_device_train_batch_size: 16,
  learning_rate: 0.003,
  seed: 1,
  save_steps: 4,
  early_stopping: null,
  baselines: false,
  bootstrap_resamples: 0
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-threads-test-'))
  home = join(root, 'home')
  await mkdir(home)
  project = await makeTinyProject(join(root, 'project'))
})

afterAll(() => rm(root, { recursive: true, force: true }))

const run = (words: readonly string[], options: Partial<CliOptions> = {}): Promise<CliRun> => attune(words, { home, ...options })
const last = (cli: CliRun): CliEvent => cli.events().at(-1) ?? { event: 'nothing' }
const steps = (cli: CliRun): number[] => cli.events().flatMap(({ event, step }) => (event === 'step' ? [Number(step)] : []))
const notes = (cli: CliRun): unknown[] =>
  cli.events().flatMap(({ event, code, message }) => (event === 'note' && code === 'threads' ? [message] : []))

/** As if this machine had been timed: with `fast` threads the quickest. */
async function timed(fast: number): Promise<void> {
  const { hidden_size: width } = JSON.parse(await readFile(join(root, 'project/model/config.json'), 'utf8')) as {
    hidden_size: number
  }
  const key = threadsKey({ width, logical: availableParallelism(), library: libraryVersion() })
  const times = [1, 2].map((threads) => ({ threads, seconds: threads === fast ? 0.01 : 0.02 }))
  const file = machineFile(join(home, '.local/share/attune'))
  await keepThreads(file, key, { at: '2026-11-26T21:00:00.000Z', threads: fast, timed: times })
}

test('numbers of threads are timed in a process of their own', async () => {
  const started = performance.now()
  const trial = { candidates: [1, 2], width: 64, inner: 256, tokens: 64 }
  const outcome = await runTask({ kind: 'time-threads', ...trial }, { entry: trainerProgram, onEvent: () => undefined })
  const time = { threads: expect.any(Number), seconds: expect.any(Number) }
  expect(outcome).toEqual({ event: 'finished', timed: [time, time] })
  const { timed } = outcome as unknown as { readonly timed: readonly { readonly threads: number; readonly seconds: number }[] }
  expect(timed.map(({ threads }) => threads)).toEqual([1, 2])
  for (const { seconds } of timed) expect(seconds).toBeLessThan((performance.now() - started) / 1000)
})

test.runIf(process.platform === 'linux' && availableParallelism() >= 2)(
  'a run has the threads that were the quickest, says so, and keeps them where it goes on, bit by bit',
  async () => {
    const named = await run(['train', await project.config('named', { ...training, threads: 1 }), '--json'])
    expect(notes(named)).toEqual([])
    await timed(1)
    const config = await project.config('chosen', training)
    const planned = await run(['plan', config, '--json'])
    const sentence = '1 thread computes, as timed on this PC: the same piece of a step took 10 ms with 1 and 20 ms with 2.'
    expect(notes(planned)).toEqual([sentence])
    expect(last(planned)).toMatchObject({ settings: { threads: 1 } })
    let isAsked = false
    const stopped = await run(['train', config, '--json'], {
      onEvent: (event, cli) => {
        if (isAsked || event.event !== 'step' || Number(event['step']) < 10) return
        isAsked = true
        cli.kill('SIGINT')
      }
    })
    expect(notes(stopped)).toEqual([sentence])
    await timed(2)
    const resumed = await run(['train', config, '--json', '--resume'])
    expect(notes(resumed)).toEqual([sentence])
    // A checkpoint of other threads would not have been found. On a busy machine the last step may be done before the interrupt arrives.
    const done = steps(stopped).at(-1) ?? 0
    expect(steps(resumed)[0]).toBe(done < 40 ? done + 1 : undefined)
    expect(last(resumed)).toMatchObject({ event: 'finished', weights_hash: last(named)['weights_hash'] })
    const folder = join(root, 'project/runs/chosen-1')
    const report = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')) as object
    expect(report).toMatchObject({ data: { notes: expect.arrayContaining([sentence]) } })
    const recorded = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')) as object
    expect(recorded).toMatchObject({ config: { training: { threads: 1 } } })
  }
)
