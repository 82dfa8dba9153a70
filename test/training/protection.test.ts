import { mkdir, mkdtemp, readdir, readFile as readPlain, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DatasetReport, DatasetSummary } from '../../src/preload/contract/data.ts'
import type { ModelSummary } from '../../src/preload/contract/models.ts'
import type { Answer, RunDraft, RunResult, RunSummary } from '../../src/preload/contract/runs.ts'
import type { VaultStatus } from '../../src/preload/contract/vault.ts'
import { keyIdOf } from '../../src/main/base/sealed/convert.ts'
import { readFile } from '../../src/main/base/sealed/fs.ts'
import { openTestApplication, type Application } from '../helpers/application.ts'
import { TestPage } from '../helpers/loopback-page.ts'
import { tinyTable } from '../helpers/tiny-project.ts'
import { isTrainer } from '../helpers/trainers.ts'

const passphrase = 'correct horse battery staple'
const CANARY = 'zanzibarcanary'
const fileName = 'oncology-referrals.csv'
/** Class names that stand nowhere else. */
const classes = { good: 'zebrafish', bad: 'yellowbird', odd: 'xylophone' } as const
const secrets = [CANARY, fileName, ...Object.values(classes)]

const table = tinyTable(180, 1)
  .replaceAll(/,(good|bad|odd)$/gm, (_, name: keyof typeof classes) => `,${classes[name]}`)
  .replaceAll(/^(row-\d*7),/gm, `$1,${CANARY} `)

let root: string
let usual: string | undefined
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-protection-'))
  usual = process.env['TMPDIR']
  await mkdir(join(root, 'tmp'))
  // Inherited by the trainers: whatever they put into the system's folder for temporary files is seen.
  process.env['TMPDIR'] = join(root, 'tmp')
})
afterAll(async () => {
  if (usual === undefined) delete process.env['TMPDIR']
  else process.env['TMPDIR'] = usual
  await rm(root, { recursive: true, force: true })
})

/** One application on a data folder of its own, and what a person does in it. */
class Session {
  readonly folder: string
  application: Application
  page: TestPage

  private constructor(folder: string, application: Application, page: TestPage) {
    this.folder = folder
    this.application = application
    this.page = page
  }

  static async open(name: string): Promise<Session> {
    const folder = join(root, name)
    const application = await openTestApplication(folder)
    return new Session(folder, application, await TestPage.open(application.shell))
  }

  get dataFolder(): string {
    return join(this.folder, 'data')
  }

  async reopen(): Promise<void> {
    await this.application.dispose()
    this.application = await openTestApplication(this.folder)
    this.page = await TestPage.open(this.application.shell)
  }

  async bringTable(): Promise<DatasetSummary> {
    const { body } = await this.page.post('/upload', table, {
      'X-Attune-Name': fileName,
      'Content-Type': 'application/octet-stream'
    })
    const opened = await this.page.call<DatasetSummary>('data:open', (JSON.parse(body) as { handle: string }).handle)
    const { roles } = opened
    await this.page.call<DatasetReport>('data:setRoles', { id: opened.id, roles: { ...roles, group: null, belonging: 'no' } })
    return opened
  }

  async start(dataset: DatasetSummary): Promise<string> {
    const [model] = await this.page.call<ModelSummary[]>('models:list')
    const draft: RunDraft = {
      dataset: dataset.id,
      model: model!.id,
      thoroughness: 0,
      changed: { 'training.bootstrap_resamples': 50, 'training.num_train_epochs': 12 },
      mustNotMiss: classes.bad,
      quietly: false,
      name: null
    }
    return this.page.call<string>('runs:start', draft)
  }

  async untilState(id: string, states: readonly string[]): Promise<RunSummary> {
    for (;;) {
      const run = await this.page.call<RunSummary>('runs:get', id)
      if (states.includes(run.state)) return run
      if (run.state === 'failed') throw new Error(run.failure?.message)
      await new Promise((done) => setTimeout(done, 30))
    }
  }

