import { createRequire } from 'node:module'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'

const root = join(import.meta.dirname, '../..')

interface Config {
  readonly publish: unknown
  readonly directories: { readonly buildResources: string }
  readonly extraResources: readonly { readonly from: string }[]
  readonly electronFuses: Readonly<Record<string, boolean>>
  readonly win: { readonly icon: string; readonly target: readonly string[] }
  readonly nsis: Readonly<Record<string, unknown>>
  readonly mac: {
    readonly icon: string
    readonly target: readonly string[]
    readonly entitlements: string
    readonly hardenedRuntime: boolean
  }
  readonly linux: { readonly icon: string; readonly target: readonly string[] }
}

const read = (): Config => parse(readFileSync(join(root, 'electron-builder.yml'), 'utf8')) as Config // Checked against electron-builder's schema below.

/** electron-builder's own check, by its own schema (app-builder-lib's scheme.json), as it runs before anything is packaged. */
const builder = createRequire(createRequire(join(root, 'package.json')).resolve('electron-builder/package.json'))
const { validateConfiguration } = builder('app-builder-lib/out/util/config/config.js') as {
  readonly validateConfiguration: (config: unknown, log: { readonly isEnabled: boolean }) => Promise<void>
}
const validate = (config: unknown): Promise<void> => validateConfiguration(config, { isEnabled: false })

describe('electron-builder.yml', () => {
  test('is what electron-builder understands, for each system', async () => {
    await expect(validate(read())).resolves.toBeUndefined()
  })

  test.each([
    ['a switch of the installer that does not exist', { nsis: { ...read().nsis, oneclick: true } }],
    ['a value of another type', { nsis: { ...read().nsis, perMachine: 'no' } }],
    ['a switch in the wrong place', { ...read(), hardenedRuntime: true }],
    ['a fuse that does not exist', { electronFuses: { ...read().electronFuses, runAsNodes: false } }],
    ['a portable program with a setting of the installer', { portable: { allowElevation: false } }],
    ['macOS with another entitlement', { mac: { ...read().mac, entitlement: 'x' } }],
    ['Linux with a misspelt name', { linux: { ...read().linux, categry: 'Science' } }]
  ])('is refused with %s', async (_what, change) => {
    await expect(validate({ ...read(), ...change })).rejects.toThrow(/Invalid configuration/)
  })

  test('names only files that are there', () => {
    const { win, mac, linux, extraResources } = read()
    const paths = [win.icon, mac.icon, mac.entitlements, linux.icon, ...extraResources.map(({ from }) => from)]
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([])
  })

  test('makes what is promised for each system, and looks for updates nowhere', () => {
    const { win, mac, linux, publish } = read()
    expect([win.target, mac.target, linux.target]).toEqual([
      ['nsis', 'portable'],
      ['dmg', 'zip'],
      ['AppImage', 'deb', 'tar.gz']
    ])
    expect(publish).toBe(null)
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      readonly dependencies: object
      readonly devDependencies: object
    }
    expect(Object.keys({ ...dependencies, ...devDependencies })).not.toContain('electron-updater')
  })

  test('installs on Windows for the person alone, without asking for rights, and leaves their data', () => {
    expect(read().nsis).toMatchObject({ perMachine: false, allowElevation: false, deleteAppDataOnUninstall: false })
  })

  test('asks macOS for nothing but what a compiler needs', () => {
    const { mac } = read()
    const keys = [...readFileSync(join(root, mac.entitlements), 'utf8').matchAll(/<key>(.+?)<\/key>/g)].map(([, key]) => key)
    expect([mac.hardenedRuntime, keys]).toEqual([true, ['com.apple.security.cs.allow-jit']])
  })
})

test('what is compiled into the computing library is named, with the texts of its own release', () => {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly version?: string }>>
  }
  const folder = join(root, 'resources/licences', `onnxruntime-${packages['node_modules/onnxruntime-node']?.version ?? ''}`)
  const notices = readFileSync(join(folder, 'ThirdPartyNotices.txt'), 'utf8')
  for (const name of ['Abseil', 'protobuf', 'Eigen', 'flatbuffers']) expect(notices.toLowerCase()).toContain(name.toLowerCase())
  const list = JSON.parse(readFileSync(join(root, 'resources/licences.json'), 'utf8')) as {
    readonly packages: readonly { readonly name: string; readonly text: number | null }[]
    readonly texts: readonly string[]
  }
  const shown = list.texts[list.packages.find(({ name }) => name === 'onnxruntime-node')?.text ?? -1]
  expect(shown).toContain(notices.trim())
  expect(shown).toContain('MIT License')
  expect(readFileSync(join(root, 'docs/third-party-licences.md'), 'utf8')).toContain(notices.trim())
})
