import { extractAll, listPackage, statFile } from '@electron/asar'
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readFuses, WANTED_FUSES } from '../../src/main/shell/electron/checks/fuses.ts'
import { makeFakeDist } from '../helpers/electron/fake-dist.ts'

const root = join(import.meta.dirname, '../..')
/** The Electron to package is made up here, and looks like that of this system alone. */
const canPackage = process.platform === 'linux' && process.arch === 'x64'
const run = promisify(execFile)

if (!canPackage)
  process.stderr.write('SKIPPED: test/e2e/package.test.ts packages on Linux x64 alone; this system was not tried.\n')

describe.skipIf(!canPackage)('the packaged application', () => {
  let folder: string
  let packed: string
  let resources: string
  let names: readonly string[]
  const archive = (): string => join(resources, 'app.asar')

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'attune-package-'))
    await makeFakeDist(folder)
    const places = [`-c.electronDist=${join(folder, 'dist')}`, `-c.directories.output=${join(folder, 'out')}`]
    const words = ['node_modules/electron-builder/cli.js', '--linux', 'dir', '--publish', 'never', ...places]
    await run(process.execPath, words, { cwd: root })
    packed = join(folder, 'out', 'linux-unpacked')
    resources = join(packed, 'resources')
    names = listPackage(archive(), { isPack: false })
  }, 240_000)
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const files = (): readonly string[] => names.filter((name) => !('files' in statFile(archive(), name.slice(1), false)))
  const isUnpacked = (name: string): boolean => {
    const entry = statFile(archive(), name.slice(1), false)
    return 'unpacked' in entry && entry.unpacked === true
  }

  test('has its fuses set: no Node, no inspection, only our archive, checked', async () => {
    const wire = await getCurrentFuseWire(join(packed, 'attune'))
    const { DISABLE: off, ENABLE: on } = FuseState
    expect(wire).toMatchObject({
      [FuseV1Options.RunAsNode]: off,
      [FuseV1Options.EnableCookieEncryption]: on,
      [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: off,
      [FuseV1Options.EnableNodeCliInspectArguments]: off,
      [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: on,
      [FuseV1Options.OnlyLoadAppFromAsar]: on,
      [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: off,
      [FuseV1Options.GrantFileProtocolExtraPrivileges]: off
    })
    // As Settings › Privacy reads them.
    const states = await readFuses(join(packed, 'attune'))
    expect(WANTED_FUSES.filter(({ index, isOn }) => states?.[index] !== isOn)).toEqual([])
  })

  test('keeps every native file outside of the archive, and those of this system alone', () => {
    const native = files().filter((name) => /\.(?:node|dll|dylib|so(?:\.\d+)*)$/.test(name))
    expect(native.filter((name) => !isUnpacked(name))).toEqual([])
    const packages = ['onnxruntime-node/bin', '@koromix/koffi', 'better-sqlite3/prebuilds', '@anush008/tokenizers']
    for (const part of packages) expect(native.filter((name) => name.includes(part)).length, part).toBeGreaterThan(0)
    expect(native.filter((name) => /win32|darwin|arm64/.test(name))).toEqual([])
  })

  test('holds the built program and nothing of its making', () => {
    for (const name of [
      '/package.json',
      '/out/main/index.js',
      '/out/main/trainer.js',
      '/out/main/documents.js',
      '/out/preload/index.cjs',
      '/out/renderer/index.html',
      '/out/renderer/pages.json'
    ])
      expect(names).toContain(name)
    const tops = new Set(names.map((name) => name.split('/')[1]))
    expect([...tops].sort()).toEqual(['node_modules', 'out', 'package.json'])
    expect(files().filter((name) => /\.(?:map|md|ts|mts|cts)$|\/(?:tests?|__tests__)\/|\.test\./.test(name))).toEqual([])
  })

  test('brings neither what downloads nor what only develops', () => {
    const packages = new Set(files().flatMap((name) => /^\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(name)?.[1] ?? []))
    expect([...packages]).toEqual(expect.arrayContaining(['onnxruntime-node', 'koffi', 'better-sqlite3', 'kysely', 'zod', 'ws']))
    for (const name of [
      'electron',
      'electron-builder',
      'global-agent',
      'adm-zip',
      'typescript',
      'vite',
      'svelte',
      'playwright-core'
    ])
      expect(packages, name).not.toContain(name)
  })

  test('names no folder of the machine that built it', async () => {
    const texts = files().filter((name) => /^\/(?:out|package\.json)/.test(name))
    const app = await extracted()
    const found = await Promise.all(
      texts.map(async (name) => ((await readFile(join(app, name), 'utf8')).includes(root) ? [name] : []))
    )
    expect(found.flat()).toEqual([])
  })

  test('has the practice data and the licences beside it', async () => {
    expect((await readdir(join(resources, 'sample', 'model'))).sort()).toEqual([
      'LICENSE',
      'README.md',
      'config.json',
      'model.safetensors',
      'tokenizer.json',
      'tokenizer_config.json'
    ])
    expect(await readdir(join(resources, 'sample', 'data'))).toContain('clinical-letters.csv')
    const licences = await readFile(join(resources, 'licences', 'third-party-licences.md'), 'utf8')
    expect(licences).toContain('onnxruntime-node')
    // What is compiled into it.
    expect(licences).toContain('abseil-cpp')
    expect(await readdir(join(resources, 'licences'))).toContain('LICENSE')
    // What About shows.
    expect(await readdir(resources)).toContain('licences.json')
  })

  let app: Promise<string> | undefined
  /** What is packaged, laid out as plain files, since plain Node reads no archive. */
  const extracted = (): Promise<string> => (app ??= extract())
  async function extract(): Promise<string> {
    const to = join(folder, 'app')
    extractAll(archive(), to)
    await cp(join(resources, 'sample'), join(to, 'resources', 'sample'), { recursive: true })
    return to
  }

  test('lacks nothing to read a model, plan a run and serve the page', { timeout: 120_000 }, async () => {
    const to = await extracted()
    const cli = join(to, 'out', 'main', 'cli.js')
    const env = { ...process.env, ATTUNE_DATA: join(folder, 'data'), ORT_DISABLE_TELEMETRY: '1' }
    const inspected = await run(process.execPath, [cli, 'inspect', join(to, 'resources/sample/model')], { env })
    expect(inspected.stdout).toMatch(/bert/i)
    const planned = await run(process.execPath, [cli, 'plan', join(to, 'resources/sample/letters.yaml'), '--no-probe'], { env })
    expect(planned.stdout).toMatch(/Steps +240/)
    const open = spawn(process.execPath, [cli, 'open', '--no-open', '--json'], { env, stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = (await once(open.stdout, 'data')) as [Buffer]
    expect(JSON.parse(line.toString('utf8'))).toMatchObject({
      event: 'address',
      address: expect.stringMatching(/^http:\/\/127\.0\.0\.1:/)
    })
    open.kill('SIGTERM')
    expect(await once(open, 'exit')).toEqual([0, null])
  })
})
