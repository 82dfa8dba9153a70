import { createHash } from 'node:crypto'
import { connect } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { InputError } from '../../../../../src/main/base/errors.ts'
import type { Answering, ServingLimits } from '../../../../../src/main/shell/loopback/serving/answering.ts'
import { makeToken, PredictionServer, type Served } from '../../../../../src/main/shell/loopback/serving/prediction-server.ts'
import { ask, type Answered } from '../../../../helpers/loopback-page.ts'

let server: PredictionServer | null = null
const token = makeToken()
const port = (): number => server?.port ?? 0
const served: Served[] = []

afterEach(async () => {
  await server?.close(0)
  server = null
  served.length = 0
})

interface Wishes {
  readonly pair?: string
  readonly labels?: readonly string[]
  /** What the model asks by itself; left out where it answers no questions. */
  readonly questions?: readonly object[]
  readonly limits?: Partial<ServingLimits>
  readonly now?: () => number
}

async function open(
  answer: Answering['answer'],
  { pair, labels = ['good'], questions, limits, now }: Wishes = {}
): Promise<void> {
  const about = { name: 'letters', problem: 'single_label_classification', labels, columns: { pair: pair ?? null } }
  const model = { ...about, ...(questions && { questions }) }
  server = await PredictionServer.open({
    ...{ answering: { model, answer }, token, port: 0, version: '1.2.3', onServed: (each) => void served.push(each) },
    ...(limits && { limits }),
    ...(now && { now })
  })
}

const own = (): Record<string, string> => ({ Host: `127.0.0.1:${port()}`, Authorization: `Bearer ${token}` })
const post = (body: unknown): Promise<Answered> =>
  ask(port(), 'POST', '/v1/predict', { ...own(), 'Content-Type': 'application/json' }, JSON.stringify(body))

const echo: Answering['answer'] = async (rows) => ({ answers: rows.map((row) => ({ ...row })), cut: 0 })

test('a token has 256 bits, and no two are alike', () => {
  expect(Buffer.from(token, 'base64url')).toHaveLength(32)
  expect(makeToken()).not.toBe(token)
})

test('rows are handed on in their order, with a second text only where the model reads two', async () => {
  await open(echo, { pair: 'other' })
  const rows = [
    { text: 'a', pair: 'b' },
    { text: '', pair: '' }
  ]
  expect(JSON.parse((await post({ rows })).body)).toEqual({ answers: rows, cut: 0 })
  expect((await post({ texts: ['a'] })).body).toContain('send rows with text and pair')
  expect((await post({ rows: [{ text: 'a' }] })).body).toContain('rows[0] has no pair')
  expect(served.map(({ status, rows: n }) => [status, n])).toEqual([
    [200, 2],
    [400, 0],
    [400, 0]
  ])
})

test('questions are handed on with their texts, and needed where the model has none of its own', async () => {
  const description = async (): Promise<{ components: { schemas: Record<string, unknown> } }> =>
    JSON.parse((await ask(port(), 'GET', '/openapi.json', own())).body) as { components: { schemas: Record<string, unknown> } } // As openApi makes it.
  await open(echo, { pair: 'question', questions: [] })
  const asked = { text: 'a', question: 'who?' }
  expect(JSON.parse((await post({ rows: [asked] })).body)).toEqual({ answers: [{ text: 'a', pair: 'who?' }], cut: 0 })
  expect((await post({ texts: ['a'] })).body).toContain('send rows with text and question')
  expect((await post({ rows: [{ text: 'a', question: ' ' }] })).body).toContain('rows[0] has no question')
  expect((await post({ rows: [{ text: 'a', pair: 'b' }] })).body).toContain('text and question, and nothing else')
  expect(JSON.stringify((await description()).components.schemas)).toContain('"required":["text","question"]')
  await server?.close(0)
  await open(echo, { questions: [{ name: 'WHO', wording: 'who?' }] })
  expect(JSON.parse((await post({ texts: ['a'] })).body)).toEqual({ answers: [{ text: 'a', pair: null }], cut: 0 })
  expect((await description()).components.schemas['Answer']).toMatchObject({ required: ['answers'] })
})

test.each([
  ['answer-busy', 429, '1'],
  ['answer-lost', 503, '2'],
  ['answer-tokens', 413, undefined],
  ['anything-else', 400, undefined]
] as const)('%s is told as %i', async (code, status, retry) => {
  await open(() => Promise.reject(new InputError(code, 'A sentence.')))
  const answered = await post({ texts: ['a'] })
  expect([answered.status, answered.headers['retry-after'], JSON.parse(answered.body)]).toEqual([
    status,
    retry,
    { error: { code, message: 'A sentence.' } }
  ])
})

