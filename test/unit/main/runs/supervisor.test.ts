import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { constants, getPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { LiveEvent } from '../../../../src/main/runs/read-event.ts'
import { runTask, type TaskOptions } from '../../../../src/main/runs/supervisor.ts'
import type { Outcome } from '../../../../src/main/worker/protocol.ts'
import { isAlive } from '../../../helpers/attune.ts'

const entry = join(import.meta.dirname, '../../../helpers/fake-trainer.ts')

interface Ran {
  readonly outcome: Outcome
  readonly events: readonly LiveEvent[]
  readonly seconds: number
}

/** Runs the fake trainer's behaviour `name`; `when` sees each event as it comes. */
async function run(name: string, options: Partial<TaskOptions> = {}, when: (event: LiveEvent) => void = () => undefined): Promise<Ran> {
  const events: LiveEvent[] = []
  const onEvent = (event: LiveEvent): void => {
    events.push(event)
    when(event)
  }
  const from = performance.now()
  const outcome = await runTask({ kind: 'train', configFile: `${name}.yaml`, resume: false }, { entry, onEvent, ...options })
  return { outcome, events, seconds: (performance.now() - from) / 1000 }
}

const names = ({ events }: Ran): string[] => events.map(({ event }) => event)

describe('a trainer that ends by itself', () => {
  test('hands on every event in order and resolves to the last one', async () => {
    const ran = await run('normal')
    expect(names(ran)).toEqual(['started', 'note', 'progress', 'step', 'evaluation'])
    expect(ran.outcome).toMatchObject({ event: 'finished', run: 'runs/normal-1', steps: 1 })
  })

  test("runs in another process, with telemetry off, without the parent's switches and with few young objects", async () => {
    const { outcome } = await run('normal')
    expect(outcome).toMatchObject({ telemetry: '1', execArgv: ['--max-semi-space-size=4'] })
    expect(outcome).not.toMatchObject({ pid: process.pid })
  })

  test('lets the window go first where it is told to', async () => {
    const { PRIORITY_BELOW_NORMAL, PRIORITY_LOW } = constants.priority
    expect((await run('normal')).outcome).toMatchObject({ priority: getPriority() })
    expect((await run('normal', { priority: 'below' })).outcome).toMatchObject({ priority: PRIORITY_BELOW_NORMAL })
    const low = (await run('normal', { priority: 'low' })).outcome
    expect(low).toMatchObject({ priority: PRIORITY_LOW })
    // Where Linux weighs sessions against each other, a number for the process alone would be none.
    const session: unknown = 'session' in low ? low.session : null
    if (session !== null) expect(session).toMatch(new RegExp(`nice ${PRIORITY_LOW}\n$`))
  })

  test('reports an input at fault as the trainer words it', async () => {
    const { outcome } = await run('failed')
    expect(outcome).toEqual({
      event: 'failed',
      exitCode: 2,
      code: 'column-missing',
      message: 'The column "txet" is missing.',
      detail: 'stack'
    })
  })

  test('is ended when it stays after its last event, which still counts', async () => {
    const { outcome, seconds } = await run('lingering', { patience: { leaving: 100 } })
    expect(outcome.event).toBe('finished')
    expect(seconds).toBeLessThan(5)
    expect(await isAlive(Number('pid' in outcome ? outcome['pid'] : 0))).toBe(false)
  })

  test('is not believed when it sends what is no event', async () => {
    const ran = await run('garbage')
    expect(names(ran)).toEqual(['started'])
    expect(ran.outcome).toEqual({ event: 'finished', run: 'runs/garbage-1' })
  })
})

describe('a trainer that asks for a probe', () => {
  test('is told what came of it, and nobody else hears of it', async () => {
    const ran = await run('prober')
    expect(names(ran)).toEqual(['started'])
    expect(ran.outcome).toMatchObject({ event: 'finished', probed: { event: 'failed', code: 'column-missing' } })
  })

  test('is told how long a piece of a step took with each number of threads, timed in another process', async () => {
    const timed = [
      { threads: 1, seconds: 1 },
      { threads: 2, seconds: 0.5 }
    ]
    const ran = await run('timer')
    expect(names(ran)).toEqual(['started'])
    expect(ran.outcome).toMatchObject({ event: 'finished', probed: { event: 'finished', timed } })
  })

  test('takes its probe with it when it dies', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'attune-probe-'))
    try {
      const { outcome } = await run(join(folder, 'prober-of-forever'))
      expect(outcome).toMatchObject({ code: 'trainer-crashed' })
      const pid = Number(await readFile(join(folder, 'pid.txt'), 'utf8'))
      expect(pid).toBeGreaterThan(0)
      await expect.poll(() => isAlive(pid), { timeout: 5000 }).toBe(false)
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

describe('a trainer that dies', () => {
  test('becomes a failed run that names its last checkpoint and keeps its last words', async () => {
    const { outcome } = await run('crash')
    expect(outcome).toMatchObject({
      event: 'failed',
      exitCode: 1,
      code: 'trainer-crashed',
      message: 'The trainer stopped unexpectedly (signal SIGABRT). The run stands at step 1; go on with --resume.'
    })
    expect(outcome).toHaveProperty('detail', expect.stringContaining('std::bad_alloc'))
  })

  test('by SIGKILL gets the hint that memory was full', async () => {
    const { outcome } = await run('kill-self')
    expect(outcome).toMatchObject({ exitCode: 1, code: 'trainer-crashed' })
    expect(outcome).toHaveProperty(
      'message',
      expect.stringMatching(/^The trainer stopped unexpectedly \(signal SIGKILL\)\. The run stands at step 2; go on with --resume\. .*memory/)
    )
  })

  test('before any checkpoint says that there is none', async () => {
    const { outcome } = await run('crash-early')
    expect(outcome).toHaveProperty(
      'message',
      'The trainer stopped unexpectedly (exit code 7). There was no checkpoint yet; start the run again.'
    )
  })

  test('a trainer that is not there becomes a failed run too', async () => {
    const { outcome } = await run('normal', { entry: join(import.meta.dirname, 'no-such-trainer.ts') })
    expect(outcome).toMatchObject({ event: 'failed', exitCode: 1, code: 'trainer-crashed' })
    expect(outcome).toHaveProperty('detail', expect.stringContaining('no-such-trainer'))
  })
})

describe('stopping', () => {
  test('lets the trainer write its checkpoint and takes its word for it', async () => {
    const stop = new AbortController()
    const ran = await run('obedient', { signal: stop.signal }, ({ event }) => event === 'step' && stop.abort())
    expect(names(ran)).toEqual(['started', 'step', 'checkpoint'])
    expect(ran.outcome).toMatchObject({ exitCode: 130, code: 'stopped', detail: 'asked' })
  })

  test('gives a trainer that answers the time to save', async () => {
    const stop = new AbortController()
    const patience = { answer: 400, saving: 5000 }
    const ran = await run('slow-to-save', { signal: stop.signal, patience }, ({ event }) => event === 'started' && stop.abort())
    expect(names(ran)).toEqual(['started', 'note', 'checkpoint'])
    expect(ran.outcome).toMatchObject({ exitCode: 130, detail: 'asked' })
  })

  test('but no longer than that', async () => {
    const stop = new AbortController()
    const patience = { answer: 300, saving: 500 }
    const ran = await run('slow-to-save', { signal: stop.signal, patience }, ({ event }) => event === 'started' && stop.abort())
    expect(ran.outcome).toMatchObject({ exitCode: 130, message: 'Stopped. There was no checkpoint yet; start the run again.' })
  })

  test('kills a trainer that trains on, and says where the run stands', async () => {
    const stop = new AbortController()
    const { outcome } = await run('deaf', { signal: stop.signal, patience: { answer: 200 } }, (event) => {
      if (event.event === 'step' && event.step === 4) stop.abort()
    })
    expect(outcome).toMatchObject({
      exitCode: 130,
      code: 'stopped',
      message: 'Stopped. The run stands at step 1; go on with --resume.'
    })
  })

  test('before the trainer has begun reaches it all the same', async () => {
    const { outcome } = await run('obedient', { signal: AbortSignal.abort() })
    expect(outcome).toMatchObject({ exitCode: 130 })
  })

  test('at once kills the trainer and what it started', async () => {
    const kill = new AbortController()
    let child = 0
    const { outcome } = await run('parent', { killSignal: kill.signal }, (event) => {
      if (event.event !== 'note') return
      child = Number(event.message)
      kill.abort()
    })
    expect(outcome).toMatchObject({ exitCode: 130, code: 'stopped' })
    expect(child).toBeGreaterThan(0)
    await expect.poll(() => isAlive(child)).toBe(false)
  })

  test('after the last event changes nothing', async () => {
    const stop = new AbortController()
    const running = run('normal', { signal: stop.signal })
    const { outcome } = await running
    stop.abort()
    expect(outcome.event).toBe('finished')
  })
})

test('a mistake in the listener ends the trainer and is not swallowed', async () => {
  const running = run('deaf', {}, () => {
    throw new Error('the listener is wrong')
  })
  await expect(running).rejects.toThrow('the listener is wrong')
})

test('leaves no listener behind', async () => {
  const before = process.listenerCount('exit')
  await run('normal', { signal: new AbortController().signal })
  expect(process.listenerCount('exit')).toBe(before)
})
