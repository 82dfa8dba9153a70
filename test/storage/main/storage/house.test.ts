import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { DatasetSummary } from '../../../../src/preload/contract/data.ts'
import type { AuditLine } from '../../../../src/preload/contract/record.ts'
import type { BackupSummary, StorageOverview } from '../../../../src/preload/contract/storage.ts'
import type { VaultStatus } from '../../../../src/preload/contract/vault.ts'
import { moveFolder, undoMove } from '../../../../src/main/storage/move.ts'
import { refuseOtherKeys } from '../../../../src/main/storage/copy-tree.ts'
import { movedPaths } from '../../../../src/main/storage/relocate.ts'
import { riskOf } from '../../../../src/main/storage/risks.ts'
import { recoverRestore, stageRestore } from '../../../../src/main/storage/restore.ts'
import { Vault } from '../../../../src/main/vault/vault.ts'
import { dataFolderPath } from '../../../../src/main/shell/data-folder.ts'
import { openTestApplication, type Application } from '../../../helpers/application.ts'
import { TestPage } from '../../../helpers/loopback-page.ts'

let folder: string
let application: Application
let page: TestPage

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-house-'))
  application = await openTestApplication(folder)
  page = await TestPage.open(application.shell)
})

afterEach(async () => {
  await application.dispose()
  await rm(folder, { recursive: true, force: true })
})

const data = (): string => join(folder, 'data')
const names = async (): Promise<string[]> => (await page.call<DatasetSummary[]>('data:list')).map(({ name }) => name)
const overview = (): Promise<StorageOverview> => page.call<StorageOverview>('storage:overview')
const backUp = (): Promise<BackupSummary> => page.call<BackupSummary>('storage:backUp', { to: null })

describe('a backup', () => {
  test('brings back what was there, sets aside what is there now, and answers on', async () => {
    await page.call('data:openSample', 'letters')
    const backup = await backUp()
    expect((await overview()).backups).toEqual([backup])
    await page.call('data:openSample', 'clauses')
    expect(await names()).toEqual(['contract-clauses.csv', 'clinical-letters.csv'])
    await page.call('storage:restore', { backup: backup.id })
    expect(await names()).toEqual(['clinical-letters.csv'])
    const { asides } = await overview()
    expect(asides).toHaveLength(1)
    expect(await readdir(join(folder, asides[0]!.name, 'datasets'))).toHaveLength(2)
    await page.call('storage:removeAside', asides[0]!.id)
    expect((await overview()).asides).toEqual([])
  })

  test('holds neither caches nor half-written files, and is refused as damaged when one byte of it changes', async () => {
    await page.call('data:openSample', 'letters')
    await mkdir(join(data(), 'cache'), { recursive: true })
    await writeFile(join(data(), 'cache/prepared'), 'x')
    await writeFile(join(data(), 'datasets/half.tmp'), 'x')
    const backup = await backUp()
    const place = join(`${data()}-backups`, backup.name)
    expect(await readdir(place)).toEqual(
      expect.arrayContaining(['attune-backup.json', 'attune.sqlite', 'datasets', 'place.json', 'projects'])
    )
    expect(await readdir(place)).not.toContain('cache')
    expect(await readdir(join(place, 'datasets'))).not.toContain('half.tmp')
    const [dataset] = await readdir(join(place, 'datasets'))
    const table = join(place, 'datasets', dataset!, 'table.csv')
    const bytes = await readFile(table)
    bytes[100]! ^= 1
    await writeFile(table, bytes)
    await expect(page.call('storage:restore', { backup: backup.id })).rejects.toThrow(
      /backup-damaged: The backup is damaged: 1 of its \d+ files are missing or not as they were written/
    )
    await rm(table)
    await expect(page.call('storage:restore', { backup: backup.id })).rejects.toThrow('backup-damaged')
    expect(await names()).toEqual(['clinical-letters.csv'])
    expect((await readdir(folder)).filter((name) => name.startsWith('data'))).toEqual(['data', 'data-backups'])
  })

  test('of a newer version, or that is none, is refused', async () => {
    const backup = await backUp()
    const list = join(`${data()}-backups`, backup.name, 'attune-backup.json')
    const manifest = JSON.parse(await readFile(list, 'utf8')) as Record<string, unknown>
    await writeFile(list, JSON.stringify({ ...manifest, tracker: 999 }))
    await expect(page.call('storage:restore', { backup: backup.id })).rejects.toThrow('backup-newer')
    const never = new AbortController().signal
    const options = { dataFolder: data(), tracker: 9, signal: never, onProgress: () => undefined }
    await writeFile(list, JSON.stringify({ ...manifest, files: [{ path: '../secret', bytes: 1, sha256: 'a'.repeat(64) }] }))
    await expect(stageRestore({ ...options, source: join(`${data()}-backups`, backup.name) })).rejects.toThrow('no backup')
    await expect(stageRestore({ ...options, source: folder })).rejects.toThrow('no backup')
  })
})

