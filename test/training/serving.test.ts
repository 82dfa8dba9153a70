import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PrivacyCheck } from '../../src/preload/contract/app.ts'
import type { DatasetSummary } from '../../src/preload/contract/data.ts'
import type { ExportSummary } from '../../src/preload/contract/exports.ts'
import type { ModelSummary } from '../../src/preload/contract/models.ts'
import type { AuditLine } from '../../src/preload/contract/record.ts'
import type { Answer, RunDraft, RunSummary } from '../../src/preload/contract/runs.ts'
import type { ServedId, ServingStatus } from '../../src/preload/contract/serving.ts'
import { openTestApplication, type Application } from '../helpers/application.ts'
import { ask, TestPage, type Answered } from '../helpers/loopback-page.ts'

const quick = {
  'training.bootstrap_resamples': 50,
  'training.baselines': false,
  'training.max_steps': 4,
  'head.pooling': 'default'
}
const TEXT = 'Crushing chest pain since this morning.'
let folder: string
let application: Application
let page: TestPage
let run: string
const heard: (ServingStatus | null)[] = []

async function until(state: ServingStatus['state'] | 'off'): Promise<ServingStatus | null> {
  for (;;) {
    const status = await page.call<ServingStatus | null>('serving:status')
    if ((status?.state ?? 'off') === state) return status
    if (status?.failure && state !== 'failed') throw new Error(status.failure.message)
    await new Promise((done) => setTimeout(done, 50))
  }
}

async function opened(of: string, port: number | null = null): Promise<ServingStatus> {
  await page.call('serving:start', { of: of as ServedId, port })
  const status = await until('open')
  if (!status) throw new Error('nothing is answered')
  return status
}

const portOf = ({ address }: ServingStatus): number => Number(new URL(address).port)
const predict = ({ token, address }: ServingStatus, headers: Readonly<Record<string, string>> = {}): Promise<Answered> => {
  const port = Number(new URL(address).port)
  const own = { Host: `127.0.0.1:${port}`, Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }
  return ask(port, 'POST', '/v1/predict', { ...own, ...headers }, JSON.stringify({ texts: [TEXT] }))
}
const isClosed = (port: number): Promise<boolean> =>
  ask(port, 'GET', '/', { Host: `127.0.0.1:${port}` }).then(
    () => false,
    (error: unknown) => (error as NodeJS.ErrnoException).code === 'ECONNREFUSED' // Of Node's own.
  )
const listeningCheck = async (): Promise<PrivacyCheck> =>
  (await page.call<PrivacyCheck[]>('app:privacy')).find(({ id }) => id === 'listening')!

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-serving-'))
  await mkdir(join(folder, 'out'))
  application = await openTestApplication(folder)
  page = await TestPage.open(application.shell)
  await page.listen((channel, payload) => {
    if (channel === 'serving:changed') heard.push((payload as { status: ServingStatus | null }).status)
  })
  const [model] = await page.call<ModelSummary[]>('models:list')
  const dataset = await page.call<DatasetSummary>('data:openSample', 'letters')
  const draft = {
    dataset: dataset.id,
    model: model!.id,
    thoroughness: 0,
    mustNotMiss: null,
    quietly: false,
    changed: quick,
    name: 'Urgency'
  }
  run = await page.call<string>('runs:start', draft satisfies RunDraft)
  while ((await page.call<RunSummary>('runs:get', run)).state !== 'finished') await new Promise((done) => setTimeout(done, 100))
})

afterAll(async () => {
  await application.dispose()
  await rm(folder, { recursive: true, force: true })
})

