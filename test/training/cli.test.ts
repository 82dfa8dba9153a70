import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Random } from '../../src/main/base/random.ts'
import { attune, isAlive, program, type CliEvent, type CliOptions, type CliRun, type RunningCli } from '../helpers/attune.ts'
import { makeTinyProject, type TinyProject } from '../helpers/tiny-project.ts'

let root: string
let home: string
let project: TinyProject

/** 40 steps of a few milliseconds, a checkpoint every 4 of them, with dropout: everything that resuming must get right. */
const training = {
  num_train_epochs: 5,
  per_device_train_batch_size: 16,
  learning_rate: 0.003,
  seed: 1,
  save_steps: 4,
  early_stopping: null,
  bootstrap_resamples: 50
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-cli-test-'))
  home = join(root, 'home')
  await mkdir(home)
  project = await makeTinyProject(join(root, 'project'))
})

afterAll(() => rm(root, { recursive: true, force: true }))

const run = (words: readonly string[], options: Partial<CliOptions> = {}): Promise<CliRun> => attune(words, { home, ...options })

const last = (cli: CliRun): CliEvent => cli.events().at(-1) ?? { event: 'nothing' }

const steps = (cli: CliRun): number[] => cli.events().flatMap(({ event, step }) => (event === 'step' ? [Number(step)] : []))

/** The uninterrupted run that others are compared with. */
let reference: CliRun

describe('attune train --json', () => {
  beforeAll(async () => {
    reference = await run(['train', await project.config('reference', training), '--json'])
  })

  test('ends with 0 and a finished event that has what is promised', () => {
    expect(reference.stderr).toBe('')
    expect(reference.code).toBe(0)
    const finished = last(reference)
    expect(finished).toMatchObject({
      event: 'finished',
      run: join(root, 'project/runs/reference-1'),
      weights_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      metrics: { test: {} },
      seconds: { total: expect.any(Number) }
    })
    const numbers = [
      'tokens_per_second',
      'peak_rss_bytes',
      'predicted_rss_bytes',
      'trainable_parameters',
      'total_parameters',
      'truncated_rows'
    ]
    for (const name of numbers) expect(finished[name], name).toEqual(expect.any(Number))
    const { test: measured } = finished['metrics'] as { test: Record<string, { value: number; low: number; high: number }> }
    for (const name of ['accuracy', 'macro_f1', 'mcc', 'log_loss', 'ece']) {
      const { value, low, high } = measured[name] ?? { value: NaN, low: NaN, high: NaN }
      expect(low, name).toBeLessThanOrEqual(high)
      expect(value, name).toEqual(expect.any(Number))
    }
    expect(finished['baselines']).toBeTypeOf('object')
  })

  test('tells each step, evaluation and checkpoint in order', () => {
    const events = reference.events()
    expect(events.every(({ event }) => typeof event === 'string')).toBe(true)
    expect(steps(reference)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1))
    expect(events.filter(({ event }) => event === 'evaluation').map(({ step }) => step)).toEqual([8, 16, 24, 32, 40])
    const checkpoints = events.filter(({ event, kind }) => event === 'checkpoint' && kind === 'last').map(({ step }) => step)
    expect(checkpoints).toEqual(expect.arrayContaining([4, 8, 12, 36, 40]))
    expect(events.find(({ event }) => event === 'started')).toMatchObject({ device: 'cpu', resumedFrom: null })
    expect(events.findIndex(({ event }) => event === 'started')).toBeLessThan(events.findIndex(({ event }) => event === 'step'))
  })

  test('gives the same weights again', async () => {
    const configs = [await project.config('again', training), await project.config('other', { ...training, seed: 2 })]
    const [again = reference, other = reference] = await Promise.all(configs.map((config) => run(['train', config, '--json'])))
    expect(last(again)).toMatchObject({ run: join(root, 'project/runs/again-1'), weights_hash: last(reference)['weights_hash'] })
    expect(last(other)['weights_hash']).toMatch(/^[0-9a-f]{64}$/)
    expect(last(other)['weights_hash']).not.toBe(last(reference)['weights_hash'])
  })
})