// Keys are derived slowly on purpose, three times in the first of these.
describe('an encrypted folder', { timeout: 20_000 }, () => {
  test('is backed up as it lies, keys included, and is locked when it comes back', async () => {
    await page.call('data:openSample', 'letters')
    await page.call('vault:protect', { passphrase: 'open sesame', keyring: false })
    await expect.poll(async () => (await page.call<VaultStatus>('vault:status')).conversion).toBeNull()
    const backup = await backUp()
    const [dataset = ''] = await readdir(join(data(), 'datasets'))
    for (const path of ['keys.json', join('datasets', dataset, 'dataset.json')])
      expect(await readFile(join(`${data()}-backups`, backup.name, path))).toEqual(await readFile(join(data(), path)))
    await page.call('data:openSample', 'clauses')
    await page.call('storage:restore', { backup: backup.id })
    expect((await page.call<VaultStatus>('vault:status')).state).toBe('locked')
    await expect(page.call('storage:overview')).rejects.toThrow('locked')
    await page.call('vault:unlock', { passphrase: 'open sesame' })
    const { lines } = await page.call<{ lines: AuditLine[] }>('record:log', { from: 0, count: 20 })
    expect(lines.map(({ event }) => event)).toEqual(['backup-restored', 'unlocked', 'encrypted', 'dataset-opened'])
    expect(await names()).toEqual(['clinical-letters.csv'])
  })

  test('has former states of the list of runs, which are refused as a backup', async () => {
    const former = join(data(), 'backups')
    await mkdir(former, { recursive: true })
    await writeFile(join(former, 'attune-v3-20261101080000.sqlite'), 'SQLite format 3\0')
    await page.call('vault:protect', { passphrase: 'open sesame', keyring: false })
    const sealed = (): Promise<string> => readFile(join(former, 'attune-v3-20261101080000.sqlite'), 'latin1')
    await expect.poll(sealed).not.toContain('SQLite format')
    const options = { dataFolder: data(), tracker: 9, signal: new AbortController().signal, onProgress: () => undefined }
    await expect(stageRestore({ ...options, source: former })).rejects.toThrow('former states of the list of runs')
  })

  test('whose keys change while it is copied is no backup', async () => {
    await mkdir(join(folder, 'from'))
    await mkdir(join(folder, 'copy'))
    const vault = await Vault.open({ dataFolder: join(folder, 'from'), keyring: null })
    await vault.protect('open sesame', false)
    const refuse = (): Promise<void> => refuseOtherKeys(join(folder, 'from'), join(folder, 'copy'))
    await expect(refuse()).rejects.toThrow('back up again')
    await cp(join(folder, 'from/keys.json'), join(folder, 'copy/keys.json'))
    await vault.makeKeys(['project:p-1'])
    await refuse()
    await cp(join(folder, 'from/keys.json'), join(folder, 'copy/keys.json'))
    await vault.removeKey('project:p-1', true)
    await expect(refuse()).rejects.toThrow('back up again')
  })
})

