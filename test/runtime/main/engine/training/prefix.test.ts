import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { sequencesAtHand } from '../../../../../src/main/engine/training/sequences.ts'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openRuntime } from '../../../../../src/main/engine/runtime/index.ts'
import type { Runtime } from '../../../../../src/main/engine/runtime/port.ts'
import { baseFeatures, missingFeatures } from '../../../../../src/main/engine/training/base-features.ts'
import type { Examples } from '../../../../../src/main/engine/training/examples.ts'
import type { WeightSource } from '../../../../../src/main/engine/training/feeding.ts'
import type { ModelDefinition } from '../../../../../src/main/engine/training/model-definition.ts'
import { prepareWeights } from '../../../../../src/main/engine/weights/prepared.ts'
import { cramped } from '../../../../helpers/cramped.ts'
import { openCase, readCase, type CaseRecord, type OpenedCase } from '../../../../helpers/reference-case.ts'

let root: string
let runtime: Runtime
let opened: OpenedCase
let weights: WeightSource
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-prefix-'))
  runtime = await openRuntime({ threads: 1 })
  const folder = join(import.meta.dirname, '../../../../fixtures/encoders/cases/bert-single-label')
  const record = JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8')) as CaseRecord // Our own fixture.
  opened = await openCase(runtime, record, await readCase(folder))
  const { checkpoint, storedNames } = opened.model
  const prepared = await prepareWeights(checkpoint, '/nonexistent', { need: [...checkpoint.tensors.keys()] })
  weights = { folder: prepared.folder, locate: (tensor) => prepared.locate(storedNames.get(tensor) ?? tensor) }
})
afterAll(async () => {
  await runtime.dispose()
  await rm(root, { recursive: true, force: true })
})

/** Texts of these lengths, each a row. */
function examplesOf(...lengths: number[]): Examples {
  const rows = Int32Array.from(lengths, (_, row) => row)
  return {
    sequences: sequencesAtHand(
      lengths.map((length, row) => ({
        ids: Int32Array.from({ length }, (_, i) => 5 + ((i * 7 + row) % 30)),
        typeIds: null
      }))
    ),
    rowOf: rows,
    share: new Float64Array(lengths.length).fill(1),
    lengths: Int32Array.from(lengths),
    rows,
    truncatedRows: 0,
    truncatedTokens: 0
  }
}

const examples = examplesOf(9, 4, 6, 4)
const place = { modelKey: 'model' }

function compute(folder: string, computing: Runtime, definition: ModelDefinition = opened.definition): Promise<Float32Array> {
  const { config, architecture } = opened.model
  const collate = { padId: config.padId, positionOffset: architecture.positionOffset(config) }
  const { signal } = new AbortController()
  return baseFeatures(computing, definition, weights, examples, { ...place, folder, collate, signal })
}

const missing = (folder: string, computing: Runtime, definition: ModelDefinition = opened.definition): Promise<number> =>
  missingFeatures(definition, [examples], { ...place, folder }, computing)

/** The runtime under another version of the library. */
const ofVersion = (version: string): Runtime =>
  new Proxy(runtime, {
    get(target, key) {
      const value: unknown = key === 'version' ? version : Reflect.get(target, key, target)
      return typeof value === 'function' ? (value as () => unknown).bind(target) : value // A method of its own.
    }
  })

const kept = async (folder: string): Promise<string[]> => (await readdir(folder)).sort()

it('vectors of frozen layers are computed once, and again where the library or the graph computes otherwise', async () => {
  const folder = join(root, 'versions')
  const bytes = 4 * examples.lengths.length * opened.model.config.width
  expect(await missing(folder, runtime)).toBe(bytes)
  const first = await compute(folder, runtime)
  expect(await missing(folder, runtime)).toBe(0)
  // What is on disk is not computed.
  expect(await compute(folder, cramped(runtime, { program: 'prefix_model', isRefused: () => true }).runtime)).toEqual(first)
  const before = await kept(folder)

  const later = ofVersion('1.31.0')
  expect(await missing(folder, later)).toBe(bytes)
  expect(await compute(folder, later)).toEqual(first)
  const after = await kept(folder)
  // The earlier version's are dropped, with the time that they took.
  expect(after.filter((name) => before.includes(name))).toEqual([])
  expect(after).toEqual([expect.stringMatching(/\.f32$/), `${after[0]}.json`])

  const changed = { ...opened.definition, config: { ...opened.definition.config, epsilon: 1e-3 } }
  expect(await missing(folder, later, changed)).toBe(bytes)
  expect(await compute(folder, later, changed)).not.toEqual(first)
})

it('files of versions that did not say what computed them are dropped, and those of other texts stay', async () => {
  const folder = join(root, 'earlier')
  const wanted = await compute(folder, runtime)
  const [own = ''] = await kept(folder)
  const earlier = own.replace(/-cpu-[0-9a-f]+\.f32$/, '.f32')
  await rename(join(folder, own), join(folder, earlier))
  await rename(join(folder, `${own}.json`), join(folder, `${earlier}.json`))
  await writeFile(join(folder, earlier), new Uint8Array((await readFile(join(folder, earlier))).length))
  await writeFile(join(folder, 'prefix-0123.f32'), '')
  expect(await compute(folder, runtime)).toEqual(wanted)
  expect(await kept(folder)).toEqual(['prefix-0123.f32', own, `${own}.json`].sort())
})