  async untilConverted(): Promise<void> {
    for (;;) {
      const { conversion } = await this.page.call<VaultStatus>('vault:status')
      if (conversion === null) return
      if (conversion.failure !== null) throw new Error(conversion.failure)
      await new Promise((done) => setTimeout(done, 30))
    }
  }
}

/** Files below a folder. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

/** The keys that seal the files of these folders: what belongs to a project has none but its own. */
async function keysIn(dataFolder: string, folders: readonly string[]): Promise<unknown[]> {
  const keys = new Set<unknown>()
  for (const folder of folders) {
    const files = await filesIn(join(dataFolder, folder))
    expect(files.length, folder).toBeGreaterThan(0)
    for (const path of files) keys.add(await keyIdOf(path))
  }
  const { keys: known } = JSON.parse(await readPlain(join(dataFolder, 'keys.json'), 'utf8')) as {
    keys: Record<string, { id: string }>
  }
  const shared = new Set([known['own']?.id, known['database']?.id])
  expect([...keys].filter((id) => shared.has(id as string))).toEqual([]) // Ids, by the header.
  return [...keys]
}

/** Where any of these bytes stand in any file of the folders, in UTF-8 or UTF-16, or in a file's name. */
async function placesOf(needles: readonly (string | Buffer)[], folders: readonly string[]): Promise<string[]> {
  const found: string[] = []
  for (const folder of folders) {
    for (const path of await filesIn(folder)) {
      // A file that was just written under a temporary name has its own by now, and is listed under that.
      const bytes = await readPlain(path).catch(() => Buffer.alloc(0))
      for (const needle of needles) {
        const forms = typeof needle === 'string' ? [Buffer.from(needle), Buffer.from(needle, 'utf16le')] : [needle]
        const inName = typeof needle === 'string' && path.slice(folder.length).includes(needle)
        if (inName || forms.some((form) => bytes.includes(form))) found.push(`${path}: ${String(needle).slice(0, 40)}`)
      }
    }
  }
  return found
}

/** Numbers of the trained weights as they lie in a checkpoint. */
async function trainedBytes(runFolder: string, series: string): Promise<Buffer> {
  const [name] = (await readdir(join(runFolder, 'checkpoints')))
    .filter((each) => each.startsWith(series))
    .sort()
    .reverse()
  const bytes = await readFile(join(runFolder, 'checkpoints', name ?? '', 'tensors.safetensors'))
  const begin = 8 + Number(bytes.readBigUInt64LE(0))
  // Numbers that no other file has by chance: a moment may be nothing but zeros.
  for (let at = begin; at + 64 <= bytes.length; at += 4) {
    const some = bytes.subarray(at, at + 64)
    if (new Set(some).size >= 40) return some
  }
  throw new Error('the checkpoint holds no numbers that could be looked for')
}

const weightsHashOf = async (session: Session, id: string): Promise<string | null> => {
  const report = JSON.parse(await readFile(join(session.dataFolder, 'runs', `${id}-1`, 'report.json'), 'utf8')) as {
    run: { weightsHash: string }
  }
  return report.run.weightsHash
}

