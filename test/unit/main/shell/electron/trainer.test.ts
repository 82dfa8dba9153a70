import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { keyRing } from '../../../../../src/main/base/sealed/key-ring.ts'
import { SMALL_HEAP } from '../../../../../src/main/runs/heap-flags.ts'
import type { LiveEvent } from '../../../../../src/main/runs/read-event.ts'
import type { TaskOptions } from '../../../../../src/main/runs/supervisor.ts'
import type { Outcome } from '../../../../../src/main/worker/protocol.ts'
import { installFake } from '../../../../helpers/electron/desktop.ts'
import type { FakeElectron } from '../../../../helpers/electron/fake-electron.ts'

const entry = join(import.meta.dirname, '../../../../helpers/fake-trainer.ts')

let fake: FakeElectron
beforeEach(async () => {
  fake = installFake()
  await fake.module.app.whenReady()
})
afterEach(() => vi.doUnmock('electron'))

interface Ran {
  readonly outcome: Outcome
  readonly names: readonly string[]
}

/** Runs the fake trainer's behaviour `name` in a utility process; `when` sees each event as it comes. */
async function run(
  name: string,
  options: Partial<TaskOptions> = {},
  when: (event: LiveEvent) => void = () => undefined
): Promise<Ran> {
  const { runTask } = await import('../../../../../src/main/runs/supervisor.ts')
  const { forkUtilityTrainer: launch } = await import('../../../../../src/main/shell/electron/trainer.ts')
  const names: string[] = []
  const onEvent = (event: LiveEvent): void => {
    names.push(event.event)
    when(event)
  }
  const outcome = await runTask(
    { kind: 'train', configFile: `${name}.yaml`, resume: false },
    { entry, onEvent, launch, ...options }
  )
  return { outcome, names }
}

describe('a trainer in a utility process', () => {
  test('hands on every event and its last one, with telemetry off', async () => {
    const { outcome, names } = await run('normal')
    expect(names).toEqual(['started', 'note', 'progress', 'step', 'evaluation'])
    expect(outcome).toMatchObject({ event: 'finished', telemetry: '1', execArgv: ['--max-semi-space-size=4'] })
    const [[program, words, options] = []] = fake.argumentsOf('utilityProcess.fork')
    expect([program, words]).toEqual([entry, []])
    expect(options).toMatchObject({
      stdio: ['ignore', 'pipe', 'pipe'],
      execArgv: ['--js-flags=--max-semi-space-size=4'],
      env: { ORT_DISABLE_TELEMETRY: '1' }
    })
  })

  test('has the bound of its heap, which only a switch of Electron sets', async () => {
    const { forkUtilityTrainer } = await import('../../../../../src/main/shell/electron/trainer.ts')
    const limitUnder = (flags: readonly string[]): Promise<number> =>
      new Promise((tell, fail) => {
        const trainer = forkUtilityTrainer(
          entry,
          {
            message: (message) => {
              if (typeof message === 'object' && message !== null && 'heapLimit' in message) tell(Number(message.heapLimit))
            },
            printed: () => undefined,
            unstarted: fail,
            gone: () => fail(new Error('It is gone.'))
          },
          flags
        )
        const task = { kind: 'train', configFile: 'normal.yaml', resume: false } as const
        trainer.send({ kind: 'start', task, sealing: keyRing.share(), secret: null })
      })
    const [bounded, free] = [await limitUnder(SMALL_HEAP), await limitUnder([])]
    expect(bounded).toBeGreaterThan(1000 * 2 ** 20)
    expect(bounded).toBeLessThan(1100 * 2 ** 20)
    expect(free).not.toBe(bounded)
    expect(fake.argumentsOf('utilityProcess.fork').map(([, , options]) => options)).toMatchObject([
      { execArgv: ['--js-flags=--max-semi-space-size=4 --max-old-space-size=1024'] },
      { execArgv: [] }
    ])
  })

  test('is started by the parent for a probe, too', async () => {
    const { outcome } = await run('prober')
    expect(outcome).toMatchObject({ event: 'finished', probed: { code: 'column-missing' } })
    expect(fake.trainers).toHaveLength(2)
  })

  test('that crashes in native code is a failed run that keeps its last words', async () => {
    const { outcome } = await run('crash')
    expect(outcome).toMatchObject({
      exitCode: 1,
      code: 'trainer-crashed',
      message: 'The trainer stopped unexpectedly (signal SIGABRT). The run stands at step 1; go on with --resume.',
      detail: expect.stringContaining('std::bad_alloc')
    })
  })

  test('that the system kills gets the hint that memory was full', async () => {
    const { outcome } = await run('kill-self')
    expect(outcome).toMatchObject({ code: 'trainer-crashed', message: expect.stringMatching(/signal SIGKILL.*step 2.*memory/s) })
  })

  test('that ends by itself tells its code', async () => {
    const { outcome } = await run('crash-early')
    expect(outcome).toMatchObject({ code: 'trainer-crashed', message: expect.stringContaining('exit code 7') })
  })

  test('that is not there is a failed run', async () => {
    const { outcome } = await run('normal', { entry: join(import.meta.dirname, 'no-such-trainer.ts') })
    expect(outcome).toMatchObject({
      event: 'failed',
      code: 'trainer-crashed',
      detail: expect.stringContaining('no-such-trainer')
    })
  })

  test('that cannot be started says why', async () => {
    fake.isReady = false
    const { outcome } = await run('normal')
    expect(outcome).toMatchObject({ code: 'trainer-not-started', message: expect.stringContaining('before app is ready') })
  })
})

describe('stopping a trainer in a utility process', () => {
  test('lets it write its checkpoint and takes its word for it', async () => {
    const stop = new AbortController()
    const { outcome, names } = await run('obedient', { signal: stop.signal }, ({ event }) => event === 'step' && stop.abort())
    expect(names).toEqual(['started', 'step', 'checkpoint'])
    expect(outcome).toMatchObject({ exitCode: 130, detail: 'asked' })
  })

  test('kills one that trains on, and says where the run stands', async () => {
    const stop = new AbortController()
    const { outcome } = await run('deaf', { signal: stop.signal, patience: { answer: 200 } }, (event) => {
      if (event.event === 'step' && event.step === 4) stop.abort()
    })
    expect(outcome).toMatchObject({ exitCode: 130, message: 'Stopped. The run stands at step 1; go on with --resume.' })
  })

  test('kills one that has no number yet', async () => {
    const { outcome } = await run('deaf', { killSignal: AbortSignal.abort() })
    expect(outcome).toMatchObject({ exitCode: 130, code: 'stopped' })
  })

  test('ends one that stays after its last event, which still counts', async () => {
    const { outcome } = await run('lingering', { patience: { leaving: 100 } })
    expect(outcome.event).toBe('finished')
    expect(fake.trainers[0]?.pid).toBe(undefined)
  })
})
