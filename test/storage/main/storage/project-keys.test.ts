import { cp, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { DatasetSummary, RowsPage } from '../../../../src/preload/contract/data.ts'
import type { ProjectSummary } from '../../../../src/preload/contract/projects.ts'
import type { BackupSummary } from '../../../../src/preload/contract/storage.ts'
import type { VaultStatus } from '../../../../src/preload/contract/vault.ts'
import { keyIdOf } from '../../../../src/main/base/sealed/convert.ts'
import { keyRing } from '../../../../src/main/base/sealed/key-ring.ts'
import { readFile as readSealed, writeFile as writeSealed } from '../../../../src/main/base/sealed/fs.ts'
import { unseal } from '../../../../src/main/base/sealed/whole.ts'
import { Vault } from '../../../../src/main/vault/vault.ts'
import { openTestApplication, type Application } from '../../../helpers/application.ts'
import { TestPage } from '../../../helpers/loopback-page.ts'
import { tinyTable } from '../../../helpers/tiny-project.ts'

const passphrase = 'open sesame'
let folder: string
let application: Application
let page: TestPage

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-project-keys-'))
  await open()
})
afterEach(async () => {
  await application.dispose()
  await rm(folder, { recursive: true, force: true })
})

const data = (): string => join(folder, 'data')

async function open(): Promise<void> {
  application = await openTestApplication(folder)
  page = await TestPage.open(application.shell)
}

const bring = (name: string, seed: number): Promise<DatasetSummary> => bringText(name, tinyTable(40, seed))

async function bringText(name: string, text: string): Promise<DatasetSummary> {
  const headers = { 'X-Attune-Name': name, 'Content-Type': 'application/octet-stream' }
  const { body } = await page.post('/upload', text, headers)
  return page.call<DatasetSummary>('data:open', (JSON.parse(body) as { handle: string }).handle)
}

async function protect(): Promise<void> {
  await page.call('vault:protect', { passphrase, keyring: false })
  await untilConverted()
}

const untilConverted = (): Promise<void> =>
  expect.poll(async () => (await page.call<VaultStatus>('vault:status')).conversion, { timeout: 10_000 }).toBeNull()

async function unlock(): Promise<void> {
  await page.call('vault:unlock', { passphrase })
  await untilConverted()
}

const projects = async (): Promise<string[]> =>
  (await page.call<ProjectSummary[]>('projects:list')).map(({ name }) => name).sort()
const keyNames = async (of = data()): Promise<string[]> => {
  const { keys } = JSON.parse(await readFile(join(of, 'keys.json'), 'utf8')) as { keys: object }
  return Object.keys(keys).sort()
}
const filesOf = (id: string): Promise<string[]> => readdir(join(data(), 'datasets', id))
const keysOf = async (id: string): Promise<unknown[]> => [
  ...new Set(await Promise.all((await filesOf(id)).map((name) => keyIdOf(join(data(), 'datasets', id, name)))))
]
const canRead = async ({ id }: DatasetSummary): Promise<boolean> =>
  (await page.call<RowsPage>('data:rows', { id, from: 0, count: 3 })).rows.length === 3
/** What the record still lists, whether it can be read or not. */
const listed = async (): Promise<string[]> => (await page.call<DatasetSummary[]>('data:list')).map(({ name }) => name).sort()

/** All keys of the data folder that are left, in the ring of this process: whoever has the passphrase has these. */
async function haveAllKeys(of: string): Promise<void> {
  const vault = await Vault.open({ dataFolder: of, keyring: null })
  await vault.unlock({ passphrase })
  keyRing.use({ keys: vault.fileKeys() })
}

/** Makes the folder what it was before projects had keys: one key for all files. */
async function backToOneKey({ id, project }: DatasetSummary): Promise<void> {
  await haveAllKeys(data())
  const vault = await Vault.open({ dataFolder: data(), keyring: null })
  await vault.unlock({ passphrase })
  const own = vault.keyOf('own')?.id ?? ''
  for (const name of await filesOf(id)) {
    const path = join(data(), 'datasets', id, name)
    const content = await readSealed(path)
    keyRing.use({ places: [{ folder: data(), except: [], sparesTop: true, keyId: own }], keys: vault.fileKeys() })
    await writeSealed(path, content)
  }
  await vault.removeKey(`project:${project}`, false)
  keyRing.use()
}

