import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseRunReport } from '../../src/main/report/check-report.ts'
import { attune, type CliEvent, type CliOptions, type CliRun } from '../helpers/attune.ts'
import { makeTinyMarks } from '../helpers/tiny-marks.ts'
import { makeTinyProject, type TinyProject } from '../helpers/tiny-project.ts'

let root: string
let home: string
let project: TinyProject

const training = { num_train_epochs: 2, learning_rate: 0.003, seed: 1, save_steps: 4, bootstrap_resamples: 100 }
const PART_FOLDERS = ['share-1-8', 'share-1-4', 'share-1-2', '']

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-curve-test-'))
  home = join(root, 'home')
  await mkdir(home)
  project = await makeTinyProject(join(root, 'project'))
})

afterAll(() => rm(root, { recursive: true, force: true }))

const run = (words: readonly string[], options: Partial<CliOptions> = {}): Promise<CliRun> =>
  attune([...words, '--json'], { home, ...options })
const last = (cli: CliRun): CliEvent => cli.events().at(-1) ?? { event: 'nothing' }
const reportIn = async (folder: string) => parseRunReport(await readFile(join(folder, 'report.json'), 'utf8'))
const testLooks = (cli: CliRun): unknown => last(cli)['test_looks']

describe('a run with a learning curve', () => {
  let reference: CliRun
  let folder: string

  beforeAll(async () => {
    reference = await run(['train', await project.config('reference', training), '--curve'])
    folder = String(last(reference)['run'])
  })

  test('trains growing shares with the same steps and says what more labels would buy', async () => {
    expect(last(reference)).toMatchObject({ event: 'finished' })
    const { learningCurve, training: facts } = await reportIn(folder)
    const started = reference.events().filter(({ event }) => event === 'started')
    const trained = started.map(({ rows }) => (rows as { train: number }).train) // As the event is declared.
    expect(learningCurve?.points.map(({ rows }) => rows)).toEqual(trained)
    expect(trained.at(-1)).toBe(126)
    for (const [i, rows] of trained.slice(1).entries()) expect(Math.abs(rows - 2 * (trained[i] ?? 0))).toBeLessThanOrEqual(2)
    expect(new Set(started.map(({ totalSteps }) => totalSteps)).size).toBe(1)
    expect(learningCurve?.metric).toBe(facts.bestMetric?.name)
    expect(['more', 'flat', 'unclear']).toContain(learningCurve?.fit?.verdict)
    expect(await readFile(join(folder, 'report.html'), 'utf8')).toContain('Would more labels help?')
  })

  test('looks at the test once, for all rows, and is otherwise the run without a curve', async () => {
    expect(testLooks(reference)).toBe(1)
    const shares = await Promise.all(PART_FOLDERS.slice(0, 3).map((name) => reportIn(join(folder, name))))
    expect(shares.map(({ evaluation }) => evaluation)).toEqual([null, null, null])
    const plain = await run(['train', await project.config('plain', training)])
    expect(last(plain)).toMatchObject({ weights_hash: last(reference)['weights_hash'], metrics: last(reference)['metrics'] })
  })

  test('answers with the model of all rows', async () => {
    const asked = await run(['predict', folder, '--data', join(project.folder, 'more.csv'), '--out', join(root, 'out.csv')])
    expect(last(asked)).toMatchObject({ event: 'finished', rows: 30 })
  })

  test('killed in its second share, goes on to the same curve', async () => {
    const config = await project.config('killed', training)
    let started = 0
    const killed = await run(['train', config, '--curve'], {
      onEvent: ({ event }, cli) => {
        if (event === 'started') started++
        if (event === 'step' && started === 2) cli.kill('SIGKILL')
      }
    })
    expect(killed.signal).toBe('SIGKILL')
    const resumed = await run(['train', config, '--curve', '--resume'])
    expect(last(resumed)).toMatchObject({ event: 'finished', weights_hash: last(reference)['weights_hash'] })
    expect(last(resumed)['learning_curve']).toEqual(last(reference)['learning_curve'])
    // The first share was done already.
    expect(resumed.events().filter(({ event }) => event === 'started')).toHaveLength(3)
  })

  test('is refused beside folds, and without intervals', async () => {
    const config = await project.config('both', training)
    expect(last(await run(['train', config, '--curve', '--folds', '3']))).toMatchObject({ code: 'config_contradiction' })
    const bare = await project.config('bare', { ...training, bootstrap_resamples: 0 })
    expect(last(await run(['train', bare, '--curve']))).toMatchObject({ code: 'config_contradiction' })
  })
})

test('a run that marks passages has a learning curve too', async () => {
  const marks = await makeTinyMarks(join(root, 'marks'))
  const config = await marks.marksConfig('marks', { num_train_epochs: 1, bootstrap_resamples: 100 })
  const trained = await run(['train', config, '--curve'])
  expect(last(trained)).toMatchObject({ event: 'finished', learning_curve: { metric: 'micro_f1' }, test_looks: 1 })
  const { learningCurve } = await reportIn(String(last(trained)['run']))
  expect(learningCurve?.points).toHaveLength(4)
})