describe('a run that is cut short', () => {
  /** Kills `attune train` (or its trainer) after each of some numbers of steps, resumes it each time, and returns the last, whole run. */
  async function interrupted(
    name: string,
    kills: readonly number[],
    kill: (cli: RunningCli) => void,
    changed: Readonly<Record<string, unknown>> = {}
  ) {
    const config = await project.config(name, { ...training, ...changed })
    const cut: CliRun[] = []
    for (const [attempt, after] of kills.entries()) {
      let isKilled = false
      const words = ['train', config, '--json', ...(attempt === 0 ? [] : ['--resume'])]
      const onEvent: CliOptions['onEvent'] = (event, cli) => {
        if (isKilled || event.event !== 'step' || Number(event['step']) < after) return
        isKilled = true
        kill(cli)
      }
      cut.push(await run(words, { onEvent }))
    }
    return { cut, whole: await run(['train', config, '--json', '--resume']) }
  }

  /** Steps at which to kill, each after the checkpoint before it. */
  const moments = (name: string): number[] => {
    const random = new Random(7, name)
    return [3, 13, 25].map((first) => first + random.below(9))
  }

  // With the optimizer whose state is the least like float32; the next test has the usual one.
  test.runIf(process.platform === 'linux')('by kill -9 of the trainer ends with the same weights once resumed', async () => {
    const changed = { optim: 'adamw_8bit' }
    const uncut = await run(['train', await project.config('bytes', { ...training, ...changed }), '--json'])
    const kill = (cli: RunningCli): void => void cli.trainer().then((pid) => process.kill(pid, 'SIGKILL'))
    const { cut, whole } = await interrupted('trainer-killed', moments('trainer'), kill, changed)
    for (const { code, stderr } of cut) {
      expect(code).toBe(1)
      expect(stderr).toMatch(/^The trainer stopped unexpectedly \(signal SIGKILL\)\. /)
    }
    expect(last(cut[1] ?? reference)).toMatchObject({ event: 'failed', exitCode: 1, code: 'trainer-crashed' })
    expect(steps(whole)[0]).toBeGreaterThan(12)
    expect(last(whole)).toMatchObject({ event: 'finished', weights_hash: last(uncut)['weights_hash'] })
    expect(last(whole)['weights_hash']).not.toBe(last(reference)['weights_hash'])
  })

  test('by kill -9 of attune itself ends with the same weights once resumed, and leaves no trainer behind', async () => {
    const trainers: Promise<number>[] = []
    const { cut, whole } = await interrupted('attune-killed', moments('attune'), (cli) => {
      const pid = process.platform === 'linux' ? cli.trainer() : Promise.resolve(0)
      trainers.push(pid)
      void pid.then(() => cli.kill('SIGKILL'))
    })
    for (const { signal } of cut) expect(signal).toBe('SIGKILL')
    expect(last(whole)).toMatchObject({ event: 'finished', weights_hash: last(reference)['weights_hash'] })
    if (process.platform !== 'linux') return
    for (const pid of await Promise.all(trainers)) {
      expect(pid).toBeGreaterThan(0)
      expect(await isAlive(pid)).toBe(false)
    }
  })

  test('by Ctrl+C ends with 130, keeps its last step, says how to go on, and does', async () => {
    let isAsked = false
    const config = await project.config('interrupted', training)
    const stopped = await run(['train', config, '--json'], {
      onEvent: (event, cli) => {
        if (isAsked || event.event !== 'step' || Number(event['step']) < 10) return
        isAsked = true
        cli.kill('SIGINT')
      }
    })
    expect(stopped.code).toBe(130)
    expect(last(stopped)).toMatchObject({ event: 'failed', exitCode: 130, code: 'stopped' })
    expect(stopped.stderr).toContain('Stopping')
    expect(stopped.stderr).toContain(`attune train ${config} --resume`)
    const done = steps(stopped).at(-1) ?? 0
    const resumed = await run(['train', config, '--json', '--resume'])
    // On a busy machine the last step may be done before the interrupt arrives.
    expect(steps(resumed)[0]).toBe(done < 40 ? done + 1 : undefined)
    expect(last(resumed)).toMatchObject({ event: 'finished', weights_hash: last(reference)['weights_hash'] })
  })

  test('by a reader that goes away ends quietly and can be resumed', async () => {
    const config = await project.config('unread', training)
    const { spawnSync } = await import('node:child_process')
    const script = `"$0" "$1" train "$2" --json | head -n 12 > /dev/null; echo "\${PIPESTATUS[0]}"`
    const { stdout, stderr } = spawnSync('bash', ['-c', script, process.execPath, program, config], {
      encoding: 'utf8',
      env: { ...process.env, HOME: home }
    })
    expect(stderr).toBe('')
    expect(stdout).toBe('130\n')
    expect(last(await run(['train', config, '--json', '--resume']))).toMatchObject({
      weights_hash: last(reference)['weights_hash']
    })
  })
})