// Keys are derived slowly on purpose, several times in each of these.
describe('keys of projects', { timeout: 60_000 }, () => {
  test('each project has its own, also where its files were there before, and destroying it takes its key away', async () => {
    const before = await bring('before.csv', 1)
    await protect()
    const after = await bring('after.csv', 2)
    expect(await keyNames()).toEqual(['database', 'own', `project:${after.project}`, `project:${before.project}`].sort())
    const [one, other] = [await keysOf(before.id), await keysOf(after.id)]
    expect([one.length, other.length]).toEqual([1, 1])
    expect(one).not.toEqual(other)
    // Blocks that stay on the disk, or a copy that somebody has made.
    const copy = join(folder, 'blocks')
    await cp(join(data(), 'datasets', before.id), copy, { recursive: true })
    await page.call('projects:destroyNow', before.project)
    expect(await keyNames()).toEqual(['database', 'own', `project:${after.project}`].sort())
    expect(await projects()).toEqual(['after'])
    expect(await canRead(after)).toBe(true)

    await application.dispose()
    await haveAllKeys(data())
    const blocks = await Promise.all((await readdir(copy)).map((name) => readFile(join(copy, name))))
    expect(blocks.length).toBeGreaterThanOrEqual(3)
    for (const bytes of blocks) expect(() => unseal(bytes, 'a block')).toThrow('encrypted by Attune')
    keyRing.use()
    await open()
    await unlock()
    expect(await listed()).toEqual(['after.csv'])
    expect(await canRead(after)).toBe(true)
  })

  test('a file that nothing came of leaves no key behind, nor does one that is known', async () => {
    await protect()
    const known = await bring('known.csv', 1)
    await expect(bringText('empty.csv', 'id,text,label\n')).rejects.toThrow('no rows')
    expect((await bring('again.csv', 1)).id).toBe(known.id)
    expect(await keyNames()).toEqual(['database', 'own', `project:${known.project}`])
  })

  test('a folder that was encrypted when there was one key gets them at the next unlocking', async () => {
    const table = await bring('table.csv', 1)
    await protect()
    await application.dispose()
    await backToOneKey(table)
    await open()
    await unlock()
    expect(await keyNames()).toContain(`project:${table.project}`)
    const vault = await Vault.open({ dataFolder: data(), keyring: null })
    await vault.unlock({ passphrase })
    expect(await keysOf(table.id)).toEqual([vault.keyOf(`project:${table.project}`)?.id])
    expect(await canRead(table)).toBe(true)
  })

  test('a crash between the key and the files ends with both gone', async () => {
    const doomed = await bring('doomed.csv', 1)
    const kept = await bring('kept.csv', 2)
    await protect()
    await application.dispose()
    const vault = await Vault.open({ dataFolder: data(), keyring: null })
    await vault.unlock({ passphrase })
    await vault.removeKey(`project:${doomed.project}`, true)
    await open()
    await unlock()
    expect(await listed()).toEqual(['kept.csv'])
    expect(await projects()).toEqual(['kept'])
    expect(await readdir(join(data(), 'datasets'))).toEqual([kept.id])
    expect(await readdir(join(data(), 'projects'))).toEqual([`${kept.project}.json`])
    expect(await canRead(kept)).toBe(true)
  })

  test('a backup beside the data forgets a destroyed project; one that was taken elsewhere brings it back', async () => {
    const doomed = await bring('doomed.csv', 1)
    const kept = await bring('kept.csv', 2)
    await protect()
    const { id, name } = await page.call<BackupSummary>('storage:backUp', { to: null })
    const place = join(`${data()}-backups`, name)
    const elsewhere = join(folder, 'elsewhere')
    await cp(place, elsewhere, { recursive: true })
    await page.call('projects:destroyNow', doomed.project)
    expect(await keyNames(place)).not.toContain(`project:${doomed.project}`)
    expect(await readdir(join(place, 'datasets', doomed.id))).toContain('rows.jsonl')

    await page.call('storage:restore', { backup: id })
    await unlock()
    expect([await projects(), await listed()]).toEqual([['kept'], ['kept.csv']])
    expect(await readdir(join(data(), 'datasets'))).toEqual([kept.id])
    expect(await canRead(kept)).toBe(true)

    await rm(place, { recursive: true })
    await rename(elsewhere, place)
    await page.call('storage:restore', { backup: id })
    await unlock()
    expect(await listed()).toEqual(['doomed.csv', 'kept.csv'])
    expect([await canRead(doomed), await canRead(kept)]).toEqual([true, true])
  })
})