describe('a protected data folder', () => {
  test('holds no byte of rows, names, classes or trained weights, from the import over a killed trainer to an answer', async () => {
    const plain = await Session.open('plain')
    const plainRun = await plain.start(await plain.bringTable())
    await plain.untilState(plainRun, ['finished'])
    const expected = await weightsHashOf(plain, plainRun)
    // The search itself must find what is there.
    const open = await placesOf(secrets, [plain.dataFolder])
    for (const secret of secrets) expect(open.join('\n')).toContain(secret)
    await plain.application.dispose()

    const session = await Session.open('sealed')
    const folders = [session.dataFolder, join(root, 'tmp')]
    const dataset = await session.bringTable()
    expect(await session.page.call<VaultStatus>('vault:status')).toMatchObject({ state: 'unprotected', isAsked: true })
    const first = await session.start(dataset)
    await session.untilState(first, ['running', 'testing', 'finished'])
    // In the middle of a run that began without keys: it is held, and goes on with them.
    const recoveryKey = await session.page.call<string>('vault:protect', { passphrase, keyring: false })
    expect(recoveryKey).toMatch(/^(?:[0-9A-Z]{5}-){5}[0-9A-Z]{5}$/)
    await session.untilConverted()
    expect(await placesOf(secrets, folders)).toEqual([])
    await session.untilState(first, ['finished'])
    expect(await weightsHashOf(session, first)).toBe(expected)

    const second = await session.start(dataset)
    await session.untilState(second, ['running'])
    await session.page.call('runs:pause', second)
    const paused = await session.untilState(second, ['paused', 'finished'])
    expect(paused.state).toBe('paused')
    const runFolder = join(session.dataFolder, 'runs', `${second}-1`)
    const halfway = await trainedBytes(runFolder, 'step')
    expect(await placesOf([...secrets, halfway], folders)).toEqual([])
    await session.page.call('runs:resume', second)
    await session.untilState(second, ['running'])
    await killTrainer()
    while ((await session.page.call<RunSummary>('runs:get', second)).state !== 'failed')
      await new Promise((done) => setTimeout(done, 30))
    expect(await placesOf([...secrets, halfway], folders)).toEqual([])
    await session.page.call('runs:resume', second)
    await session.untilState(second, ['finished'])
    expect(await weightsHashOf(session, second)).toBe(expected)

    const result = await session.page.call<RunResult>('runs:result', second)
    expect(result.testRows).toBeGreaterThan(0)
    const answers = await session.page.call<Answer[]>('runs:answer', { id: second, texts: [`${CANARY} abba`] })
    expect(answers[0]?.probabilities?.map(({ name }) => name).sort()).toEqual(Object.values(classes).sort())
    const trained = await trainedBytes(runFolder, 'best')
    expect(await placesOf([...secrets, trained], folders)).toEqual([])

    const ofProject = [`runs/${first}-1`, `runs/${second}-1`, 'configurations', 'datasets', 'projects', 'cache/tokens']
    expect(await keysIn(session.dataFolder, ofProject)).toHaveLength(1)

    await session.reopen()
    expect(await session.page.call<VaultStatus>('vault:status')).toMatchObject({ state: 'locked', isAsked: false })
    await expect(session.page.call('runs:list')).rejects.toThrow(/^locked: /)
    await session.page.call('vault:unlock', { passphrase })
    await session.untilConverted()
    expect(await keysIn(session.dataFolder, ofProject)).toHaveLength(1)
    const runs = await session.page.call<RunSummary[]>('runs:list')
    expect(runs.map(({ id, state }) => [id, state]).sort()).toEqual([first, second].sort().map((id) => [id, 'finished']))
    expect((await session.page.call<RunResult>('runs:result', second)).headline).toEqual(result.headline)
    await session.page.call('projects:destroyNow', dataset.project)
    for (const cache of ['tokens', 'prefix'])
      expect(await filesIn(join(session.dataFolder, 'cache', cache)).catch(() => [])).toEqual([])
    expect(
      (await filesIn(session.dataFolder))
        .map((path) => relative(session.dataFolder, path))
        .filter((path) => /^(runs|datasets|configurations|bin|projects|cache.(tokens|prefix))/.test(path))
    ).toEqual([join('runs', 'test-looks.json')])
    await session.application.dispose()
    expect(await placesOf([...secrets, halfway, trained, passphrase, recoveryKey], folders)).toEqual([])
  }, 240_000)
})

async function killTrainer(): Promise<void> {
  const children = (await readPlain(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8')).trim().split(' ')
  for (const pid of children) {
    const words = await readPlain(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    if (isTrainer(words)) process.kill(Number(pid), 'SIGKILL')
  }
}
