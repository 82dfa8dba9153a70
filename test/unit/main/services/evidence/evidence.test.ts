import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, open, realpath, rm, writeFile, mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { buildModules, networkModules } from '../../../../../src/main/services/evidence/build-modules.ts'
import { importedSymbols } from '../../../../../src/main/services/evidence/elf.ts'
import { installedLibraries } from '../../../../../src/main/services/evidence/installed.ts'
import { inspectLibrary, nativeLibraries } from '../../../../../src/main/services/evidence/native-libraries.ts'
import { openFiles, telemetry } from '../../../../../src/main/services/evidence/processes.ts'
import { leaveOut } from '../../../../../src/main/shell/sockets.ts'

let folder: string
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'attune-evidence-')))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const isLinux = process.platform === 'linux'

describe('the search of the built program', () => {
  test('sees a network module however it is imported, and no mention in words', () => {
    expect(networkModules(`import{connect as a}from"node:net";const b=require('https');await import( "dgram" )`)).toEqual([
      'net',
      'https',
      'dgram'
    ])
    expect(networkModules(`import x from 'node:network'; const net = 'net'; import 'node:fs'`)).toEqual([])
  })

  test('holds with the server of this machine alone, and fails with anything else', async () => {
    await mkdir(join(folder, 'chunks'))
    await writeFile(
      join(folder, 'chunks', 'server.js'),
      `import { createServer } from "node:http";import { WebSocketServer } from "ws"`
    )
    await writeFile(join(folder, 'cli.js.map'), `from "node:dgram"`)
    expect(await buildModules(folder)).toMatchObject({ result: 'holds', found: expect.stringContaining('127.0.0.1') as string })
    await writeFile(join(folder, 'index.js'), `import("node:https")`)
    expect(await buildModules(folder)).toMatchObject({ result: 'fails', found: '2 files searched; found: https.' })
    expect(await buildModules(join(folder, 'nowhere'))).toMatchObject({ result: 'cannot-tell' })
  })
})

describe('the native libraries', () => {
  test('are found, each of them, for this machine', () => {
    const names = installedLibraries().join('\n')
    for (const name of ['onnxruntime', 'koffi', 'tokenizers', 'better-sqlite3']) expect(names).toContain(name)
  })

  test.runIf(isLinux)('are read for what they can call: the computing library can connect, and holds its uploader', async () => {
    const runtime = installedLibraries().find((path) => path.includes('libonnxruntime'))!
    const facts = await inspectLibrary(runtime)
    expect(facts.network).toEqual(expect.arrayContaining(['socket', 'connect', 'getaddrinfo']))
    expect(facts.hasUploader).toBe(true)
    expect(await nativeLibraries([runtime], true)).toMatchObject({
      result: 'holds',
      found: expect.stringContaining('switched off') as string
    })
    expect(await nativeLibraries([runtime], false)).toMatchObject({
      result: 'fails',
      found: expect.stringContaining('switched on') as string
    })
  })

  test('that lie about themselves are no libraries', () => {
    const lying = Buffer.alloc(128)
    lying.write('\x7fELF\x02\x01', 'latin1')
    lying.writeBigUInt64LE(2n ** 60n, 0x28)
    lying.writeUInt16LE(3, 0x3c)
    expect(importedSymbols(lying)).toBeNull()
    expect(importedSymbols(Buffer.from('MZ'))).toBeNull()
  })
})

describe.runIf(isLinux)('the processes', () => {
  test('each have the switch, or the check fails and names the one without', async () => {
    expect(await telemetry()).toMatchObject({ result: 'holds' })
    const child = spawn('sleep', ['30'], { env: { PATH: process.env['PATH'] ?? '' } })
    await once(child, 'spawn')
    expect(await telemetry()).toMatchObject({ result: 'fails', found: expect.stringContaining(String(child.pid)) as string })
    child.kill()
    await once(child, 'close')
  })

  test('of Chromium never load the library, so that the switch is not looked for in them; a trainer of the desktop does', async () => {
    const begin = async (...words: readonly string[]): Promise<ReturnType<typeof spawn>> => {
      const code = 'setTimeout(() => undefined, 30000)'
      const child = spawn(process.execPath, ['-e', code, '--', ...words], { env: { PATH: process.env['PATH'] ?? '' } })
      await once(child, 'spawn')
      return child
    }
    const zygote = await begin('--type=zygote')
    const renderer = await begin('--type=renderer', '--enable-sandbox')
    expect(await telemetry()).toMatchObject({ result: 'holds', found: expect.stringContaining('in 0 that it started') as string })
    const trainer = await begin('--type=utility', '--utility-sub-type=node.mojom.NodeService')
    expect(await telemetry()).toMatchObject({ result: 'fails', found: `The switch is not set in process ${trainer.pid}.` })
    for (const child of [zygote, renderer, trainer]) {
      child.kill()
      await once(child, 'close')
    }
  })

  test('write into the data folder, or the check fails and names the file', async () => {
    const data = join(folder, 'data')
    await mkdir(data)
    const child = spawn('sh', ['-c', `exec 3>"${data}/inside" 4<"${folder}/data"; sleep 30`])
    await once(child, 'spawn')
    await new Promise((done) => setTimeout(done, 200))
    expect(await openFiles(data, child.pid)).toMatchObject({ result: 'holds' })
    child.kill()
    const other = await open(join(folder, 'outside'), 'w')
    expect(await openFiles(data)).toMatchObject({ result: 'fails', found: expect.stringContaining('/outside') as string })
    await other.close()
  })

  test('are not blamed for a log that whoever started them handed on', async () => {
    const data = join(folder, 'data')
    await mkdir(data)
    const log = await open(join(folder, 'log.txt'), 'w')
    // Its output, that of what it starts, and a further descriptor, as a shell's lock file has one.
    const lock = await open(join(folder, 'lock'), 'w')
    const child = spawn('sh', ['-c', 'sleep 5 4>&1 & wait'], { stdio: ['ignore', log.fd, log.fd, lock.fd] })
    await once(child, 'spawn')
    await new Promise((done) => setTimeout(done, 200))
    const check = await openFiles(data, child.pid)
    expect(check).toMatchObject({ result: 'holds', found: expect.stringContaining('Not counted: 2 ') as string })
    child.kill()
    await lock.close()
    const other = spawn('sh', ['-c', `exec 3>"${folder}/outside"; exec sleep 5`], { stdio: ['ignore', log.fd, log.fd] })
    await once(other, 'spawn')
    await new Promise((done) => setTimeout(done, 200))
    expect(await openFiles(data, other.pid)).toMatchObject({ result: 'fails', found: `1 of 1 lie outside: ${folder}/outside.` })
    other.kill()
    await log.close()
  })

  test('leave out the browser that was opened for the person', async () => {
    const data = join(folder, 'data')
    await mkdir(data)
    const browser = spawn('sh', ['-c', `exec 3>"${folder}/profile"; exec sleep 5`], {
      stdio: 'ignore',
      env: { PATH: '/usr/bin:/bin' }
    })
    await once(browser, 'spawn')
    await new Promise((done) => setTimeout(done, 200))
    expect(await openFiles(data)).toMatchObject({ result: 'fails' })
    leaveOut(browser.pid!)
    expect(await openFiles(data)).toMatchObject({ result: 'holds' })
    expect(await telemetry()).toMatchObject({ result: 'holds' })
    browser.kill()
  })
})
