import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { attune, bareEnvironment, isAlive, program, type CliEvent, type CliRun } from '../helpers/attune.ts'
import { ask, type Answered } from '../helpers/loopback-page.ts'
import { makeTinyProject, type TinyProject } from '../helpers/tiny-project.ts'

const training = {
  num_train_epochs: 5,
  per_device_train_batch_size: 16,
  learning_rate: 0.003,
  early_stopping: null,
  bootstrap_resamples: 50,
  baselines: false
}

let root: string
let home: string
let project: TinyProject
let letters: string
let exported: string

const run = (...words: readonly string[]): Promise<CliRun> => attune([...words, '--json'], { home })
const last = (cli: CliRun): CliEvent => cli.events().at(-1) ?? { event: 'nothing' }

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-serve-test-'))
  home = join(root, 'home')
  await mkdir(home)
  project = await makeTinyProject(join(root, 'project'))
  letters = String(last(await run('train', await project.config('letters', training)))['run'])
  // A person decides that unsure answers go to somebody.
  const { answers, classNames } = JSON.parse(await readFile(join(letters, 'predictions-test.json'), 'utf8')) as {
    answers: number[]
    classNames: string[]
  }
  const width = classNames.length
  const sure = Array.from({ length: answers.length / width }, (_, i) => Math.max(...answers.slice(i * width, (i + 1) * width)))
  const below = sure.sort((a, b) => a - b)[Math.floor(sure.length / 2)]
  const decision = {
    format: 'attune-decision-1',
    alarm: null,
    person: { below, fixedAt: '2026-01-01T00:00:00Z' },
    labels: []
  }
  await writeFile(join(letters, 'decision.json'), JSON.stringify(decision))
  exported = join(root, 'letters')
  expect(last(await run('export', letters, '--format', 'huggingface', '--out', exported))).toMatchObject({ event: 'finished' })
})
afterAll(() => rm(root, { recursive: true, force: true }))

/** A server that is running. */
class Serving {
  readonly events: CliEvent[] = []
  stderr = ''
  readonly #child: ChildProcess
  readonly #seen = new Set<() => void>()

