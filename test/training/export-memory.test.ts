import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exporters } from '../../src/main/export/index.ts'
import { openCheckpoint } from '../../src/main/engine/weights/checkpoint-folder.ts'
import { readTensor } from '../../src/main/engine/weights/read-tensor.ts'
import { requireExportSpace } from '../../src/main/worker/export-disk.ts'
import { exportable } from '../../src/main/worker/exportable-run.ts'
import { openTrained } from '../../src/main/worker/trained-run.ts'
import { attune, type CliEvent, type CliRun } from '../helpers/attune.ts'
import { makeTinyProject } from '../helpers/tiny-project.ts'

const training = {
  num_train_epochs: 2,
  per_device_train_batch_size: 16,
  early_stopping: null,
  bootstrap_resamples: 50,
  baselines: false
}

let root: string
let home: string
let letters: string
const run = (...words: readonly string[]): Promise<CliRun> => attune([...words, '--json'], { home })
const last = (cli: CliRun): CliEvent => cli.events().at(-1) ?? { event: 'nothing' }

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-export-memory-'))
  home = join(root, 'home')
  await mkdir(home)
  const project = await makeTinyProject(join(root, 'project'))
  letters = String(last(await run('train', await project.config('letters', training)))['run'])
})
afterAll(() => rm(root, { recursive: true, force: true }))

test('weights are divided into files of the size that was asked for, and the same answers come out of them', async () => {
  const [whole, divided] = [join(root, 'whole'), join(root, 'divided')]
  await run('export', letters, '--format', 'huggingface', '--out', whole)
  const finished = last(await run('export', letters, '--format', 'huggingface', '--out', divided, '--max-shard-size', '8kB'))
  expect(finished).toMatchObject({ event: 'finished', replay: { changed_rows: 0 } })
  const shards = (await readdir(divided)).filter((name) => /^model-\d{5}-of-\d{5}\.safetensors$/.test(name)).sort()
  expect(shards.length).toBeGreaterThan(2)
  expect(shards.at(-1)).toContain(`-of-${String(shards.length).padStart(5, '0')}.`)
  for (const shard of shards) expect((await stat(join(divided, shard))).size).toBeLessThan(8000 + 4096)
  const index = JSON.parse(await readFile(join(divided, 'model.safetensors.index.json'), 'utf8')) as { weight_map: object }
  const [one, several] = [await openCheckpoint(whole), await openCheckpoint(divided)]
  expect(Object.keys(index.weight_map).sort()).toEqual([...one.tensors.keys()].sort())
  for (const name of one.tensors.keys()) expect(await readTensor(several, name), name).toEqual(await readTensor(one, name))
  expect(last(await run('verify', divided))).toMatchObject({ event: 'finished' })
  for (const size of ['none', '0', '-1GB'])
    expect(
      last(await run('export', letters, '--format', 'huggingface', '--out', join(root, 'x'), `--max-shard-size=${size}`)),
      size
    ).toMatchObject({ code: 'usage' })
  expect(
    last(await run('export', letters, '--format', 'peft', '--out', join(root, 'x'), '--max-shard-size', '1GB'))
  ).toMatchObject({ code: 'usage' })
})

test('a disk that would be full is told before anything is written', async () => {
  const parts = exportable(await openTrained(letters))
  const look = (free: number) => ({ look: async () => ({ device: 1, free }) })
  const input = { run: parts, target: join(root, 'full', 'letters'), cacheFolder: join(root, 'cache') }
  const refused = requireExportSpace({ ...input, exporter: exporters.huggingface, dtype: 'fp32' }, look(20e6))
  await expect(refused).rejects.toMatchObject({
    code: 'export-disk',
    message: expect.stringMatching(
      /^This export needs 20\.0 MB on the disk that holds .*\(the export 20\.0 MB\), and 20\.0 MB are free there\./
    )
  })
  await requireExportSpace({ ...input, exporter: exporters.huggingface, dtype: 'fp32' }, look(21e6))
  // What is not float32 is copied for its test, and a pack lies among the caches while it is made.
  await expect(requireExportSpace({ ...input, exporter: exporters.huggingface, dtype: 'fp16' }, look(20.01e6))).rejects.toThrow(
    'weights to test it with'
  )
  await expect(requireExportSpace({ ...input, exporter: exporters.attune, dtype: 'fp32' }, look(21e6))).rejects.toThrow(
    'the folder that is packed'
  )
  expect(await readdir(root)).not.toContain('full')
})
