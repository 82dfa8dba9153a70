import { appendFile, cp, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readCard } from '../../../../src/main/base/model-card.ts'
import { mountOf, mountsIn, vanishingOnWindows } from '../../../../src/main/library/drive-kind.ts'
import { Library, type ModelRecord } from '../../../../src/main/library/library.ts'
import { Models, type StoredModel } from '../../../../src/main/library/models.ts'
import { makeTinyProject } from '../../../helpers/tiny-project.ts'

let root: string
let model: string
let library: Library
let models: Models
let forget: () => void

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-library-'))
  await makeTinyProject(root)
  model = join(root, 'model')
  const stored = new Map<string, StoredModel>()
  const records = new Map<string, ModelRecord>()
  forget = () => [stored, records].forEach((each) => each.clear())
  models = new Models({
    bundled: { folder: model, name: 'Practice model' },
    now: () => '2026-11-25T10:00:00Z',
    index: {
      list: () => [...stored.values()],
      find: (id) => stored.get(id) ?? null,
      save: (one) => void stored.set(one.id, one),
      remove: (id) => void stored.delete(id)
    }
  })
  library = new Library({
    models,
    records: {
      find: (id) => records.get(id) ?? null,
      byHash: (hash) => [...records].find(([, record]) => record.hash === hash)?.[0] ?? null,
      save: (id, record) => void records.set(id, record)
    },
    folder: join(root, 'data/models'),
    notes: join(root, 'data/notes'),
    quarantine: join(root, 'quarantine'),
    now: () => '2026-11-25T10:00:00Z',
    onHashing: () => undefined
  })
})

afterEach(() => rm(root, { recursive: true, force: true }))

const given = (path: string) => ({ path, name: 'tiny' })

describe('a model that is brought in', () => {
  test('stays where it is, its files hashed', async () => {
    const { model: listed, isKnown } = await library.bring(given(model), 'referenced')
    expect([listed.state, isKnown]).toEqual(['ready', false])
    expect(await models.folderOf(listed.id)).toBe(model)
    const details = await library.details(listed.id)
    expect(details.place).toBe('referenced')
    const config = details.files.find(({ name }) => name === 'config.json')
    expect(config?.sha256).toBe(
      createHash('sha256')
        .update(await readFile(join(model, 'config.json')))
        .digest('hex')
    )
  })

  test('says what its licence means, and keeps its files in a copy', async () => {
    await writeFile(join(model, 'LICENSE'), 'Creative Commons Attribution-NonCommercial 4.0 International')
    await writeFile(join(model, 'NOTICE'), 'By someone')
    const { model: listed } = await library.bring(given(model), 'copied')
    expect(listed.licence).toBe('cc-by-nc-4.0')
    const { licence } = await library.details(listed.id)
    expect(licence).toMatchObject({ isNoticed: true, summary: expect.stringContaining('Does not allow commercial use') })
    expect(licence.obligations).toContain('Name its authors, and say that it was changed.')
    expect(await readdir(await models.folderOf(listed.id))).toEqual(expect.arrayContaining(['LICENSE', 'NOTICE']))
  })

  test('is copied whole where that is wanted, and its copy goes when it is removed', async () => {
    const { model: listed } = await library.bring(given(model), 'copied')
    const home = await models.folderOf(listed.id)
    expect(home).toBe(join(root, 'data/models', listed.id))
    expect(await readdir(home)).toEqual((await readdir(model)).filter((name) => /json$|safetensors$/.test(name)))
    await library.remove(listed.id)
    expect(await readdir(join(root, 'data/models'))).toEqual([])
    expect(await readdir(model)).not.toEqual([])
  })

  test('is listed again, with its hashes, where the list was lost; what is damaged or was removed is not', async () => {
    const { model: listed } = await library.bring(given(model), 'copied')
    const before = await library.details(listed.id)
    forget()
    await writeFile(join(root, 'data/notes/m-0.json'), '{')
    await mkdir(join(root, 'data/models/.new-cut'))
    await library.prepare()
    expect((await models.list()).filter(({ bundled }) => !bundled)).toEqual([listed])
    expect(await library.details(listed.id)).toEqual(before)
    expect(await readdir(join(root, 'data/models'))).toEqual([listed.id])
    await library.remove(listed.id)
    await library.prepare()
    expect(await models.list()).toEqual([])
    expect(await readdir(join(root, 'data/models'))).toEqual([])
    expect(await readdir(join(root, 'data/notes'))).toEqual(['m-0.json'])
  })

  test('that was copied before this was written down has it written at the next start', async () => {
    const { model: listed } = await library.bring(given(model), 'copied')
    const beside = join(root, 'data/notes', `${listed.id}.json`)
    const was = await readFile(beside, 'utf8')
    await rm(beside)
    await library.prepare()
    expect(await readFile(beside, 'utf8')).toBe(was)
  })

  test('is recognised by its files, wherever they lie', async () => {
    const first = await library.bring(given(model), 'referenced')
    await cp(model, join(root, 'again'), { recursive: true })
    const second = await library.bring(given(join(root, 'again')), 'copied')
    expect([second.isKnown, second.model.id]).toEqual([true, first.model.id])
    expect(await readdir(join(root, 'data/models'))).toEqual([])
  })

  test('takes the place of one that is disconnected', async () => {
    const { model: listed } = await library.bring(given(model), 'referenced')
    await rename(model, join(root, 'moved'))
    expect((await models.get(listed.id)).state).toBe('disconnected')
    await library.bring(given(join(root, 'moved')), 'referenced')
    expect((await models.get(listed.id)).state).toBe('ready')
  })

  test('leaves the quarantine, whether it is wanted or not', async () => {
    const brought = join(root, 'quarantine/ab')
    await cp(model, brought, { recursive: true })
    expect((await library.look(given(brought))).mustCopy).toBe('brought')
    const { model: listed } = await library.bring(given(brought), 'referenced')
    expect((await library.details(listed.id)).place).toBe('copied')
    expect(await readdir(join(root, 'quarantine'))).toEqual([])
  })
})

