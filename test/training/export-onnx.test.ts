import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CliEvent, CliRun } from '../helpers/attune.ts'
import { hostedAttune } from '../helpers/hosted-attune.ts'
import { familyConfig, makeFamilyProject, type Family, type Kind } from '../helpers/family-project.ts'

let root: string
let home: string
let project: string
const trainedOnce = new Map<string, Promise<string>>()

const run = (...words: readonly string[]): Promise<CliRun> => hostedAttune([...words, '--json'], { home })
const last = (cli: CliRun): CliEvent => cli.events().at(-1) ?? { event: 'nothing' }

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-onnx-test-'))
  home = join(root, 'home')
  await mkdir(home)
  project = await makeFamilyProject(join(root, 'project'))
  await symlink(join(import.meta.dirname, '../../node_modules'), join(root, 'node_modules'), 'junction')
})
afterAll(() => rm(root, { recursive: true, force: true }))

async function train(family: Family, kind: Kind, more: Readonly<Record<string, string>> = {}): Promise<string> {
  const cli = await run('train', await familyConfig(project, family, kind, more))
  expect(last(cli), cli.stderr).toMatchObject({ event: 'finished' })
  return String(last(cli)['run'])
}

/** Trains each model once, however many forms it is exported in. */
function trained(family: Family, kind: Kind): Promise<string> {
  const key = `${family}-${kind}`
  const known = trainedOnce.get(key) ?? train(family, kind)
  trainedOnce.set(key, known)
  return known
}

async function exported(runFolder: string, format: string, name: string, ...more: readonly string[]): Promise<CliEvent> {
  const cli = await run('export', runFolder, '--format', format, '--out', join(root, name), ...more)
  expect(cli.stderr).toBe('')
  return last(cli)
}

interface Replay {
  readonly rows: number
  readonly of: number
  readonly largest_logit: number
  readonly largest_logit_difference: number
}

/** How far apart logits are, of the largest. */
function apart(finished: CliEvent): number {
  const { largest_logit_difference: difference, largest_logit: largest, rows, of } = finished['replay'] as Replay
  expect(rows).toBe(of)
  expect(largest).toBeGreaterThan(0.01)
  return difference / Math.max(1, largest)
}

const whole = (rows: readonly (readonly number[])[]): Tensor =>
  new Tensor('int64', BigInt64Array.from(rows.flat(), BigInt), [rows.length, rows[0]?.length ?? 0])

describe.each(['bert', 'roberta', 'distilbert'] as const)('%s', (family) => {
  test('leaves in float16 within its own tolerance, and smaller', async () => {
    const finished = await exported(await trained(family, 'single'), 'onnx-fp16', `${family}-half`)
    expect(finished).toMatchObject({ event: 'finished', dtype: 'fp16' })
    expect(apart(finished)).toBeLessThan(2e-2)
    expect(apart(finished)).toBeGreaterThan(1e-6)
  })

  test('takes batches of any size and texts of any length', async () => {
    await exported(await trained(family, 'single'), 'onnx', `${family}-axes`)
    const session = await InferenceSession.create(join(root, `${family}-axes/model.onnx`))
    const answer = async (ids: number[][], mask: number[][]): Promise<number[][]> => {
      const all = {
        input_ids: whole(ids),
        attention_mask: whole(mask),
        token_type_ids: whole(ids.map((row) => row.map(() => 0)))
      }
      const feeds = Object.fromEntries(Object.entries(all).filter(([name]) => session.inputNames.includes(name)))
      const { logits } = await session.run(feeds)
      return ids.map((_, row) => [...(logits?.data.slice(row * 3, (row + 1) * 3) as Float32Array)])
    }
    const pad = family === 'roberta' ? 1 : 0
    const texts = [5, 17, 9].map((length, row) => Array.from({ length }, (_, i) => 4 + ((7 * i + 11 * row) % 30)))
    const padded = texts.map((ids) => Array.from({ length: 17 }, (_, i) => ids[i] ?? pad))
    const together = await answer(
      padded,
      texts.map((ids) => Array.from({ length: 17 }, (_, i) => (i < ids.length ? 1 : 0)))
    )
    for (const [row, ids] of texts.entries()) {
      const [alone = []] = await answer([ids], [ids.map(() => 1)])
      alone.forEach((value, c) => expect(value).toBeCloseTo(together[row]?.[c] ?? Number.NaN, 5))
    }
    expect(together[0]).not.toEqual(together[1])
  })
})

