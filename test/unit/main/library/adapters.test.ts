import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LookedAdapter } from '../../../../src/main/library/adapter-base.ts'
import { Adapters } from '../../../../src/main/library/adapters.ts'
import type { ModelSummary } from '../../../../src/preload/contract/models.ts'

let root: string

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-adapters-'))
  await writeFile(join(root, 'adapter_config.json'), '{}')
})
afterAll(() => rm(root, { recursive: true, force: true }))

const looked: LookedAdapter = {
  base_name: 'bert-base-uncased',
  rank: 8,
  bytes: 1000,
  sha256: 'ab',
  licence: null,
  problem: null,
  papers: null,
  fits: [],
  misfits: []
}

/** Adapters over models of these names, of which the trainer says `found`. */
function adaptersOver(names: readonly string[], found: Partial<LookedAdapter>): Adapters {
  const models = names.map((name, i) => ({ id: `m-${i}`, name, state: 'ready' }) as ModelSummary) // What is read of them.
  return new Adapters({
    folder: join(root, 'adapters'),
    quarantine: join(root, 'quarantine'),
    models: { list: async () => models, folderOf: async (id) => `/models/${id}` },
    look: async () => ({ ...looked, ...found }),
    make: async () => {
      throw new Error('nothing is made here')
    },
    now: () => '2026-01-01T00:00:00.000Z'
  })
}

const given = (): { path: string; name: string } => ({ path: root, name: 'mine' })
const fit = (id: string): LookedAdapter['fits'][number] => ({ id, labels: 2, class_names: null, changed: null })

describe('an adapter that is looked at', () => {
  it('has the model that it names first, whatever the folder calls it', async () => {
    const candidate = await adaptersOver(['other', 'BERT_base uncased'], { fits: [fit('m-0'), fit('m-1')] }).look(given())
    expect(candidate?.bases.map(({ name, isNamed }) => [name, isNamed])).toEqual([
      ['BERT_base uncased', true],
      ['other', false]
    ])
    expect(candidate?.problem).toBeNull()
  })

  it('says which model it needs where none fits', async () => {
    const misfits = [{ id: 'm-0', why: 'It is for a layer of 768 inputs.' }]
    expect((await adaptersOver(['other'], { misfits }).look(given()))?.problem).toBe(
      'No model in the library fits this adapter. Import bert-base-uncased, which it was trained on, then this folder again.'
    )
  })

  it('says why the model that it names does not fit', async () => {
    const misfits = [{ id: 'm-0', why: 'The adapter lacks a layer.' }]
    expect((await adaptersOver(['bert-base-uncased'], { misfits }).look(given()))?.problem).toBe('The adapter lacks a layer.')
  })

  it('is none where the folder has no configuration of one', async () => {
    expect(await adaptersOver([], {}).look({ path: join(root, 'nothing'), name: 'x' })).toBeNull()
  })
})

describe('the model that an adapter with papers was made from', () => {
  const papers = { base: { name: 'MiniLM-L6', sha256: 'cd'.repeat(32) }, sha256: 'ef' }

  it('is the one with the same hashes, not the first that fits', async () => {
    const fits = [{ ...fit('m-0'), changed: 'weights' }, fit('m-1')]
    expect(await adaptersOver(['MiniLM-L6', 'renamed'], { papers, fits }).baseOf(root)).toEqual({
      model: { id: 'm-1', name: 'renamed' },
      problem: null
    })
    const candidate = await adaptersOver(['MiniLM-L6', 'renamed'], { papers, fits }).look(given())
    expect(candidate?.bases.map(({ name, isNamed }) => [name, isNamed])).toEqual([
      ['renamed', true],
      ['MiniLM-L6', false]
    ])
  })

  it('is named where it is missing, and what differs where the library has another one of its name', async () => {
    expect(await adaptersOver(['other'], { papers, fits: [{ ...fit('m-0'), changed: 'weights' }] }).baseOf(root)).toEqual({
      model: null,
      problem: `This adapter answers on 'MiniLM-L6' alone, which is not in the library. Import that model first (SHA-256 of its weights: ${'cd'.repeat(32)}), then this file again.`
    })
    const { problem } = await adaptersOver(['MiniLM_L6'], { papers, fits: [{ ...fit('m-0'), changed: 'tokenizer' }] }).baseOf(
      root
    )
    expect(problem).toContain("made from another 'MiniLM-L6' than the one in the library: they differ in their tokenizer")
    expect((await adaptersOver(['MiniLM-L6'], {}).baseOf(root)).problem).toContain('does not say which model')
  })
})
