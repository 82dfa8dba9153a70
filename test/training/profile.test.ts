import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Profiles } from '../../src/main/services/profiles.ts'
import type { RunId } from '../../src/preload/contract/common.ts'
import { attune, type CliRun } from '../helpers/attune.ts'
import { makeTinyProject } from '../helpers/tiny-project.ts'

let root: string
let config: string
let trained: CliRun
const run = (...words: string[]): Promise<CliRun> => attune(words, { home: join(root, 'home') })

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-steps-test-'))
  await mkdir(join(root, 'home'))
  const project = await makeTinyProject(join(root, 'project'))
  config = await project.config('short', { max_steps: 2, early_stopping: null, bootstrap_resamples: 50, seed: 1 })
  trained = await run('train', config, '--json')
})
afterAll(() => rm(root, { recursive: true, force: true }))

interface Kept {
  readonly format: string
  readonly device: string
  readonly steps: number
  readonly computing: number
  readonly operators: {
    readonly milliseconds: number
    readonly blocks: readonly { readonly name: string; readonly share: number }[]
    readonly operators: readonly { readonly name: string; readonly share: number }[]
  }
}

const keptIn = async (path: string): Promise<Kept> => JSON.parse(await readFile(path, 'utf8')) as Kept

test('a run.yaml is profiled: a table for people, JSON below its output, nothing in the temporary folder', async () => {
  const { code, lines } = await run('profile', config, '--steps', '2')
  const stdout = lines.join('\n')
  expect(code).toBe(0)
  expect(stdout).toMatch(/^Step {2,}[\d.,]+ ms, operators at \d+ GFLOP\/s$/m)
  expect(stdout).toMatch(/^layer 0 .* \d+ %/m)
  expect(stdout).toMatch(/^Gemm .* \d+ %/m)
  const kept = await keptIn(join(root, 'project/runs/profile-short.json'))
  expect(kept).toMatchObject({ format: 'attune-profile-1', steps: 2 })
  // Operators run inside the runs that the clock was held to; the profiler's own time lies between them.
  expect(kept.operators.milliseconds).toBeLessThan(kept.computing)
  for (const rows of [kept.operators.blocks, kept.operators.operators])
    expect(rows.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 6)
  expect((await readdir(tmpdir())).filter((name) => name.startsWith('attune-profile-'))).toEqual([])
})

test('a finished run is profiled beside its report, and stays as it is', async () => {
  const folder = String(trained.events().at(-1)?.['run'])
  const before = await readdir(folder)
  const result = await run('profile', folder, '--steps', '1', '--json')
  expect(result.code).toBe(0)
  const kept = await keptIn(join(folder, 'profile.json'))
  expect(result.events().at(-1)).toMatchObject({ event: 'finished', profile_file: join(folder, 'profile.json') })
  expect(kept.operators.blocks.map(({ name }) => name)).toEqual(expect.arrayContaining(['embeddings', 'layer 0', 'head', 'loss']))
  expect((await readdir(folder)).toSorted()).toEqual([...before, 'profile.json'].toSorted())
  // What the window reads of it.
  const shown = new Profiles({
    ...{ findRun: () => ({ folder }), entry: '', isBusy: () => false, onProgress: () => undefined },
    runTask: () => Promise.reject(new Error('nothing is measured here'))
  })
  expect(await shown.get('r' as RunId)).toMatchObject({ steps: 1, device: kept.device, operators: kept.operators })
})

test('a count of steps that is none is refused', async () => {
  const { code, stderr } = await run('profile', config, '--steps', 'many')
  expect(code).toBe(2)
  expect(stderr).toContain("--steps cannot be 'many'. It is a whole number from 1 to 100.")
})