  constructor(folder: string, words: readonly string[] = [], input = '') {
    this.#child = spawn(process.execPath, [program, 'serve', folder, '--json', ...words], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: bareEnvironment(home)
    })
    this.#child.stdin?.end(input)
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text))
    createInterface({ input: this.#child.stdout! }).on('line', (line) => {
      this.events.push(JSON.parse(line) as CliEvent) // Every line of --json is an event.
      for (const seen of this.#seen) seen()
    })
    started.push(this)
  }

  async until(event: string, count = 1): Promise<CliEvent> {
    for (;;) {
      const found = this.events.filter((each) => each.event === event)[count - 1]
      if (found) return found
      if (this.#child.exitCode !== null) throw new Error(`ended with ${this.#child.exitCode}: ${this.stderr}`)
      await new Promise<void>((resolve) => {
        const done = (): void => {
          this.#seen.delete(done)
          resolve()
        }
        this.#seen.add(done)
        this.#child.once('close', done)
      })
    }
  }

  async told(sentence: string): Promise<void> {
    while (!this.stderr.includes(sentence)) await once(this.#child.stderr!, 'data')
  }

  async trainer(): Promise<number> {
    const { pid } = this.#child
    return Number((await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' ')[0])
  }

  async end(signal: NodeJS.Signals = 'SIGINT'): Promise<number | null> {
    if (this.#child.exitCode === null) this.#child.kill(signal)
    if (this.#child.exitCode === null) await once(this.#child, 'close')
    return this.#child.exitCode
  }
}

const started: Serving[] = []
afterEach(async () => {
  await Promise.all(started.splice(0).map((serving) => serving.end('SIGKILL')))
})

interface Opened {
  readonly serving: Serving
  readonly port: number
  readonly token: string
  readonly post: (body: unknown, headers?: Readonly<Record<string, string>>) => Promise<Answered>
  readonly get: (path: string, headers?: Readonly<Record<string, string>>) => Promise<Answered>
}

async function open(folder: string, words: readonly string[] = []): Promise<Opened> {
  const serving = new Serving(folder, words)
  const { port, token } = (await serving.until('serving')) as unknown as { port: number; token: string }
  const own = { Host: `127.0.0.1:${port}`, Authorization: `Bearer ${token}` }
  return {
    ...{ serving, port, token },
    post: (body, headers = {}) =>
      ask(
        port,
        'POST',
        '/v1/predict',
        { ...own, 'Content-Type': 'application/json', ...headers },
        typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body)
      ),
    get: (path, headers = {}) => ask(port, 'GET', path, { ...own, ...headers })
  }
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the tests say what they expect of an answer
const json = ({ body }: Answered): any => JSON.parse(body)

describe('attune serve', () => {
  test.each(['run', 'huggingface', 'onnx', 'onnx-int8'] as const)(
    'answers as attune predict does, from a folder of the form %s',
    async (what) => {
      const folder = what === 'run' ? letters : what === 'huggingface' ? exported : join(root, what)
      if (what.startsWith('onnx')) await run('export', letters, '--format', what, '--out', folder)
      const out = join(root, `${what}.jsonl`)
      expect(last(await run('predict', folder, '--data', join(project.folder, 'more.csv'), '--out', out))).toMatchObject({
        rows: 30
      })
      const wanted = (await readFile(out, 'utf8'))
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { label: string; logits: number[]; needs_person: boolean })
      const texts = (await readFile(join(project.folder, 'more.csv'), 'utf8'))
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split(',')[1] ?? '')
      const { serving, post, get } = await open(folder)
      const answered = await post({ texts })
      expect(answered.status).toBe(200)
      const { answers } = json(answered) as { answers: typeof wanted }
      expect(answers.map(({ label, needs_person: person }) => [label, person])).toEqual(
        wanted.map(({ label, needs_person: person }) => [label, person])
      )
      answers.forEach(({ logits }, i) => logits.forEach((value, c) => expect(value).toBeCloseTo(wanted[i]!.logits[c]!, 4)))
      expect(new Set(wanted.map(({ needs_person: person }) => person)).size).toBe(2)
      expect(json(await post({ rows: [{ text: texts[0] }] })).answers[0].label).toBe(wanted[0]!.label)
      const model = json(await get('/v1/model'))
      expect(model).toMatchObject({
        ...{ form: what, problem: 'single_label_classification', labels: ['bad', 'good', 'odd'] },
        ...{
          decision: { person_below: expect.any(Number) },
          limits: { rows: 1000 },
          weights: [expect.stringMatching(/^[0-9a-f]{64}$/)]
        },
        signed_by: what === 'run' ? null : expect.stringMatching(/^[0-9a-f]{4}( [0-9a-f]{4}){3}$/)
      })
      expect(JSON.stringify(model)).not.toContain(root)
      expect(await serving.end()).toBe(0)
      expect(serving.events.at(-1)).toMatchObject({ event: 'finished', requests: 3, rows: 31, refused: 0, restarts: 0 })
      // Counts and times, and nothing of what was asked.
      expect(JSON.stringify(serving.events) + serving.stderr).not.toContain(texts[0])
    }
  )

  test('describes itself: a page without a token, the labels with it', async () => {
    const { get, port } = await open(exported)
    const page = await ask(port, 'GET', '/', { Host: `127.0.0.1:${port}` })
    expect(page.status).toBe(200)
    expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/=]+'; /)
    expect(page.headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
    expect(page.headers).not.toHaveProperty('access-control-allow-origin')
    expect(page.body).toContain('/v1/predict')
    expect(page.body).not.toMatch(/<script|<link|<img|src=|good/)
    const description = json(await get('/openapi.json'))
    expect(description).toMatchObject({
      openapi: '3.1.0',
      servers: [{ url: `http://127.0.0.1:${port}` }],
      security: [{ token: [] }]
    })
    expect(JSON.stringify(description.components.schemas.Answer)).toContain('"good"')
  })

  test('starts its model again where the process is killed, and loses nothing but the request that it was at', async () => {
    const { serving, post } = await open(letters)
    expect((await post({ texts: ['abba dab'] })).status).toBe(200)
    const before = await serving.trainer()
    process.kill(before, 'SIGKILL')
    await serving.until('restarted')
    // Asked while the model is being opened, answered once it is.
    expect((await post({ texts: ['abba dab'] })).status).toBe(200)
    expect(await serving.trainer()).not.toBe(before)
    expect(await serving.end()).toBe(0)
    expect(serving.events.at(-1)).toMatchObject({ event: 'finished', restarts: 1, refused: 0 })
  })

  test('ends by Ctrl+C once the requests that are there have been answered, and leaves nothing behind', async () => {
    const { serving, post, get } = await open(exported)
    const trainer = await serving.trainer()
    const asked = Array.from({ length: 8 }, () => post({ texts: new Array<string>(500).fill('abba dab bed fade cab ace') }))
    await Promise.race(asked)
    // Connections are taken in their order: all that came before this one are there.
    await get('/v1/model')
    const ending = serving.end()
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual(new Array(8).fill(200))
    expect(await ending).toBe(0)
    expect(await isAlive(trainer)).toBe(false)
    expect((await readdir(tmpdir())).filter((name) => name.startsWith(`.writing-${trainer}-`))).toEqual([])
  })

  test('ends at once by Ctrl+C while the model is being opened', async () => {
    const serving = new Serving(exported)
    await serving.told('Opening the model.')
    expect(await serving.end()).toBe(130)
    expect(serving.events).toEqual([
      { event: 'failed', exitCode: 130, code: 'stopped', message: 'Stopped. Nothing was answered.' }
    ])
  })

  test('takes its token from standard input, and then shows none', async () => {
    const token = 'a-token-of-thirty-two-characters'
    const serving = new Serving(exported, ['--token-stdin'], `${token}\n`)
    const event = await serving.until('serving')
    expect(event).not.toHaveProperty('token')
    const port = Number(event['port'])
    expect((await ask(port, 'GET', '/v1/model', { Host: `127.0.0.1:${port}`, Authorization: `Bearer ${token}` })).status).toBe(
      200
    )
    const short = new Serving(exported, ['--token-stdin'], 'short\n')
    expect(await short.until('failed')).toMatchObject({ code: 'usage' })
  })

  test('takes passphrase and token from two lines, in this order, whether the passphrase is needed or not', async () => {
    const token = 'a-token-of-thirty-two-characters'
    const serving = new Serving(exported, ['--token-stdin', '--passphrase-stdin'], `a passphrase\n${token}\n`)
    const port = Number((await serving.until('serving'))['port'])
    const headers = { Host: `127.0.0.1:${port}`, Authorization: `Bearer ${token}` }
    expect((await ask(port, 'GET', '/v1/model', headers)).status).toBe(200)
    const wrong = new Serving(exported, ['--token-stdin', '--passphrase-stdin'], `${token}\n`)
    expect(await wrong.until('failed')).toMatchObject({ code: 'usage' })
  })

  test('answers with an adapter on its base model, as its run does', async () => {
    const folder = join(root, 'peft-letters')
    await run('export', letters, '--format', 'peft', '--out', folder)
    const base = join(project.folder, 'model')
    const [data, own, theirs] = ['more.csv', 'own.jsonl', 'theirs.jsonl'].map((name) => join(project.folder, name))
    await run('predict', letters, '--data', data!, '--out', own!)
    expect(last(await run('predict', folder, '--base', base, '--data', data!, '--out', theirs!))).toMatchObject({
      event: 'finished'
    })
    const answers = async (file: string): Promise<{ label: string; needs_person: boolean; logits: number[] }[]> =>
      (await readFile(file, 'utf8'))
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as never) // Written by predict.
    const [ours, found] = [await answers(own!), await answers(theirs!)]
    expect(found.map(({ label, needs_person }) => [label, needs_person])).toEqual(
      ours.map(({ label, needs_person }) => [label, needs_person])
    )
    found.forEach(({ logits }, row) => logits.forEach((value, c) => expect(value).toBeCloseTo(ours[row]!.logits[c]!, 4)))
    const serving = new Serving(folder, ['--base', base])
    const { port, token } = await serving.until('serving')
    const headers = { Host: `127.0.0.1:${String(port)}`, Authorization: `Bearer ${String(token)}` }
    const { body } = await ask(Number(port), 'GET', '/v1/model', headers)
    expect(JSON.parse(body)).toMatchObject({ name: 'peft-letters', labels: ['bad', 'good', 'odd'] })
    await rm(join(folder, 'manifest.json'))
    await rm(join(folder, 'config.json'), { force: true })
    expect(last(await run('serve', folder, '--base', base))).toMatchObject({
      code: 'adapter-labels',
      message: expect.stringContaining('attune import')
    })
  })

  test('refuses a port that is taken, what is no model, an adapter alone and a changed export', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as { port: number }
    expect(last(await run('serve', exported, '--port', String(port)))).toMatchObject({ code: 'serve-port' })
    other.close()
    expect(last(await run('serve', exported, '--port', '70000'))).toMatchObject({ code: 'usage' })
    expect(last(await run('serve', join(root, 'home')))).toMatchObject({ code: 'run-unreadable' })
    const pack = join(root, 'letters.attune')
    await run('export', letters, '--format', 'attune', '--out', pack)
    expect(last(await run('serve', pack))).toMatchObject({
      code: 'answer-form',
      message: expect.stringContaining('Import it first')
    })
    const adapter = join(root, 'adapter')
    await run('export', letters, '--format', 'peft', '--out', adapter)
    expect(last(await run('serve', adapter))).toMatchObject({ code: 'answer-form', message: expect.stringContaining('--base') })
    expect(last(await run('serve', exported, '--base', join(project.folder, 'model')))).toMatchObject({ code: 'answer-form' })
    const changed = join(root, 'changed')
    await cp(exported, changed, { recursive: true })
    await writeFile(join(changed, 'tokenizer.json'), `${await readFile(join(changed, 'tokenizer.json'), 'utf8')} `)
    expect(last(await run('serve', changed))).toMatchObject({ code: 'verify-tokenizer' })
    expect(
      last(await run('predict', changed, '--data', join(project.folder, 'more.csv'), '--out', join(root, 'x.csv')))
    ).toMatchObject({ code: 'verify-tokenizer' })
  })
})

