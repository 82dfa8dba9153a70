import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildHash, makeDiagnostics, type DiagnosticsOptions } from '../../../../src/main/services/diagnostics.ts'
import { Faults } from '../../../../src/main/services/faults.ts'
import { Outbox } from '../../../../src/main/services/outbox.ts'

let folder: string
let options: DiagnosticsOptions

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-diagnostics-'))
  await mkdir(join(folder, 'program'))
  await writeFile(join(folder, 'program', 'main.js'), 'export {}')
  const outbox = new Outbox(join(folder, 'outbox'))
  await outbox.prepare()
  const run = {
    id: 'r-1',
    state: 'failed',
    task: 'regression',
    method: 'lora',
    step: 4,
    total_steps: 9,
    failure_code: 'disk-full'
  }
  options = {
    facts: async () => ({
      version: '1.2.3',
      platform: 'linux-x64',
      shell: 'loopback',
      device: 'CPU',
      deviceWhy: null,
      threads: 2,
      memory: { total: 2, free: 1 },
      disk: { free: 3 }
    }),
    program: join(folder, 'program'),
    licences: join(import.meta.dirname, '../../../../resources/licences.json'),
    // As the tracker gives them: rows that hold names, too.
    marks: () => ({ datasets: 1, models: 1, runs: [{ ...run, name: 'Mrs Brown', dataset_name: 'brown.csv' }] }),
    faults: () => [],
    outbox
  }
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('the diagnostics file', () => {
  test('says how runs stand and names nothing of the person', async () => {
    const text = await makeDiagnostics(options).preview()
    expect(JSON.parse(text)).toMatchObject({
      attune: { version: '1.2.3', build: await buildHash(options.program) },
      holds: { datasets: 1, models: 1, runs: 1 },
      runs: [{ id: 'r-1', state: 'failed', failure_code: 'disk-full' }]
    })
    expect(text).not.toMatch(/brown/i)
  })

  test('is saved as it was read', async () => {
    const diagnostics = makeDiagnostics(options)
    const read = await diagnostics.preview()
    await writeFile(join(folder, 'program', 'later.js'), '1')
    const { path, name, remove } = options.outbox.take(await diagnostics.save())
    expect(name).toBe('attune-diagnostics.json')
    expect(await readFile(path, 'utf8')).toBe(read)
    await remove()
  })
})

test('the build hash follows names and contents, not maps for debuggers', async () => {
  const program = join(folder, 'hashed')
  await mkdir(program)
  await writeFile(join(program, 'a.js'), 'one')
  const first = await buildHash(program)
  await writeFile(join(program, 'a.js.map'), 'map')
  expect(await buildHash(program)).toBe(first)
  await writeFile(join(program, 'a.js'), 'two')
  expect(await buildHash(program)).not.toBe(first)
})

describe('licences', () => {
  test('come with their texts; a package that brought none says so by an empty text', async () => {
    const diagnostics = makeDiagnostics(options)
    const { packages } = await diagnostics.installation()
    expect(packages.map(({ name }) => name)).toEqual(expect.arrayContaining(['svelte', 'uplot', 'onnxruntime-node']))
    expect(await diagnostics.licence('svelte')).toContain('MIT')
    expect(await diagnostics.licence('no-such-package')).toBe('')
  })

  test('that are missing from the installation are one sentence', async () => {
    const diagnostics = makeDiagnostics({ ...options, licences: join(folder, 'none.json') })
    await expect(diagnostics.installation()).rejects.toThrow(/^The list of licences is missing/)
  })
})

describe('faults', () => {
  test('keep where and of which kind, not what the message quotes', () => {
    const faults = new Faults()
    faults.hear(
      'data:open: TypeError: cannot read brown.csv\n    at readRow (/users/brown/attune/out/main/index.js:12:3)\n    at /x/y.js:1:2',
      new Date(0)
    )
    expect(faults.all).toEqual([
      { at: '1970-01-01T00:00:00.000Z', channel: 'data:open', kind: 'TypeError', frames: ['index.js:12:3', 'y.js:1:2'] }
    ])
  })

  test('are bounded', () => {
    const faults = new Faults()
    for (let n = 0; n < 60; n++) faults.hear(`app:m${n % 10}: Error: x`)
    expect(faults.all).toHaveLength(50)
  })
})
