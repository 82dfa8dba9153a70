import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openBrowser } from '../../../../../src/main/shell/loopback/browser.ts'

const address = 'http://127.0.0.1:40000/#token=secret-of-the-address'
const path = process.env['PATH']
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-browser-'))
})
afterEach(async () => {
  process.env['PATH'] = path
  await rm(folder, { recursive: true, force: true })
})

/** Puts a program of this name first on the path. */
async function opener(script: string): Promise<void> {
  const program = join(folder, process.platform === 'darwin' ? 'open' : 'xdg-open')
  await writeFile(program, `#!/bin/sh\n${script}\n`)
  await chmod(program, 0o755)
  process.env['PATH'] = `${folder}${delimiter}${path ?? ''}`
}

// Windows opens files by a system program that a test cannot stand in for.
describe.skipIf(process.platform === 'win32')('opening the browser', () => {
  test('never puts the secret into a list of processes: the browser gets a file for its owner alone', async () => {
    await opener(`echo "$@" > '${folder}/words'`)
    const file = join(folder, 'open.html')
    await writeFile(file, 'older, for everybody', { mode: 0o644 })
    expect(await openBrowser(address, file)).toBe(true)
    const words = await readFile(join(folder, 'words'), 'utf8')
    expect(words).toMatch(/^file:\/\/.*open\.html\n$/)
    expect(words).not.toContain('secret-of-the-address')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(await readFile(file, 'utf8')).toContain(address)
  })

  test('says where there is no browser', async () => {
    await opener('exit 3')
    expect(await openBrowser(address, join(folder, 'open.html'))).toBe(false)
    process.env['PATH'] = join(folder, 'nowhere')
    expect(await openBrowser(address, join(folder, 'open.html'))).toBe(false)
  })
})
