import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')

interface LockedPackage {
  readonly version?: string
  readonly resolved?: string
  readonly dev?: boolean
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const locked = (JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, LockedPackage> })
  .packages

/** Paths of the tracked files and of those about to be; where there is no git repository, of everything that is not made. */
function trackedNames(): readonly string[] {
  try {
    const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      cwd: root,
      maxBuffer: 1 << 26
    })
    return listed
      .toString('utf8')
      .split('\0')
      .filter((name) => name !== '')
  } catch {
    const made = /^(?:node_modules|out|dist|runs|coverage|\.git|\.cache)\//
    return readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => !made.test(`${name}/`))
  }
}

/** The text files among them. Files with a NUL are not text. */
function texts(): readonly { readonly name: string; readonly text: string }[] {
  return trackedNames().flatMap((name) => {
    const facts = statSync(join(root, name), { throwIfNoEntry: false })
    if (facts?.isFile() !== true) return []
    const bytes = readFileSync(join(root, name))
    return bytes.includes(0) ? [] : [{ name, text: bytes.toString('utf8') }]
  })
}

/** Each line that matches, as `file:line text`. */
function linesMatching(pattern: RegExp, skip = /^$/): readonly string[] {
  return texts().flatMap(({ name, text }) =>
    skip.test(name)
      ? []
      : text
          .split('\n')
          .flatMap((line, index) => (pattern.test(line) ? [`${name}:${index + 1} ${line.trim().slice(0, 120)}`] : []))
  )
}

/** Puts a word together from pieces, so that this file does not match its own patterns. */
const joined = (...pieces: string[]): string => pieces.join('')

const FOLDERS = ['work', 'opt', 'root', 'Users'].map((name) => `/${name}/`)
const MACHINE_PATH = new RegExp(`(?<![\\w./-])(?:${FOLDERS.join('|')}|${joined('/ho', 'me/')}\\w)`)
const HOSTS = ['registry\\.', 'npmjs\\.(?:org|com)', 'yarnpkg\\.com', 'pypi\\.', 'jsr\\.io']
const REGISTRY = new RegExp(HOSTS.map((host) => `//[\\w.-]*${host}`).join('|'), 'i')
const DIRECTIVE = /eslint-disable|@ts-(?:ignore|expect-error|nocheck)|svelte-ignore|prettier-ignore\b/
const REASON = /(?:--|@ts-expect-error:?|prettier-ignore:) \S.{9,}/

describe('tracked files', () => {
  test('name no folder of the machine they were written on', () => {
    expect(linesMatching(MACHINE_PATH, /^docs\/third-party-licences\.md$/)).toEqual([])
    expect(joined("open('/wo", "rk/main/a.csv')")).toMatch(MACHINE_PATH)
    expect('import "./work/a.ts"').not.toMatch(MACHINE_PATH)
  })

  test('name no package registry', () => {
    expect(linesMatching(REGISTRY, /^docs\/third-party-licences\.md$/)).toEqual([])
    expect(joined('"resolved": "https://regi', 'stry.example.org/a.tgz"')).toMatch(REGISTRY)
  })

  test('explain every suppression', () => {
    const skip = /^(?:test\/lint\/|scripts\/lint\/|src\/main\/engine\/graph\/onnx\/generated\/|eslint\.config\.js|docs\/|package)/
    expect(linesMatching(DIRECTIVE, skip).filter((line) => !REASON.test(line))).toEqual([])
    expect(linesMatching(/^import /).length).toBeGreaterThan(100)
  })
})

describe('package-lock.json', () => {
  test('says nothing about where packages came from', () => {
    expect(Object.entries(locked).flatMap(([path, { resolved }]) => (resolved === undefined ? [] : [path]))).toEqual([])
  })

  test('holds every dependency that its packages name, the optional ones of other platforms included', () => {
    expect(unresolved(locked)).toEqual([])
  })

  test('is seen to be incomplete where an optional dependency is missing', () => {
    const damaged = Object.fromEntries(
      Object.entries(locked).filter(([path]) => path !== 'node_modules/@anush008/tokenizers-win32-x64-msvc')
    )
    expect(Object.keys(damaged)).toHaveLength(Object.keys(locked).length - 1)
    expect(unresolved(damaged)).toEqual(['node_modules/@anush008/tokenizers needs @anush008/tokenizers-win32-x64-msvc'])
  })
})

test('the licence list names every package that is shipped, at its version', () => {
  const page = readFileSync(join(root, 'docs/third-party-licences.md'), 'utf8')
  const shipped = Object.entries(locked).filter(([path, { dev }]) => path !== '' && dev !== true)
  const missing = shipped
    .map(([path, { version }]) => `| ${path.slice(path.lastIndexOf('node_modules/') + 13)} | ${version ?? ''} |`)
    .filter((row) => !page.includes(row))
  expect(shipped.length).toBeGreaterThan(10)
  expect(missing, 'Run: node scripts/node24.mjs scripts/licences.ts').toEqual([])
})

test('the licence list names every package that is compiled into the page', () => {
  const page = join(root, 'src/renderer/src')
  const files = readdirSync(page, { recursive: true, encoding: 'utf8' }).filter((file) => /\.(?:ts|svelte)$/.test(file))
  const imports = files.flatMap((file) => [
    ...readFileSync(join(page, file), 'utf8').matchAll(/\bfrom '((?:@[a-z-]+\/)?[a-z][a-z0-9-]*)[^']*'/g)
  ])
  const used = [...new Set(imports.map(([, name]) => name))].filter((name) => locked[`node_modules/${name}`])
  const { packages } = JSON.parse(readFileSync(join(root, 'resources/licences.json'), 'utf8')) as {
    readonly packages: readonly { readonly name: string; readonly version: string }[]
  }
  expect(used.length).toBeGreaterThan(3)
  for (const name of used)
    expect(packages, 'Run: node scripts/node24.mjs scripts/licences.ts').toContainEqual(
      expect.objectContaining({ name, version: locked[`node_modules/${name}`]?.version })
    )
})

/** Dependencies that a package of the lock names and that lie in no node_modules folder between it and the root. */
function unresolved(packages: Readonly<Record<string, LockedPackage>>): readonly string[] {
  return Object.entries(packages).flatMap(([path, { dependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...optionalDependencies })
      .filter((name) => !isReachable(packages, path, name))
      .map((name) => `${path} needs ${name}`)
  )
}

function isReachable(packages: Readonly<Record<string, LockedPackage>>, from: string, name: string): boolean {
  for (let folder = from; ; folder = folder.slice(0, Math.max(folder.lastIndexOf('/node_modules/'), 0))) {
    if (Object.hasOwn(packages, `${folder === '' ? '' : `${folder}/`}node_modules/${name}`)) return true
    if (folder === '') return false
  }
}
