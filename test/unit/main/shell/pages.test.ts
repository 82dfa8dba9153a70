import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readPages } from '../../../../src/main/shell/pages.ts'
import { listPages } from '../../../helpers/list-pages.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-pages-'))
  await mkdir(join(folder, 'assets'))
  await writeFile(join(folder, 'index.html'), '<!doctype html>')
  await writeFile(join(folder, 'assets', 'index-1.js'), 'export {}')
  await listPages(folder)
})
afterEach(() => rm(folder, { recursive: true }))

test('holds what the build listed, and nothing that lies beside it', async () => {
  await writeFile(join(folder, 'added.html'), 'later')
  expect([...readPages(folder).keys()].sort()).toEqual(['/assets/index-1.js', '/index.html'])
  expect(readPages(folder).get('/index.html')?.type).toBe('text/html; charset=utf-8')
})

test('refuses a page that is not as it was built', async () => {
  await writeFile(join(folder, 'assets', 'index-1.js'), 'other()')
  expect(() => readPages(folder)).toThrow(/\/assets\/index-1\.js is not as it was built/)
})

test('refuses a list that leads elsewhere, or names what is no page', async () => {
  for (const address of ['/../secret.html', '/assets/../../secret.html', '//secret.html', '/index.exe', '\\secret.html']) {
    await writeFile(join(folder, 'pages.json'), JSON.stringify({ [address]: '' }))
    expect(() => readPages(folder), address).toThrow(/is not as it was built/)
  }
})

test('says how to build what is missing', async () => {
  await rm(join(folder, 'assets', 'index-1.js'))
  expect(() => readPages(folder)).toThrow(/page is missing from .* Run npm start to build it\./)
  await rm(join(folder, 'pages.json'))
  expect(() => readPages(folder)).toThrow(/page is missing from/)
})