describe('an ONNX folder', () => {
  test.each([
    ['single', ['abba dab', 'cede bed']],
    ['multi', ['abba dab', 'cede bed']],
    ['regression', ['abba dab']],
    ['pairs', ['abba dab', 'cede bed']]
  ] as const)('holds an example for Node that runs as it is (%s)', async (kind, texts) => {
    await exported(await trained('bert', kind), 'onnx', `example-${kind}`)
    const { stdout, stderr, status } = spawnSync(process.execPath, [join(root, `example-${kind}/example.mjs`), ...texts], {
      encoding: 'utf8',
      env: { ...process.env, ORT_DISABLE_TELEMETRY: '1' }
    })
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
    expect(stdout).toMatch(/abba dab.*\d/s)
    expect(stdout).not.toContain('NaN')
  })

  test('answers with the head that a person made: mean pooling and a hidden layer', async () => {
    const runFolder = await train('roberta', 'single', { head: '{ pooling: mean, hidden_sizes: [8] }' })
    expect(apart(await exported(runFolder, 'onnx', 'own-head'))).toBeLessThan(1e-5)
    const largest = await train('bert', 'single', { head: '{ pooling: max }' })
    expect(apart(await exported(largest, 'onnx', 'own-head-max'))).toBeLessThan(1e-5)
  })

  test('answers long texts in windows as the run did', async () => {
    const config = await familyConfig(project, 'bert', 'single')
    const windows = `${await readFile(config, 'utf8')}  max_length: 6\n  truncation: windows\n  stride: 2\n  window_pooling: max\n`
    await writeFile(config, windows)
    const runFolder = String(last(await run('train', config))['run'])
    expect(apart(await exported(runFolder, 'onnx', 'windows'))).toBeLessThan(1e-5)
  })

  test('cannot be written in a type that its form does not have', async () => {
    const cli = await run(
      ...['export', await trained('bert', 'single'), '--format', 'onnx', '--dtype', 'bf16', '--out', join(root, 'bf16')]
    )
    expect(last(cli)).toMatchObject({ event: 'failed', code: 'usage' })
  })

  const flip = async (path: string): Promise<void> => {
    const bytes = await readFile(path)
    bytes[bytes.length - 9] = (bytes[bytes.length - 9] ?? 0) ^ 1
    await writeFile(path, bytes)
  }

  test('is found changed by one byte, of the model and of weights beside it', async () => {
    const finished = await exported(await trained('bert', 'single'), 'onnx', 'outside', '--external-data')
    expect(finished).toMatchObject({ event: 'finished', replay: { changed_rows: 0 } })
    expect(await readdir(join(root, 'outside'))).toContain('model.onnx.data')
    for (const name of ['model.onnx', 'model.onnx.data']) {
      const folder = join(root, `changed-${name}`)
      await cp(join(root, 'outside'), folder, { recursive: true })
      expect(last(await run('verify', folder))).toMatchObject({ event: 'finished' })
      await flip(join(folder, name))
      expect(last(await run('verify', folder))).toMatchObject({ event: 'failed', code: 'verify-file' })
    }
  })

  test('answers files itself: attune predict', async () => {
    await exported(await trained('bert', 'single'), 'onnx', 'answers')
    const out = join(root, 'answers.jsonl')
    const cli = await run('predict', join(root, 'answers'), '--data', join(project, 'single.csv'), '--out', out)
    expect(last(cli), cli.stderr).toMatchObject({ event: 'finished' })
    expect((await readFile(out, 'utf8')).split('\n')[0]).toMatch(/"label"/)
  })
})

describe('base model and adapter in two ONNX files', () => {
  const hashOf = async (...path: readonly string[]): Promise<string> =>
    createHash('sha256')
      .update(await readFile(join(root, ...path)))
      .digest('hex')

  test.each(['bert', 'roberta', 'distilbert'] as const)('answer together as the run did (%s)', async (family) => {
    const finished = await exported(await trained(family, 'single'), 'onnx-parts', `${family}-parts`)
    expect(finished).toMatchObject({ event: 'finished', replay: { changed_rows: 0 } })
    expect(apart(finished)).toBeLessThan(1e-5)
  })

  test('share the base among runs of other ranks, strengths, seeds and labels', async () => {
    const method = '{ type: lora, r: 2, lora_alpha: 3, target_modules: all-linear }'
    await exported(await train('bert', 'single', { method }), 'onnx-parts', 'other-rank')
    expect(apart(await exported(await trained('bert', 'regression'), 'onnx-parts', 'other-labels'))).toBeLessThan(1e-5)
    await exported(await trained('bert', 'single'), 'onnx-parts', 'shared')
    const own = await hashOf('shared', 'base.onnx')
    expect(await hashOf('other-rank', 'base.onnx')).toBe(own)
    expect(await hashOf('other-labels', 'base.onnx')).toBe(own)
    expect(await hashOf('other-rank', 'adapter.onnx')).not.toBe(await hashOf('shared', 'adapter.onnx'))
  })

  test('work for every linear layer, trained biases and the example for Node', async () => {
    const method = '{ type: lora, r: 2, target_modules: all-linear, bias: all }'
    expect(apart(await exported(await train('bert', 'single', { method }), 'onnx-parts', 'all-linear'))).toBeLessThan(1e-5)
    const { stdout, status } = spawnSync(process.execPath, [join(root, 'all-linear/example.mjs'), 'abba dab'], {
      encoding: 'utf8',
      env: { ...process.env, ORT_DISABLE_TELEMETRY: '1' }
    })
    expect(status).toBe(0)
    expect(stdout).toMatch(/abba dab.*\d/s)
  })

  test('are refused for a run without an adapter', async () => {
    const runFolder = await train('bert', 'single', { method: '{ type: full }' })
    const refused = await run('export', runFolder, '--format', 'onnx-parts', '--out', join(root, 'none'))
    expect(last(refused)).toMatchObject({ event: 'failed', code: 'export-unsupported' })
  })
})
