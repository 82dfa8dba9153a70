import { cp, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { attune, installed, type CliRun } from '../../helpers/attune.ts'
import { hostedAttune } from '../../helpers/hosted-attune.ts'
import { makeTinyProject, type TinyProject } from '../../helpers/tiny-project.ts'
import { answerCases, trainedRun } from './answer-cases.ts'
import { table, rows, yaml, type BadCase } from './bad-case.ts'
import { dataCases } from './data-cases.ts'
import { fineCases, type FineCase } from './fine-cases.ts'
import { modelCases } from './model-cases.ts'
import { settingsCases } from './settings-cases.ts'

let root: string
let home: string
let project: TinyProject
let folders = 0

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-bad-input-'))
  home = join(root, 'home')
  await mkdir(home)
  project = await makeTinyProject(join(root, 'project'))
})

afterAll(() => rm(root, { recursive: true, force: true }))

/** A folder as the case wants it. */
async function folderOf(bad: Omit<BadCase, 'says'>): Promise<string> {
  const folder = join(root, `case-${folders++}`)
  await cp(join(project.folder, 'model'), join(folder, 'model'), { recursive: true })
  const data = bad.data ?? '{ file: data.csv, text: text, label: label }'
  const settings = (text: string): string =>
    text
      .replace(/^data: .*/m, `data: ${data}`)
      .replace('text-classification', bad.task ?? 'text-classification')
      .replace('./model', bad.modelPath ?? './model')
      .concat(bad.training ?? '')
  const files = { ...table(rows), 'run.yaml': bad.yaml ?? yaml(settings), ...bad.files }
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content)
  await bad.prepare?.(folder)
  return folder
}

/** Everything below a folder, with what changes when it is written to. */
async function contentOf(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true })
  const described = names.map(async (name) => {
    const found = await stat(join(folder, name)).catch(() => null)
    return `${name} ${found?.isFile() === true ? `${found.size} ${found.mtimeMs}` : ''}`
  })
  return (await Promise.all(described)).toSorted()
}

/** Exit codes and refusals of processes of their own: the last tests here, and cli.test.ts. */
const perform = (bad: Omit<BadCase, 'says'>, folder: string): Promise<CliRun> =>
  hostedAttune(bad.words ?? ['plan', 'run.yaml'], { home, cwd: folder })

/** One sentence, exit code 2, nothing made and nothing written over. */
async function refuses(bad: BadCase): Promise<void> {
  const folder = await folderOf(bad)
  const before = await contentOf(folder)
  const { code, stderr, lines } = await perform(bad, folder)
  expect(stderr.trimEnd().split('\n').at(-1)?.replaceAll(folder, '<folder>')).toBe(bad.says)
  expect(code).toBe(2)
  if (bad.words?.[0] !== 'inspect') expect(lines).toEqual([])
  expect(await contentOf(folder)).toEqual(before)
}

describe('data is refused for', () => {
  test.each(dataCases)('$name', refuses)
})

describe('settings are refused for', () => {
  test.each(settingsCases)('$name', refuses)
})

describe('a model is refused for', () => {
  test.each(modelCases)('$name', refuses)
})

describe('a finished run', () => {
  beforeAll(async () => {
    const config = await project.config('trained', { num_train_epochs: 1, bootstrap_resamples: 20, seed: 1, baselines: false })
    expect((await attune(['train', config], { home })).code).toBe(0)
  })

  test.each(answerCases)('refuses $name', async (bad) => {
    const prepare = async (folder: string): Promise<void> => {
      await trainedRun(join(project.folder, 'runs/trained-1'), folder)
      await bad.prepare?.(folder)
    }
    await refuses({ ...bad, prepare })
  })
})

describe('what looks odd and is fine:', () => {
  test.each<FineCase>(fineCases)('$name', async (fine) => {
    const folder = await folderOf(fine)
    const { code, stderr, events } = await perform({ ...fine, words: fine.words ?? ['plan', 'run.yaml', '--json'] }, folder)
    expect(stderr).toBe('')
    expect(code).toBe(0)
    expect(events().at(-1)).toMatchObject({ event: 'finished', ...fine.finds })
  })
})

test('a run that is stopped while its data is prepared leaves nothing, and says so', async () => {
  const many = Array.from({ length: 100_000 }, (_, row) => `${row},bead face bed ${row.toString(6)},${row % 2 === 0 ? 'a' : 'b'}`)
  const folder = await folderOf({ name: '', files: table(many) })
  let isAsked = false
  const { code, events } = await attune(['train', 'run.yaml', '--json'], {
    home,
    cwd: folder,
    program: installed,
    onEvent: ({ event, phase }, cli) => {
      if (isAsked || event !== 'progress' || phase !== 'tokenising') return
      isAsked = true
      cli.kill('SIGINT')
    }
  })
  expect(code).toBe(130)
  expect(events().at(-1)).toMatchObject({
    code: 'stopped',
    message: 'Stopped before the first step, so nothing is kept: start the run again.'
  })
  expect(await readdir(folder)).not.toContain('runs')
})

test('a refusal is an event too, with its code', async () => {
  const folder = await folderOf({ name: '', training: '  max_length: 512\n' })
  const { code, events } = await attune(['plan', 'run.yaml', '--json'], { home, cwd: folder })
  expect(code).toBe(2)
  expect(events().at(-1)).toMatchObject({ event: 'failed', exitCode: 2, code: 'max-length-too-large' })
})