describe('a restoring that is cut short', () => {
  test('ends forwards once the staged folder was whole, with the former data set aside', async () => {
    const place = join(folder, 'cut')
    const stage = `${place}.restoring`
    const aside = join(folder, 'cut-before')
    // The state of each folder at each step: what is where, and which half is under way.
    const steps = [
      { phase: 'out', present: ['bin', 'runs', 'shell'], out: [], staged: ['projects', 'runs'] },
      { phase: 'out', present: ['runs', 'shell'], out: ['bin'], staged: ['projects', 'runs'] },
      { phase: 'out', present: ['shell'], out: ['bin', 'runs'], staged: ['projects', 'runs'] },
      { phase: 'in', present: ['projects', 'shell'], out: ['bin', 'runs'], staged: ['runs'] },
      { phase: 'in', present: ['projects', 'runs', 'shell'], out: ['bin', 'runs'], staged: [] }
    ]
    for (const { phase, present, out, staged } of steps) {
      for (const path of [place, stage, aside]) await rm(path, { recursive: true, force: true })
      const lay = async (at: string, list: readonly string[]): Promise<void> => {
        await mkdir(at, { recursive: true })
        for (const name of list) await writeFile(join(at, name), '')
      }
      await lay(place, present)
      await lay(aside, out)
      await lay(stage, staged)
      await writeFile(join(folder, '.cut.restored'), JSON.stringify({ aside: 'cut-before', phase }))
      await recoverRestore(place)
      expect(await readdir(place)).toEqual(['projects', 'runs', 'shell'])
      expect(await readdir(aside)).toEqual(['bin', 'runs'])
      expect((await readdir(folder)).filter((name) => name.includes('restor'))).toEqual([])
    }
  })
})

