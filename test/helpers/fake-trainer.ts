/**
 * A trainer that trains nothing, for tests of the parent. Its task's configFile names what it does; a path's last part counts, less its
 * ending. It speaks the protocol through `process.send` with no check, so that it can also break it.
 */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { getPriority } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { getHeapStatistics } from 'node:v8'
import type { TrainerRequest, TrainerTask } from '../../src/main/worker/protocol.ts'

const send = (message: unknown): void => void process.send?.(message)
const wait = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds))

const started = (run: string): object => ({
  event: 'started',
  run,
  device: 'cpu',
  resumedFrom: null,
  trainable_parameters: 10,
  total_parameters: 100,
  rows: { train: 7, validation: 2, test: 1 },
  totalSteps: 4,
  predicted_rss_bytes: 1000
})
const step = (n: number): object => ({
  event: 'step',
  step: n,
  totalSteps: 4,
  epoch: 0,
  loss: 1 / n,
  learningRate: 0.1,
  gradientNorm: 1,
  clipScale: 1,
  tokens: 8,
  seconds: 0.01,
  rssBytes: 1000,
  ownBytes: 600
})
const checkpoint = (n: number): object => ({ event: 'checkpoint', step: n, kind: 'last' })
const stopped = {
  event: 'failed',
  exitCode: 130,
  code: 'stopped',
  message: 'Stopped. The last checkpoint is kept.',
  detail: 'asked'
}

function leave(code: number): void {
  process.exitCode = code
  process.disconnect()
}

/** Steps on and on, so that only the parent ends it. */
async function trainForever(): Promise<never> {
  for (let n = 3; ; n++) {
    send(step(n))
    await wait(20)
  }
}

let stop: () => void = () => undefined
const stopRequest = new Promise<void>((done) => (stop = done))

let probed: (outcome: unknown) => void = () => undefined
const probedOutcome = new Promise<unknown>((done) => (probed = done))

const behaviours: Readonly<Record<string, (run: string) => void | Promise<void>>> = {
  normal(run) {
    send(started(run))
    send({ event: 'note', code: 'skipped', message: '1 row has no text.' })
    send({ event: 'progress', phase: 'tokenising', done: 10, total: 10 })
    send(step(1))
    send({ event: 'evaluation', step: 1, epoch: 0, metric: 'macro_f1', metrics: { macro_f1: 0.5, loss: 1 }, isBest: true })
    send({
      event: 'finished',
      run,
      steps: 1,
      pid: process.pid,
      priority: getPriority(),
      session: existsSync('/proc/self/autogroup') ? readFileSync('/proc/self/autogroup', 'utf8') : null,
      telemetry: process.env['ORT_DISABLE_TELEMETRY'],
      execArgv: process.execArgv,
      heapLimit: getHeapStatistics().heap_size_limit
    })
    leave(0)
  },
  failed() {
    send({ event: 'failed', exitCode: 2, code: 'column-missing', message: 'The column "txet" is missing.', detail: 'stack' })
    leave(2)
  },
  internal(run) {
    send(started(run))
    send({
      event: 'failed',
      exitCode: 1,
      code: 'internal',
      message: 'Attune failed: shapes differ',
      detail: 'Error: shapes\n    at x.ts:1'
    })
    leave(1)
  },
  crash(run) {
    send(started(run))
    send(step(1))
    send(checkpoint(1))
    process.stderr.write('terminate called after throwing std::bad_alloc\n')
    process.abort()
  },
  'crash-early': () => process.exit(7),
  'kill-self'(run) {
    send(started(run))
    send(checkpoint(2))
    process.kill(process.pid, 'SIGKILL')
  },
  garbage(run) {
    for (const message of [
      'text',
      7,
      null,
      [],
      {},
      { event: 'constructor' },
      { event: 'step' },
      { event: 'step', step: 'one' },
      { event: 'failed', exitCode: 0, code: 'x', message: 'y', detail: 'z' },
      { event: 'failed', exitCode: 2, code: 'x', message: 7, detail: 'z' }
    ])
      send(message)
    process.stdout.write('{"event":"finished"}\n')
    send(started(run))
    send({ event: 'finished', run })
    send(step(4))
    leave(0)
  },
  async obedient(run) {
    send(started(run))
    send(step(1))
    await stopRequest
    send(checkpoint(1))
    send(stopped)
    leave(130)
  },
  /** Takes longer to save than a silent trainer is given. */
  async 'slow-to-save'(run) {
    send(started(run))
    await stopRequest
    send({ event: 'note', code: 'saving', message: 'Saving.' })
    await wait(600)
    send(checkpoint(3))
    send(stopped)
    leave(130)
  },
  async deaf(run) {
    send(started(run))
    send(step(1))
    send(checkpoint(1))
    send(step(2))
    await trainForever()
  },
  /** Says its last word and stays. */
  async lingering(run) {
    send(started(run))
    send({ event: 'finished', run, pid: process.pid })
    await trainForever()
  },
  /** Starts a process of its own that would outlive it. */
  async parent(run) {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' })
    send(started(run))
    send({ event: 'note', code: 'child', message: String(child.pid) })
    await trainForever()
  },
  /** Asks for a probe and tells what came of it. */
  async prober(run) {
    send(started(run))
    send({ event: 'probe', configFile: 'failed.yaml' })
    send({ event: 'finished', run, probed: await probedOutcome })
    leave(0)
  },
  /** Asks for threads to be timed and tells what came of it. */
  async timer(run) {
    send(started(run))
    send({ event: 'time-threads', candidates: [1, 2], width: 8, inner: 32, tokens: 4 })
    send({ event: 'finished', run, probed: await probedOutcome })
    leave(0)
  },
  /** Asks for a probe that never ends, waits until that has told its pid, and goes. */
  async 'prober-of-forever'(run) {
    const file = join(dirname(dirname(run)), 'pid.txt')
    send({ event: 'probe', configFile: join(dirname(file), 'pid-file.yaml') })
    for (let pid = ''; pid === ''; await wait(20)) pid = await readFile(file, 'utf8').catch(() => '')
    process.kill(process.pid, 'SIGKILL')
  },
  async 'pid-file'(run) {
    await writeFile(join(dirname(dirname(run)), 'pid.txt'), String(process.pid))
    await trainForever()
  },
  /** Tells its pid, then waits for its parent to go. */
  async orphan(run) {
    send(started(run))
    send({ event: 'note', code: 'pid', message: String(process.pid) })
    await new Promise(() => setInterval(() => undefined, 1000))
  }
}

function begin(task: TrainerTask): void {
  if (task.kind === 'time-threads') {
    const { candidates } = task
    send({ event: 'finished', timed: candidates.map((threads) => ({ threads, seconds: 1 / threads })) })
    return leave(0)
  }
  const file = 'runFolder' in task ? task.runFolder : 'configFile' in task ? task.configFile : ''
  const name = basename(file).replace(/\.yaml$/, '')
  void behaviours[name]?.(join(dirname(file), 'runs', `${name}-1`))
}

process.on('message', (request: TrainerRequest) => {
  if (request.kind === 'stop') stop()
  else if (request.kind === 'probed') probed(request.outcome)
  else if (request.kind === 'start') begin(request.task)
})
process.on('SIGINT', () => undefined)
process.on('disconnect', () => process.exit())
