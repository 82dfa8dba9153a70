import { EventEmitter } from 'node:events'
import { mkdtemp, readdir, readFile as readPlain, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { DatasetSummary } from '../../src/preload/contract/data.ts'
import type { ModelSummary } from '../../src/preload/contract/models.ts'
import type { RunDraft, RunSummary } from '../../src/preload/contract/runs.ts'
import type { VaultStatus } from '../../src/preload/contract/vault.ts'
import { keyIdOf } from '../../src/main/base/sealed/convert.ts'
import { keyRing } from '../../src/main/base/sealed/key-ring.ts'
import type { SecretInput } from '../../src/main/cli/ask-secret.ts'
import { readArguments } from '../../src/main/cli/arguments.ts'
import { failureOf } from '../../src/main/cli/failure.ts'
import type { Output } from '../../src/main/cli/output.ts'
import { serve } from '../../src/main/cli/serve.ts'
import { performTask } from '../../src/main/cli/run-task.ts'
import { openTestApplication } from '../helpers/application.ts'
import { ask, TestPage } from '../helpers/loopback-page.ts'
import { tinyTable } from '../helpers/tiny-project.ts'
import { trainerProgram } from '../helpers/attune.ts'

const passphrase = 'correct horse battery staple'
const QUESTION = 'Passphrase or recovery key'

let root: string
let recoveryKey: string
let finished: string
let paused: string
const data = (): string => join(root, 'data')
const runFolder = (id: string): string => join(data(), 'runs', `${id}-1`)
const table = (): string => join(root, 'more.csv')

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-cli-encrypted-'))
  await writeFile(table(), tinyTable(30, 2))
  const application = await openTestApplication(root)
  const page = await TestPage.open(application.shell)
  recoveryKey = await page.call<string>('vault:protect', { passphrase, keyring: false })
  const headers = { 'X-Attune-Name': 'own.csv', 'Content-Type': 'application/octet-stream' }
  const { body } = await page.post('/upload', tinyTable(180, 1), headers)
  const dataset = await page.call<DatasetSummary>('data:open', (JSON.parse(body) as { handle: string }).handle)
  await page.call('data:setRoles', { id: dataset.id, roles: { ...dataset.roles, group: null, belonging: 'no' } })
  const [model] = await page.call<ModelSummary[]>('models:list')
  const draft: RunDraft = {
    dataset: dataset.id,
    model: model!.id,
    thoroughness: 0,
    changed: {
      'training.optim': 'adamw_8bit',
      'training.bootstrap_resamples': 50,
      'training.num_train_epochs': 12,
      'head.pooling': 'default'
    },
    mustNotMiss: null,
    quietly: false,
    name: null
  }
  const until = async (id: string, states: readonly string[]): Promise<void> => {
    for (;;) {
      const { state, failure } = await page.call<RunSummary>('runs:get', id)
      if (states.includes(state)) return
      if (state === 'failed') throw new Error(failure?.message)
      await new Promise((done) => setTimeout(done, 30))
    }
  }
  finished = await page.call<string>('runs:start', draft)
  await until(finished, ['finished'])
  paused = await page.call<string>('runs:start', draft)
  await until(paused, ['running'])
  await page.call('runs:pause', paused)
  await until(paused, ['paused'])
  expect((await page.call<VaultStatus>('vault:status')).conversion).toBeNull()
  await application.dispose()
}, 180_000)

afterEach(() => {
  keyRing.use()
  delete process.env['ATTUNE_CACHE']
  delete process.env['ATTUNE_DATA']
})
afterAll(() => rm(root, { recursive: true, force: true }))

interface Spoken {
  readonly code: number
  readonly printed: string
  readonly told: string
}

/** Runs a command at a terminal whose person types these lines, one at each question; null presses Ctrl+C. */
async function attune(words: readonly string[], typed: readonly (string | null)[] = []): Promise<Spoken> {
  const [printed, told] = [[] as string[], [] as string[]]
  const keys = Object.assign(new PassThrough(), { isTTY: true })
  const left = [...typed]
  const write = (text: string): void => {
    told.push(text)
    if (!text.includes(QUESTION)) return
    const next = left.shift()
    setImmediate(() => keys.write(next === null || next === undefined ? '\u0003' : `${next}\r`))
  }
  return { code: await perform(words, keys, { printed, write }), printed: printed.join(''), told: told.join('') }
}

async function perform(
  words: readonly string[],
  input: SecretInput,
  { printed, write }: { readonly printed: string[]; readonly write: (text: string) => void }
): Promise<number> {
  const output: Output = {
    isJson: false,
    print: (text) => void printed.push(text),
    event: () => undefined,
    tell: (line) => write(`${line}\n`),
    errors: { write, isTTY: false, columns: 100 },
    page: { width: 100, color: false, unicode: true },
    closed: new AbortController().signal
  }
  const invocation = readArguments(words)
  if (invocation.kind !== 'command') throw new Error('not a command')
  try {
    return await performTask(invocation, trainerProgram, output, undefined, input)
  } catch (error) {
    const { exitCode, message } = failureOf(error)
    write(message)
    return exitCode
  }
}

/** What stands in standard input, which is no terminal. */
async function piped(words: readonly string[], content: string): Promise<Spoken> {
  const [printed, told] = [[] as string[], [] as string[]]
  const input = Object.assign(new PassThrough(), { isTTY: false })
  input.end(content)
  return {
    code: await perform(words, input, { printed, write: (text) => void told.push(text) }),
    printed: printed.join(''),
    told: told.join('')
  }
}