describe('a move', () => {
  test('takes everything along, empties the old folder but for a pointer, and goes on there', async () => {
    await page.call('data:openSample', 'letters')
    await page.call('storage:move', { to: null })
    expect((await overview()).folder).toBe(`${data()}-moved`)
    expect(await names()).toEqual(['clinical-letters.csv'])
    expect(await readdir(data())).toEqual(['moved.json'])
    expect(dataFolderPath({ ATTUNE_DATA: data() })).toBe(`${data()}-moved`)
    await rename(`${data()}-moved`, join(folder, 'unplugged'))
    expect(() => dataFolderPath({ ATTUNE_DATA: data() })).toThrow('Connect the drive')
    await rename(join(folder, 'unplugged'), `${data()}-moved`)
  })

  test('and a backup take imported adapters along, which find their models there', async () => {
    const adapter = join(data(), 'adapters/a-1')
    await mkdir(adapter)
    await writeFile(join(adapter, 'config.json'), JSON.stringify({ config: { model: join(data(), 'models/m-1') } }))
    const configOf = async (home: string): Promise<unknown> =>
      JSON.parse(await readFile(join(home, 'adapters/a-1/config.json'), 'utf8'))
    const backup = await backUp()
    await rm(adapter, { recursive: true })
    await page.call('storage:restore', { backup: backup.id })
    expect(await configOf(data())).toEqual({ config: { model: join(data(), 'models/m-1') } })
    await page.call('storage:move', { to: null })
    const home = `${data()}-moved`
    expect(await configOf(home)).toEqual({ config: { model: join(home, 'models/m-1') } })
  })

  test('that is cut short at any of its steps leaves one whole folder, which is the one that is opened', async () => {
    const from = join(folder, 'from')
    const to = join(folder, 'to')
    const build = async (): Promise<void> => {
      for (const path of [from, to, `${to}.partial`]) await rm(path, { recursive: true, force: true })
      await mkdir(join(from, 'runs/r-1-1'), { recursive: true })
      for (const path of ['keys.json', 'attune.sqlite', 'runs/r-1-1/run.json']) await writeFile(join(from, path), path)
    }
    const whole = ['attune.sqlite', 'keys.json', 'runs']
    for (const bytes of [0, 10, 20, 40, 1000]) {
      await build()
      const stop = new AbortController()
      let seen = 0
      const onProgress = (_phase: string, done: number): void => {
        if (++seen && done >= bytes) stop.abort()
      }
      if (bytes === 0) stop.abort()
      const moved = await moveFolder({ from, to, signal: stop.signal, onProgress }).then(
        () => true,
        () => false
      )
      const opened = dataFolderPath({ ATTUNE_DATA: from })
      expect(opened).toBe(moved ? to : from)
      await undoMove(opened)
      expect((await readdir(opened)).filter((name) => name !== 'moving.json')).toEqual(whole)
      expect((await readdir(folder)).filter((name) => name.endsWith('.partial'))).toEqual([])
    }
  })

  test('that died with its copy whole but not yet pointed to is undone at the next start', async () => {
    const from = join(folder, 'from')
    const to = join(folder, 'to')
    await mkdir(from)
    await writeFile(join(from, 'keys.json'), 'k')
    await cp(from, to, { recursive: true })
    await writeFile(join(to, 'moved-from.json'), JSON.stringify({ from }))
    await writeFile(join(from, 'moving.json'), JSON.stringify({ to }))
    expect(dataFolderPath({ ATTUNE_DATA: from })).toBe(from)
    await undoMove(from)
    expect(await readdir(from)).toEqual(['keys.json'])
    expect(await readdir(folder)).not.toContain('to')
  })

  test('brings paths up to the new place, and no path that only begins alike', () => {
    const text = '{"a":"/data/attune/runs","b":"/data/attune-2/runs"}\nfile: /data/attune/datasets/d-1/table.csv\n'
    expect(movedPaths(text, '/data/attune', '/new place/x')).toBe(
      '{"a":"/new place/x/runs","b":"/data/attune-2/runs"}\nfile: /new place/x/datasets/d-1/table.csv\n'
    )
  })

  test('knows network drives and synchronised folders', async () => {
    const mounts = async (): Promise<string> => '/dev/sda1 / ext4 rw 0 0\nserver:/x /srv/share nfs4 rw 0 0\n'
    expect(await riskOf('/srv/share/attune', mounts)).toBe('network')
    expect(await riskOf('/srv/shared', mounts)).toBeNull()
    expect(await riskOf('/users/anna/OneDrive - Clinic/attune', mounts)).toBe('synchronised')
    await writeFile(join(folder, '.stfolder'), '')
    expect(await riskOf(join(folder, 'deep/down'), mounts)).toBe('synchronised')
  })
})

describe('deleting everything', () => {
  test('asks for the word, leaves no file of before, and answers on with nothing', async () => {
    const { id } = await page.call<DatasetSummary>('data:openSample', 'letters')
    await writeFile(join(data(), 'thesis.txt'), 'not of Attune')
    await expect(page.call('storage:deleteAll', { confirmed: 'yes' })).rejects.toThrow('not-confirmed')
    expect(await names()).toHaveLength(1)
    await page.call('storage:deleteAll', { confirmed: 'DELETE' })
    expect(await names()).toEqual([])
    const left = await readdir(data(), { recursive: true })
    expect(left).toContain('thesis.txt')
    expect(left.filter((path) => path.includes(id) || path.includes('table') || path.includes('p-practice'))).toEqual([])
    expect(await page.call('projects:list')).toEqual([])
  })
})

describe('storage', () => {
  test('says how large what is, warns by a budget, and empties the caches', async () => {
    await mkdir(join(data(), 'cache'), { recursive: true })
    await writeFile(join(data(), 'cache/prepared'), 'x'.repeat(1000))
    await page.call('storage:setBudget', { bytes: 5 })
    const before = await overview()
    expect(before.sizes).toContainEqual({ kind: 'caches', bytes: 1000 })
    expect(before.total).toBe(before.sizes.reduce((sum, { bytes }) => sum + bytes, 0))
    expect(before.budget).toBe(5)
    await page.call('storage:emptyCaches')
    expect((await overview()).sizes.find(({ kind }) => kind === 'caches')?.bytes ?? 0).toBe(0)
  })
})