test('what we fail at is not told: it could quote a text', async () => {
  await open(([row]) => Promise.reject(new Error(`cannot answer ${row?.text}`)))
  const answered = await post({ texts: ['a secret'] })
  expect(answered.status).toBe(500)
  expect(answered.body).not.toContain('secret')
})

test('wrong tokens are slowed down after ten in a minute, the right one never is', async () => {
  await open(echo, { now: () => 0 })
  const wrong = (): Promise<Answered> => ask(port(), 'GET', '/v1/model', { ...own(), Authorization: 'Bearer wrong' })
  for (let i = 0; i < 10; i++) expect((await wrong()).status).toBe(401)
  const before = performance.now()
  const slow = wrong()
  expect((await post({ texts: ['a'] })).status).toBe(200)
  expect(performance.now() - before).toBeLessThan(900)
  expect((await slow).status).toBe(429)
  expect(performance.now() - before).toBeGreaterThan(990)
})

const raw = (text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let answered = ''
    const socket = connect(port(), '127.0.0.1', () => socket.write(text))
    socket.setEncoding('utf8').on('data', (piece: string) => (answered += piece))
    socket.on('close', () => resolve(answered))
    socket.on('error', reject)
  })

test('a request that does not arrive is given up, its head or its body', async () => {
  await open(echo, { limits: { seconds: 0.3 } })
  const head = Object.entries({ ...own(), 'Content-Type': 'application/json', 'Content-Length': '100' })
  const lines = head.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  expect(await raw(`POST /v1/predict HTTP/1.1\r\n${lines}\r\n{"texts"`)).toMatch(/^HTTP\/1\.1 408 /)
  expect(await raw('POST /v1/predict HTTP/1.1\r\nHost: ')).toMatch(/^HTTP\/1\.1 408 /)
})

test('whoever sends too much reads why, and may send it to its end', async () => {
  await open(echo, { limits: { bytes: 1000 } })
  for (let i = 0; i < 3; i++) {
    const answered = await post({ texts: ['a'.repeat(9 * 2 ** 20)] })
    expect([answered.status, JSON.parse(answered.body)]).toEqual([
      413,
      { error: { code: 'too-large', message: expect.any(String) } }
    ])
  }
})

test('asking is taken back where nobody waits for the answer any more', async () => {
  const { promise, resolve } = Promise.withResolvers<undefined>()
  await open((_rows, signal) => {
    signal.addEventListener('abort', () => resolve(undefined))
    return new Promise(() => undefined)
  })
  const socket = connect(port(), '127.0.0.1')
  const body = '{"texts":["a"]}'
  const lines = Object.entries({ ...own(), 'Content-Type': 'application/json', 'Content-Length': String(body.length) })
  socket.write(`POST /v1/predict HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`)
  setTimeout(() => socket.destroy(), 50)
  await promise
})

test('closing answers what is there and takes nothing more', async () => {
  const { promise, resolve } = Promise.withResolvers<undefined>()
  await open(async (rows) => {
    await promise
    return { answers: rows.map(() => ({ label: 'good' })), cut: 0 }
  })
  const asked = post({ texts: ['a'] })
  await new Promise((done) => setTimeout(done, 50))
  const closing = server?.close()
  await expect(post({ texts: ['b'] })).rejects.toThrow('ECONNREFUSED')
  resolve(undefined)
  expect((await asked).status).toBe(200)
  await closing
})

test('the page is drawn under its own policy: the one style in it is the one that is named', async () => {
  await open(echo)
  const { body, headers } = await ask(port(), 'GET', '/', { Host: own()['Host'] ?? '' })
  const [, style = ''] = /<style>([^]*?)<\/style>/.exec(body) ?? []
  const hash = createHash('sha256').update(style).digest('base64')
  expect(headers['content-security-policy']).toContain(`style-src 'sha256-${hash}';`)
  expect(body).not.toMatch(/ style=|<script|<link|<img| src=| href=/)
})

test('a label with markup is text in the description', async () => {
  await open(echo, { labels: ['<script>alert(1)</script>'] })
  const description = await ask(port(), 'GET', '/openapi.json', own())
  expect(description.headers['content-type']).toBe('application/json')
  expect(JSON.parse(description.body)).toMatchObject({ info: { title: 'Attune prediction server: letters', version: '1.2.3' } })
  expect((await ask(port(), 'GET', '/', { Host: own()['Host'] ?? '' })).body).not.toContain('script>')
})