test('an encrypted run is tested once the passphrase was typed, which is shown nowhere', { timeout: 60_000 }, async () => {
  const { code, printed, told } = await attune(['evaluate', runFolder(finished), '--data', table()], ['not this', passphrase])
  expect(code, told).toBe(0)
  expect(printed).toContain('F1')
  expect(told.split(QUESTION)).toHaveLength(3)
  expect(told).toContain('This is not the passphrase. Try again.')
  expect(printed + told).not.toContain(passphrase)
})

test('answers go where they were asked for, with the recovery key or a passphrase from a pipe', { timeout: 60_000 }, async () => {
  const out = join(root, 'answers.csv')
  const words = ['predict', runFolder(finished), '--data', table(), '--out', out]
  const typed = await attune(words, [recoveryKey.toLowerCase()])
  expect(typed.code, typed.told).toBe(0)
  expect((await readPlain(out, 'utf8')).trim().split('\n')).toHaveLength(31)
  const fromPipe = await piped([...words.with(-1, join(root, 'piped.csv')), '--passphrase-stdin'], `${passphrase}\n`)
  expect(fromPipe.code, fromPipe.told).toBe(0)
  expect(await readPlain(join(root, 'piped.csv'), 'utf8')).toBe(await readPlain(out, 'utf8'))
})

test(
  'an encrypted run leaves as plain files that are checked without a passphrase, and never into the encrypted folder',
  { timeout: 90_000 },
  async () => {
    process.env['ATTUNE_DATA'] = data()
    const out = join(root, 'exported')
    const words = ['export', runFolder(finished), '--format', 'huggingface', '--out']
    const { code, printed, told } = await attune([...words, out], [passphrase])
    expect(code, told).toBe(0)
    expect(printed).toContain('not encrypted')
    for (const name of await readdir(out)) expect(await keyIdOf(join(out, name)), name).toBeNull()
    expect(await keyIdOf(join(data(), 'signing', 'signing-key.pem'))).not.toBeNull()
    keyRing.use()
    const verified = await attune(['verify', out])
    expect(verified.code, verified.told).toBe(0)
    const inside = await attune([...words, join(data(), 'runs', 'exported')], [passphrase])
    expect([inside.code, inside.told]).toEqual([2, expect.stringContaining('Choose a folder outside.')])
  }
)

test('an encrypted run answers other programs once the passphrase was handed in', { timeout: 60_000 }, async () => {
  const input = Object.assign(new PassThrough(), { isTTY: false })
  input.end(`${passphrase}\n`)
  const signals = new EventEmitter()
  const events: Record<string, unknown>[] = []
  const serving = Promise.withResolvers<{ port: number; token: string }>()
  const output: Output = {
    ...{ isJson: true, print: () => undefined, tell: () => undefined, closed: new AbortController().signal },
    event: (event) => {
      events.push({ ...event })
      if ('token' in event) serving.resolve(event as unknown as { port: number; token: string }) // Said by serve.
    },
    errors: { write: () => undefined, isTTY: false, columns: 100 },
    page: { width: 100, color: false, unicode: true }
  }
  const wishes = {
    folder: runFolder(finished),
    base: undefined,
    port: undefined,
    tokenFromInput: false,
    passphraseFromInput: true
  }
  const ending = serve(wishes, { trainer: trainerProgram, version: '0.0.0', input, signals }, output)
  const { port, token } = await serving.promise
  const headers = { Host: `127.0.0.1:${port}`, Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }
  const { status, body } = await ask(port, 'POST', '/v1/predict', headers, '{"texts":["abba dab"]}')
  expect([status, Object.keys(JSON.parse(body) as object)]).toEqual([200, ['answers', 'cut']])
  signals.emit('SIGINT')
  expect(await ending).toBe(0)
  expect(JSON.stringify(events)).not.toContain(passphrase)
})

test('three wrong tries, Ctrl+C and an input without a person end in one sentence', { timeout: 60_000 }, async () => {
  const words = ['evaluate', runFolder(finished), '--data', table()]
  const wrong = await attune(words, ['one', 'two', 'three'])
  expect([wrong.code, wrong.printed]).toEqual([2, ''])
  expect(wrong.told).toMatch(/Three tries were wrong\. Nothing was read or changed; run the command again\.$/)
  expect(wrong.told.split(QUESTION)).toHaveLength(4)
  const stopped = await attune(words, [null])
  expect([stopped.code, stopped.told.split('\n').at(-2)]).toEqual([130, 'Stopped. Nothing was read or changed.'])
  const nobody = await piped(words, '')
  expect([nobody.code, nobody.told]).toEqual([2, expect.stringContaining('hand it in with --passphrase-stdin.')])
  const wrongPipe = await piped([...words, '--passphrase-stdin'], 'one\n')
  expect([wrongPipe.code, wrongPipe.told]).toEqual([2, 'This is not the passphrase.'])
  expect(keyRing.share().keys).toEqual([])
})

test('a paused run goes on to its end, sealed with the key of its project', { timeout: 90_000 }, async () => {
  const { code, printed, told } = await attune(
    ['train', join(data(), 'configurations', `${paused}.yaml`), '--resume'],
    [passphrase]
  )
  expect(code, told).toBe(0)
  expect(printed).toContain('F1')
  const keys = async (folder: string): Promise<unknown[]> => {
    const entries = await readdir(folder, { withFileTypes: true, recursive: true })
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
    return [...new Set(await Promise.all(files.map(keyIdOf)))]
  }
  expect(await readdir(runFolder(paused))).toContain('report.json')
  const own = await keys(runFolder(paused))
  expect(own).toHaveLength(1)
  expect(own).toEqual(await keys(runFolder(finished)))
  expect(await keys(join(data(), 'cache', 'tokens'))).toEqual(own)
  expect((await readdir(join(data(), 'runs'))).filter((name) => name.endsWith('-1')).sort()).toEqual(
    [`${finished}-1`, `${paused}-1`].sort()
  )
})