describe('what cannot be used', () => {
  test.each([
    ['{"model_type":"gptj"}', 'This is GPT-J; Attune reads BERT, RoBERTa, DistilBERT.'],
    ['{"model_type":"somethingnew"}', 'This is somethingnew; Attune reads BERT, RoBERTa, DistilBERT.']
  ])('says what kind of model it is: %s', async (config, sentence) => {
    await writeFile(join(model, 'config.json'), config)
    expect((await library.look(given(model))).problem).toBe(sentence)
    await expect(library.bring(given(model), 'referenced')).rejects.toThrow(sentence)
  })

  test('is refused where the weights are a program', async () => {
    await rm(join(model, 'model.safetensors'))
    await writeFile(join(model, 'pytorch_model.bin'), 'PK')
    expect((await library.look(given(model))).problem).toBe('These weights are a program, not data; ask for safetensors.')
  })

  test('names what is missing without a path', async () => {
    await rm(join(model, 'model.safetensors'))
    const index = { weight_map: { 'bert.embeddings.word_embeddings.weight': 'model-00001-of-00002.safetensors' } }
    await writeFile(join(model, 'model.safetensors.index.json'), JSON.stringify(index))
    const { problem } = await library.look(given(model))
    expect(problem).toMatch(/model-00001-of-00002\.safetensors.* is missing/)
    expect(problem).not.toContain(root)
  })
})