describe('attune train for people', () => {
  test('shows progress and notes on standard error and the report alone on standard output', async () => {
    const { code, lines, stderr } = await run(['train', await project.config('people', { ...training, num_train_epochs: 1 })])
    expect(code).toBe(0)
    expect(stderr).toMatch(/^Run .*people-1: 126 training, 27 validation and 27 test rows; 8 steps/m)
    expect(stderr).toMatch(/^Step 8: validation Macro-F1 0\.\d+.* \(best so far\)$/m)
    expect(lines.length).toBeGreaterThan(5)
    expect(lines.join('\n')).not.toMatch(/Step \d|\[#|undefined|NaN/)
  })
})

describe('a finished run', () => {
  interface Answer {
    readonly id: string
    readonly label: string
    readonly probabilities: Readonly<Record<string, number>>
    readonly logits: readonly number[]
  }

  const folder = (): string => join(project.folder, 'runs/reference-1')
  const data = (): string => join(project.folder, 'more.csv')

  test('predicts JSON Lines in the order of the input', async () => {
    const out = join(project.folder, 'answers.jsonl')
    const cli = await run(['predict', folder(), '--data', data(), '--out', out, '--json'])
    expect(cli.code).toBe(0)
    expect(last(cli)).toMatchObject({ event: 'finished', rows: 30 })
    const answers = (await readFile(out, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Answer) // As predict promises.
    expect(answers.map(({ id }) => id)).toEqual(Array.from({ length: 30 }, (_, i) => `row-${i}`))
    for (const { label, probabilities, logits } of answers) {
      const best = Object.entries(probabilities).toSorted(([, a], [, b]) => b - a)[0]?.[0]
      expect(label).toBe(best)
      expect(Object.values(probabilities).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 6)
      expect(logits).toHaveLength(3)
    }
  })

  test('predicts CSV with the same labels', async () => {
    const out = join(project.folder, 'answers.csv')
    const cli = await run(['predict', folder(), '--data', data(), '--out', out])
    expect(cli.code).toBe(0)
    expect(cli.lines.join('\n')).toContain('30 rows in')
    const labels = (await readFile(join(project.folder, 'answers.jsonl'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as Answer).label) // As above.
    const rows = (await readFile(out, 'utf8')).trim().split(/\r?\n/)
    expect(rows.slice(1).map((row) => row.split(',')[1])).toEqual(labels)
  })

  test('is evaluated on another file', async () => {
    const cli = await run(['evaluate', folder(), '--data', data(), '--json'])
    expect(cli.code).toBe(0)
    expect(last(cli)).toMatchObject({
      event: 'finished',
      rows: 30,
      test_looks: 1,
      metrics: { test: { accuracy: { value: expect.any(Number) } } }
    })
    const again = await run(['evaluate', folder(), '--data', data()])
    expect(again.lines.join('\n')).toMatch(/Accuracy/)
    expect(again.lines.join('\n')).toContain('2 times')
  })

  test('is shown again as it was reported, with the looks at test rows since', async () => {
    const shown = await run(['show', folder()])
    expect(shown.stderr).toBe('')
    expect(shown.code).toBe(0)
    const text = shown.lines.join('\n')
    expect(text).toMatch(/Macro-F1 +0\.\d+/)
    expect(text).toMatch(/^Device +CPU, \d+ threads?$/m)
    expect(text).toMatch(/num_train_epochs: 5/)
    const counts = JSON.parse(await readFile(join(project.folder, 'runs/test-looks.json'), 'utf8')) as Record<string, number>
    const answers = JSON.parse(await readFile(join(folder(), 'predictions-test.json'), 'utf8')) as { splitHash: string }
    // Other runs of this file looked at the same rows since.
    const looks = counts[answers.splitHash] ?? 0
    expect(looks).toBeGreaterThan(0)
    expect(last(await run(['show', folder(), '--json']))).toEqual({ ...last(reference), test_looks: looks })
    const copy = join(root, 'moved')
    await cp(folder(), copy, { recursive: true })
    const more = Object.fromEntries(Object.entries(counts).map(([hash, looks]) => [hash, looks + 2]))
    await writeFile(join(root, 'test-looks.json'), JSON.stringify(more))
    expect(last(await run(['show', copy, '--json']))).toEqual({ ...last(reference), run: copy, test_looks: looks + 2 })
    expect((await readdir(copy)).toSorted()).toEqual((await readdir(folder())).toSorted())
  })

  test('is evaluated, and predicts, by the threshold that was fixed for it', async () => {
    const file = join(folder(), 'decision.json')
    const test = { rows: 0, positives: 0, alarms: 0, hits: 0 }
    // From 0 on everything is called out: ten of the thirty rows are of each class.
    const alarm = { className: 'odd', threshold: 0, goal: 'Miss none', fixedAt: '2026-11-25T10:00:00Z', test }
    await writeFile(file, JSON.stringify({ format: 'attune-decision-1', alarm, person: null }))
    try {
      const cli = await run(['evaluate', folder(), '--data', data(), '--json'])
      expect(last(cli)).toMatchObject({ metrics: { test: { accuracy: { value: expect.closeTo(1 / 3, 12) } } } })
      expect(cli.lines.join('\n')).toContain("Answers are read as was fixed for this run: 'odd' from 0.00 on.")
      const out = join(project.folder, 'called-out.jsonl')
      await run(['predict', folder(), '--data', data(), '--out', out])
      const answers = (await readFile(out, 'utf8')).trim().split('\n')
      await rm(out)
      expect(answers.map((line) => (JSON.parse(line) as Answer).label)).toEqual(Array.from({ length: 30 }, () => 'odd')) // As above.
    } finally {
      await rm(file)
    }
  })

  test('is planned without leaving a run', async () => {
    const config = await project.config('planned', training)
    const cli = await run(['plan', config, '--json'])
    expect(cli.code).toBe(0)
    expect(last(cli)).toMatchObject({ event: 'finished', steps: 40, rows: { train: 126, validation: 27, test: 27 } })
    expect(await readdir(join(project.folder, 'runs'))).not.toContain('planned-1')
  })
})

describe('input at fault ends with 2 and one sentence', () => {
  /** Runs the words and expects exit code 2, `sentence` alone on standard error and a failed event. */
  async function refuses(words: readonly string[], sentence: RegExp): Promise<void> {
    const cli = await run([...words, '--json'])
    expect(cli.stderr.trim().split('\n')).toHaveLength(1)
    expect(cli.stderr).toMatch(sentence)
    expect(cli.code).toBe(2)
    expect(last(cli)).toMatchObject({ event: 'failed', exitCode: 2, message: cli.stderr.trim() })
  }

  test('for a configuration that is not there', () => refuses(['train', join(root, 'none.yaml')], /none\.yaml cannot be read/))

  test('for an unknown key, with its line', async () => {
    const config = await project.config('unknown', { ...training, learning_rte: 1 })
    await refuses(['train', config], /unknown\.yaml line \d+: .*learning_rte.*Did you mean 'learning_rate'\?/)
  })

  test('for a column that the data does not have', async () => {
    const extra = { data: '{ file: data.csv, text: txet, label: label }' }
    await refuses(['train', await project.config('column', training, extra)], /txet/)
  })

  test('for a model that is not there', async () => {
    await refuses(['plan', await project.config('model', training, { model: './no-model' })], /no-model/)
  })

  test('for a run that is not there', () =>
    refuses(['predict', join(root, 'no-run'), '--data', 'x.csv', '--out', 'y.csv'], /no-run is not a run of Attune/))

  test('for a run that reports nothing yet', async () => {
    const folder = join(root, 'unreported')
    await mkdir(folder)
    await cp(join(project.folder, 'runs/reference-1/run.json'), join(folder, 'run.json'))
    await refuses(['show', folder], /unreported reports nothing yet: it was not trained to its end\. Go on with it/)
    await refuses(['show', join(root, 'nowhere')], /nowhere is not a run of Attune \(there is no such folder\)/)
  })

  test('for a resume without a run', async () => {
    await refuses(['train', await project.config('never', { ...training, seed: 99 }), '--resume'], /no run of this configuration/)
  })

  test('for an output folder that cannot be written', async () => {
    await writeFile(join(project.folder, 'taken'), '')
    await refuses(['train', await project.config('output', training, { output: './taken' })], /taken/)
  })

  test('for a command that does not exist', () => refuses(['trian'], /no command 'trian'.*Did you mean 'train'\?/))
})

test('nothing is left outside the output folder', async () => {
  expect(await readdir(home)).toEqual([])
  const left = (await readdir(project.folder)).filter((name) => !name.endsWith('.yaml'))
  expect(left.toSorted()).toEqual(['answers.csv', 'answers.jsonl', 'data.csv', 'model', 'more.csv', 'runs', 'taken'])
})
