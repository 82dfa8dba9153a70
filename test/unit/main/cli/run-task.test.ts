import { EventEmitter } from 'node:events'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readArguments } from '../../../../src/main/cli/arguments.ts'
import { watchInterrupts, type Interrupts } from '../../../../src/main/cli/interrupts.ts'
import type { Output } from '../../../../src/main/cli/output.ts'
import { performTask } from '../../../../src/main/cli/run-task.ts'

const entry = join(import.meta.dirname, '../../../helpers/fake-trainer.ts')

let root: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-run-task-'))
})

afterEach(() => rm(root, { recursive: true, force: true }))

interface Spoken {
  readonly code: number
  readonly printed: string
  readonly told: string
  readonly events: readonly object[]
}

interface Circumstances {
  readonly isJson?: boolean
  readonly interrupts?: Interrupts
  readonly closed?: AbortSignal
  /** Sees everything that is said, as it is said. */
  readonly onWord?: (text: string) => void
}

/** Runs `attune train` with the fake trainer's behaviour `name`. */
async function train(name: string, { isJson = false, interrupts, closed, onWord }: Circumstances = {}): Promise<Spoken> {
  const printed: string[] = []
  const told: string[] = []
  const events: object[] = []
  const keep = (list: string[], text: string): void => {
    list.push(text)
    onWord?.(text)
  }
  const output: Output = {
    isJson,
    print: (text) => keep(printed, text),
    event: (event) => {
      events.push(event)
      onWord?.(JSON.stringify(event))
    },
    tell: (line) => keep(told, `${line}\n`),
    errors: { write: (text) => keep(told, text), isTTY: false, columns: 100 },
    page: { width: 100, color: false, unicode: true },
    closed: closed ?? new AbortController().signal
  }
  const invocation = readArguments(['train', join(root, `${name}.yaml`)])
  if (invocation.kind !== 'command') throw new Error('not a command')
  const code = await performTask(invocation, entry, output, interrupts)
  return { code, printed: printed.join(''), told: told.join(''), events }
}

test('a run that ends well exits with 0, its result on standard output and all else on standard error', async () => {
  const { code, printed, told } = await train('normal')
  expect(code).toBe(0)
  expect(printed).toContain(join(root, 'runs/normal-1'))
  expect(printed).not.toContain('Note')
  const lines = told.trim().split('\n')
  expect(lines[0]).toMatch(
    /^Run .*normal-1: 7 training, 2 validation and 1 test rows; 4 steps train 10 of 100 parameters \(10 %\)\.$/
  )
  expect(told).toContain('Note: 1 row has no text.\n')
  expect(told).toContain('Step 1: validation Macro-F1 0.500, Loss 1.00 (best so far)\n')
})

test('with --json every event is one object and nothing else is said', async () => {
  const { code, printed, told, events } = await train('normal', { isJson: true })
  expect(code).toBe(0)
  expect([printed, told]).toEqual(['', ''])
  expect(events.map((event) => ('event' in event ? event.event : null))).toEqual([
    'started',
    'note',
    'progress',
    'step',
    'evaluation',
    'finished'
  ])
})

test('an input at fault exits with 2 and its sentence, without a stack', async () => {
  const { code, printed, told, events } = await train('failed', { isJson: true })
  expect(code).toBe(2)
  expect(printed).toBe('')
  expect(told).toBe('The column "txet" is missing.\n')
  expect(events).toEqual([{ event: 'failed', exitCode: 2, code: 'column-missing', message: 'The column "txet" is missing.' }])
})

describe('our own fault', () => {
  test('exits with 1, one sentence, and the details in the run folder', async () => {
    const folder = join(root, 'runs/internal-1')
    await mkdir(folder, { recursive: true })
    const { code, told } = await train('internal')
    expect(code).toBe(1)
    const path = join(folder, 'error.log')
    expect(told).toMatch(/\nAttune failed: shapes differ Details: .*error\.log\n$/)
    expect(told).toContain(path)
    expect(told).not.toContain('at x.ts')
    expect(await readFile(path, 'utf8')).toContain('at x.ts:1')
  })

  test('without a run folder leaves them in the temporary folder', async () => {
    const { code, told, events } = await train('crash-early', { isJson: true })
    expect(code).toBe(1)
    const path = /Details: (.*error\.log)\n$/.exec(told)?.[1] ?? ''
    expect(path.startsWith(tmpdir())).toBe(true)
    expect(events).toEqual([expect.objectContaining({ event: 'failed', exitCode: 1, code: 'trainer-crashed', log: path })])
    await rm(join(path, '..'), { recursive: true })
  })
})

describe('Ctrl+C', () => {
  /** An interrupter whose clock is set by hand. */
  function keyboard() {
    const source = new EventEmitter()
    let time = 0
    return {
      interrupts: watchInterrupts(source, () => time),
      press: (at: number, signal = 'SIGINT') => {
        time = at
        source.emit(signal)
      },
      source
    }
  }

  test('once stops at a checkpoint, exits with 130 and says how to go on', async () => {
    const { interrupts, press, source } = keyboard()
    let isPressed = false
    const { code, told } = await train('obedient', {
      interrupts,
      onWord: (text) => {
        if (isPressed || !text.includes('Training')) return
        isPressed = true
        press(1000)
      }
    })
    expect(code).toBe(130)
    expect(told).toContain('Stopping: a checkpoint is being written. Press Ctrl+C again to stop at once.\n')
    expect(told).toContain(
      `Stopped. The last checkpoint is kept. Go on with: attune train ${join(root, 'obedient.yaml')} --resume\n`
    )
    expect(source.listenerCount('SIGINT')).toBe(0)
  })

  test('twice ends a trainer that does not listen at once, and says where the run stands', async () => {
    const { interrupts, press } = keyboard()
    let pressed = 0
    const from = performance.now()
    const { code, told } = await train('deaf', {
      isJson: true,
      interrupts,
      onWord: (text) => {
        if (!/"step":(4|5)\b/.test(text) || pressed === 2) return
        pressed++
        press(pressed * 1000)
      }
    })
    expect(code).toBe(130)
    expect(pressed).toBe(2)
    expect(performance.now() - from).toBeLessThan(2000 + 1500)
    expect(told).toMatch(/Stopped\. The run stands at step 1\. Go on with: attune train .*deaf\.yaml --resume\n$/)
  })

  test('that npm hands on a second time counts once', () => {
    const { interrupts, press } = keyboard()
    press(1000)
    press(1200)
    expect([interrupts.stop.aborted, interrupts.kill.aborted]).toEqual([true, false])
    press(1600)
    expect(interrupts.kill.aborted).toBe(true)
  })

  test('is not needed where a system ends the process', () => {
    for (const signal of ['SIGTERM', 'SIGHUP']) {
      const { interrupts, press } = keyboard()
      press(1000, signal)
      expect(interrupts.stop.aborted).toBe(true)
    }
  })
})

test('a reader that goes away stops the run without a word', async () => {
  const closing = new AbortController()
  const { code, told } = await train('obedient', {
    isJson: true,
    closed: closing.signal,
    onWord: (text) => text.includes('"step"') && closing.abort()
  })
  expect(code).toBe(130)
  expect(told).toBe('')
})