describe('a check of the files', () => {
  test('says what changed, what is missing and what is new', async () => {
    const { model: listed } = await library.bring(given(model), 'referenced')
    expect((await library.verify(listed.id)).changes).toEqual([])
    await appendFile(join(model, 'tokenizer.json'), ' ')
    await writeFile(join(model, 'tokenizer_config.json'), '{}')
    await writeFile(join(model, 'special_tokens_map.json'), '{}')
    const { changes } = await library.verify(listed.id)
    expect(changes).toEqual(
      expect.arrayContaining([
        { name: 'tokenizer.json', what: 'changed' },
        { name: 'special_tokens_map.json', what: 'new' }
      ])
    )
    await rm(join(model, 'tokenizer.json'))
    expect((await library.verify(listed.id)).changes).toContainEqual({ name: 'tokenizer.json', what: 'missing' })
  })
})

describe("a model's card", () => {
  test('is read as plain text, with licence, languages and tags', async () => {
    await mkdir(join(root, 'card'))
    const lines = ['---', 'license: apache-2.0', 'language:', '- en', '- de', 'tags: [encoder, "fill-mask"]', '---']
    const body =
      '# Title\n<script>alert(1)</script><img src=x onerror=alert(1)>\n![badge](https://x/y.png) [A link](https://x) here.'
    await writeFile(join(root, 'card/README.md'), `${lines.join('\n')}\n${body}`)
    const card = await readCard(join(root, 'card'))
    expect(card).toMatchObject({ licence: 'apache-2.0', languages: ['en', 'de'], tags: ['encoder', 'fill-mask'] })
    expect(card.text).toBe('# Title\nalert(1)\n A link here.')
  })

  test('is bounded, and empty where there is none', async () => {
    await writeFile(join(model, 'README.md'), 'x'.repeat(500_000))
    expect((await readCard(model)).text).toHaveLength(20_000)
    expect(await readCard(root)).toEqual({ licence: null, languages: [], tags: [], text: null })
  })
})

test('an installation without a practice model lists none, and loses the line of one that is gone', async () => {
  await models.prepare()
  expect(await models.list()).toHaveLength(1)
  await rm(model, { recursive: true })
  await models.prepare()
  expect(await models.list()).toEqual([])
})

test('the mount of a path is the deepest one above it', () => {
  const mounts = mountsIn(
    [
      '22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw',
      '40 22 8:17 / /media/anna/My\\040Stick rw - vfat /dev/sdb1 rw',
      '41 22 0:50 / /mnt/share rw - cifs //server/share rw'
    ].join('\n')
  )
  expect(mountOf('/media/anna/My Stick/model', mounts)?.type).toBe('vfat')
  expect(mountOf('/mnt/share', mounts)?.type).toBe('cifs')
  expect(mountOf('/mnt/shareholder', mounts)?.type).toBe('ext4')
})

describe('a drive of Windows', () => {
  const environment = {
    SystemDrive: 'C:',
    LOCALAPPDATA: 'D:\\Users\\anna\\AppData\\Local',
    USERPROFILE: 'D:\\Users\\anna'
  }

  test.each([
    ['C:\\models\\clinic', null, 'of the system'],
    ['d:\\Users\\anna\\models', null, 'of their own folders, in a small letter'],
    ['\\\\?\\C:\\models', null, 'of the system, written long'],
    ['E:\\clinic', 'removable', 'of any other letter'],
    ['\\\\ward\\share\\clinic', 'network', 'that is a share'],
    ['\\\\?\\UNC\\ward\\share\\clinic', 'network', 'that is a share, written long']
  ] as const)('%s is %s: one %s', async (path, kind, _what) => {
    expect(await vanishingOnWindows(path, { resolved: (given) => Promise.resolve(given), environment })).toBe(kind)
  })

  test('is asked what a letter stands for: one of a share is a network drive, and what cannot be asked goes by its letter', async () => {
    const resolved = (): Promise<string> => Promise.resolve('\\\\ward\\share\\clinic')
    expect(await vanishingOnWindows('Z:\\clinic', { resolved, environment })).toBe('network')
    const failing = (): Promise<string> => Promise.reject(new Error('EPERM'))
    expect(await vanishingOnWindows('Z:\\clinic', { resolved: failing, environment })).toBe('removable')
  })
})