describe('attacks on attune serve', () => {
  test('are refused: foreign hosts and pages, missing and wrong tokens, wrong methods and types', async () => {
    const { port, post, get, token } = await open(letters)
    const body = { texts: ['abba'] }
    for (const Host of [
      'localhost',
      `localhost:${port}`,
      `attune.example:${port}`,
      '127.0.0.1',
      `127.0.0.1:${port + 1}`,
      `[::1]:${port}`
    ]) {
      expect([(await post(body, { Host })).status, (await get('/', { Host })).status], Host).toEqual([421, 421])
      // A name bound to this machine makes Origin equal Host.
      expect((await post(body, { Host, Origin: `http://${Host}` })).status, Host).toBe(421)
    }
    for (const Origin of ['http://attune.example', 'null', `http://localhost:${port}`, `https://127.0.0.1:${port}`])
      expect((await post(body, { Origin })).status, Origin).toBe(403)
    expect((await get('/', { 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403)
    for (const Authorization of [
      '',
      'Bearer ',
      `Bearer ${token.slice(1)}`,
      `Basic ${token}`,
      token,
      `Bearer ${token} `.repeat(3)
    ])
      expect((await post(body, { Authorization })).status, Authorization).toBe(401)
    for (const path of ['/v1/model', '/openapi.json', '/v1/predict', '/nothing', '/../../etc/passwd'])
      expect((await get(path, { Authorization: 'Bearer wrong' })).status, path).toBeOneOf([401, 429])
    expect((await post(body, { 'Content-Type': 'text/plain' })).status).toBe(415)
    expect(
      (await ask(port, 'OPTIONS', '/v1/predict', { Host: `127.0.0.1:${port}`, Origin: 'http://attune.example' })).status
    ).toBe(403)
    expect((await ask(port, 'PUT', '/v1/predict', { Host: `127.0.0.1:${port}`, Authorization: `Bearer ${token}` })).status).toBe(
      405
    )
    expect((await get('/v1/predict')).status).toBe(405)
    expect((await get('/nothing')).status).toBe(404)
    expect((await post(body)).status).toBe(200)
  })

  test('are refused: what is no question, too many rows, too many bytes, too many tokens', async () => {
    const { post, serving } = await open(letters)
    const wrong: unknown[] = [
      ...['', '{', '[]', 'null', '"text"', '{"texts":', '{"texts":["\\ud800"', '[['.repeat(100_000)],
      ...[{}, { texts: [] }, { texts: 'abba' }, { texts: [1] }, { texts: [null] }, { texts: ['a'], rows: [{ text: 'a' }] }],
      ...[
        { rows: [{}] },
        { rows: [{ text: 1 }] },
        { rows: ['a'] },
        { rows: [{ text: 'a', pair: 'b' }] },
        { rows: [{ text: 'a', more: 1 }] }
      ],
      ...[{ texts: ['a'], model: 'other' }, { texts: { length: 1e9 } }]
    ]
    for (const body of wrong) {
      const answered = await post(body)
      expect(answered.status, JSON.stringify(body).slice(0, 80)).toBe(400)
      expect(json(answered).error.message).toMatch(/^The request cannot be understood\. .*\.$/)
    }
    expect((await post(Buffer.from('{"texts":["\xff"]}', 'latin1'))).status).toBe(400)
    const many = await post({ texts: new Array<string>(10_000).fill('abba') })
    expect([many.status, json(many).error.code]).toEqual([413, 'too-many-rows'])
    expect((await post({ texts: ['a'.repeat(9 * 2 ** 20)] })).status).toBe(413)
    // Cut at 20 tokens each, 1,000 texts are few tokens; long texts are bounded by the bytes of the request.
    expect((await post({ texts: new Array<string>(200).fill('abba '.repeat(1500)) })).status).toBe(200)
    expect(await serving.end()).toBe(0)
  })

  const raw = (port: number, text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      let answered = ''
      const socket = connect(port, '127.0.0.1', () => socket.write(text))
      socket.setEncoding('utf8').on('data', (piece: string) => (answered += piece))
      socket.on('close', () => resolve(answered))
      socket.on('error', (error) => (answered === '' ? reject(error) : resolve(answered)))
    })

  test('are refused: a body that never comes and one without end', async () => {
    const { port, token, post } = await open(letters)
    const head = `POST /v1/predict HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\n`
    expect(await raw(port, `${head}Content-Length: 999999999999\r\n\r\n{`)).toMatch(/^HTTP\/1\.1 413 /)
    const chunk = `100000\r\n${' '.repeat(0x100000)}\r\n`
    expect(await raw(port, `${head}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(12)}`)).toMatch(/^HTTP\/1\.1 413 /)
    expect((await post({ texts: ['abba'] })).status).toBe(200)
  })
})