describe('other programs of this PC', () => {
  test('are answered as the window is, while it is switched on, counted, and never with a text written down', async () => {
    expect(await page.call('serving:status')).toBeNull()
    expect(await listeningCheck()).toMatchObject({ result: 'holds', claim: 'Attune answers no other program.' })
    const status = await opened(run)
    expect(status).toMatchObject({
      name: 'Urgency',
      address: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      pairs: false,
      requests: 0
    })
    expect(Buffer.from(status.token, 'base64url')).toHaveLength(32)

    const answered = await predict(status)
    expect(answered.status).toBe(200)
    const [answer] = (JSON.parse(answered.body) as { answers: { label: string }[] }).answers
    const [inWindow] = await page.call<Answer[]>('runs:answer', { id: run, texts: [TEXT] })
    expect(answer?.label).toBe(inWindow?.label)
    expect((await predict(status, { Authorization: 'Bearer wrong' })).status).toBe(401)
    expect((await predict(status, { Host: `localhost:${portOf(status)}` })).status).toBe(421)
    expect((await predict(status, { Origin: 'http://attune.example' })).status).toBe(403)

    await until('open')
    expect(await page.call('serving:status')).toMatchObject({ requests: 4, refused: 3, rows: 1, restarts: 0 })
    expect(await listeningCheck()).toMatchObject({
      result: 'holds',
      claim: 'Attune answers other programs of this PC alone, because that was switched on in Use.',
      found: expect.stringContaining(`127.0.0.1:${portOf(status)} for other programs`)
    })
    await expect(page.call('serving:start', { of: run, port: null })).rejects.toThrow(/serving-busy/)

    await page.call('serving:stop')
    expect(await page.call('serving:status')).toBeNull()
    expect(await isClosed(portOf(status))).toBe(true)
    expect(await listeningCheck()).toMatchObject({ claim: 'Attune answers no other program.' })
    expect(JSON.stringify(heard)).not.toContain('chest')
    const { lines } = await page.call<{ lines: AuditLine[] }>('record:log', { from: 0, count: 10 })
    expect(
      lines.filter(({ event }) => event.startsWith('serving')).map(({ event, subject, amount }) => [event, subject, amount])
    ).toEqual([
      ['serving-ended', run, 1],
      ['serving-started', run, null]
    ])
  })

  test('are told apart by a new token at each start; an export answers as well', async () => {
    const asked = async <T>(path: string, body: object): Promise<T> =>
      JSON.parse((await page.post(path, JSON.stringify(body))).body) as T
    const { folders } = await asked<{ folders: readonly { id: string; name: string }[] }>('/folders/list', { folder: null })
    const { id } = folders.find(({ name }) => name === 'out')!
    const { handle: to } = await asked<{ handle: string }>('/folders/choose', { folder: id, purpose: 'folder' })
    const contents = { card: false, report: false, examples: false, groups: [] }
    const request = { run, format: 'onnx', dtype: 'fp32', quantization: null, contents, passphrase: null, despite: false, to }
    const { id: one } = await page.call<ExportSummary>('exports:start', request)
    while ((await page.call<ExportSummary[]>('exports:list', run)).find((each) => each.id === one)?.state === 'working')
      await new Promise((done) => setTimeout(done, 50))
    const first = await opened(run)
    await page.call('serving:stop')
    const second = await opened(one)
    expect(second.name).toBe('Urgency (ONNX)')
    expect(second.token).not.toBe(first.token)
    expect((await predict(second)).status).toBe(200)
    expect((await predict({ ...second, token: first.token })).status).toBe(401)
    await page.call('serving:stop')
  })

  test('are not answered where the port is taken, and the window says so', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as { port: number }
    await page.call('serving:start', { of: run, port })
    expect((await until('failed'))?.failure).toMatchObject({
      code: 'serve-port',
      message: expect.stringContaining(`Port ${port} cannot be used`)
    })
    await page.call('serving:stop')
    expect(await page.call('serving:status')).toBeNull()
    await new Promise((done) => other.close(done))
    expect(portOf(await opened(run, port))).toBe(port)
    await page.call('serving:stop')
    await expect(page.call('serving:start', { of: 'r-nowhere', port: null })).rejects.toThrow(/run-unfinished/)
  })

  test('can be refused while the model is still being opened', async () => {
    await page.call('serving:start', { of: run, port: null })
    await page.call('serving:stop')
    expect(await page.call('serving:status')).toBeNull()
  })

  test('are answered no more once the window is gone', async () => {
    const status = await opened(run)
    application.services.windowGone()
    await until('off')
    expect(await isClosed(portOf(status))).toBe(true)
  })
})
