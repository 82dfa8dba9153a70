import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask } from '../helpers/loopback-page.ts'
import { makeTinyProject, type TinyProject } from '../helpers/tiny-project.ts'
import { program } from '../helpers/attune.ts'

/** Whether strace can follow a process here; and whether a network namespace of one's own can be had. */
const canTrace = spawnSync('strace', ['-f', '-o', '/dev/null', 'true']).status === 0
const canCut = spawnSync('unshare', ['-n', 'true']).status === 0
if (!canTrace)
  process.stderr.write('SKIPPED: strace is not installed (or not allowed) here, so no test shows that Attune opens no socket.\n')

let folder: string
let home: string
let project: TinyProject
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-silence-'))
  home = join(folder, 'home')
  await mkdir(home)
  project = await makeTinyProject(join(folder, 'project'))
})
afterAll(() => rm(folder, { recursive: true }))

/** Runs attune under strace, cut off from the network, without CI, and returns its network calls and the files it wrote outside `project`. */
async function traced(
  words: readonly string[]
): Promise<{ code: number | null; sockets: string[]; foreign: string[]; traced: number }> {
  const log = join(folder, 'trace.log')
  const strace = ['strace', '-f', '-qq', '-e', 'trace=network,openat,mkdir,mkdirat,rename,renameat2,creat', '-o', log]
  const [command = 'strace', ...rest] = [...(canCut ? ['unshare', '-n'] : []), ...strace, process.execPath, program, ...words]
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, LANG: 'C.UTF-8' }
  const child = spawn(command, rest, { env, stdio: 'ignore' })
  const [code] = (await once(child, 'close')) as [number | null] // As Node declares it.
  const lines = (await readFile(log, 'utf8')).split('\n')
  const writes = lines.filter(
    (line) =>
      / (?:openat|creat|mkdir|mkdirat)\(/.test(line) &&
      (!line.includes('openat') || /O_(?:WRONLY|RDWR|CREAT)/.test(line)) &&
      !line.includes(' = -1 ')
  )
  const pathOf = (line: string): string => /"([^"]*)"/.exec(line)?.[1] ?? ''
  const foreign = writes
    .map(pathOf)
    .filter((path) => path.startsWith('/') && !path.startsWith(project.folder) && !/^\/(?:dev|proc|sys)\//.test(path))
  return { code, sockets: lines.filter((line) => /AF_INET6?\b/.test(line)), foreign, traced: lines.length }
}

describe.runIf(canTrace)('serve', () => {
  it('opens one socket, which listens on 127.0.0.1, and leaves no file', async () => {
    const log = join(folder, 'serve.log')
    const config = await project.config('served', { num_train_epochs: 1, bootstrap_resamples: 20 })
    await traced(['train', config])
    const words = [
      '-f',
      '-qq',
      '-e',
      'trace=network',
      '-o',
      log,
      process.execPath,
      program,
      'serve',
      join(project.folder, 'runs/served-1'),
      '--json'
    ]
    const before = await readdir(home, { recursive: true })
    const child = spawn('strace', words, {
      env: { PATH: process.env['PATH'] ?? '', HOME: home },
      stdio: ['ignore', 'pipe', 'ignore']
    })
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string] // As Node declares it.
    const { port, token } = JSON.parse(line) as { port: number; token: string }
    const headers = { Host: `127.0.0.1:${port}`, Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }
    expect((await ask(port, 'POST', '/v1/predict', headers, '{"texts":["abba dab"]}')).status).toBe(200)
    const served = Number((await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8')).trim().split(' ')[0])
    process.kill(served, 'SIGINT')
    await once(child, 'close')
    const lines = (await readFile(log, 'utf8')).split('\n')
    const reaching = lines.filter((call) => /\b(?:socket|bind|connect|sendto|sendmsg)\(.*AF_INET6?\b/.test(call))
    expect(reaching).toEqual([
      expect.stringContaining(' socket(AF_INET, '),
      expect.stringMatching(/ bind\(\d+, \{sa_family=AF_INET, sin_port=htons\(0\), sin_addr=inet_addr\("127\.0\.0\.1"\)\}/)
    ])
    expect(await readdir(home, { recursive: true })).toEqual(before)
  })
})

describe.runIf(canTrace)('plan (with its trial step), train, evaluate and predict', () => {
  it('open no internet socket and leave no file outside the output folder', async () => {
    const config = await project.config('quiet', { num_train_epochs: 1, bootstrap_resamples: 20 })
    const run = join(project.folder, 'runs/quiet-1')
    const commands = [
      ['plan', config],
      ['train', config],
      ['evaluate', run, '--data', join(project.folder, 'more.csv')],
      ['predict', run, '--data', join(project.folder, 'more.csv'), '--out', join(project.folder, 'out.csv')]
    ]
    for (const words of commands) {
      const { code, sockets, foreign, traced: count } = await traced(words)
      expect(count, 'lines of trace').toBeGreaterThan(100)
      expect({ words: words[0], code, sockets, foreign }).toEqual({ words: words[0], code: 0, sockets: [], foreign: [] })
    }
    expect(await readdir(home, { recursive: true })).toEqual([])
    await access(join(project.folder, 'out.csv'))
  })

  it('would be caught if they did: the tracer sees a socket that a process opens', async () => {
    const log = join(folder, 'control.log')
    const source =
      "import('node:net').then(({ connect }) => connect({ host: '127.0.0.1', port: 9 }).on('error', () => undefined))"
    spawnSync('strace', ['-f', '-qq', '-e', 'trace=network', '-o', log, process.execPath, '-e', source])
    expect((await readFile(log, 'utf8')).split('\n').filter((line) => line.includes('AF_INET'))).not.toEqual([])
  })
})
