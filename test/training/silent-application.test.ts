import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { program } from '../helpers/attune.ts'

const root = join(import.meta.dirname, '../..')
const driver = join(root, 'test/helpers/headless-person.ts')

/** Whether strace can follow a process here, in a network namespace of its own. */
const canTrace = spawnSync('unshare', ['-n', 'strace', '-f', '-o', '/dev/null', 'true']).status === 0
if (!canTrace)
  process.stderr.write(
    'SKIPPED: no strace or no network namespace here, so no test shows that the application opens no socket.\n'
  )

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-silent-app-'))
  await mkdir(join(folder, 'home'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Lines of the trace that open, bind, connect or address an internet socket. */
const internet = (lines: readonly string[]): string[] => lines.filter((line) => /(?:socket\(|sa_family=)AF_INET6?\b/.test(line))

/** What the loopback listener alone does: a socket for TCP, bound to 127.0.0.1 on a port of the system's choice, and who knocks there. */
const isListener = (line: string): boolean =>
  /\bsocket\(AF_INET, SOCK_STREAM/.test(line) ||
  /\b(?:bind|getsockname|accept4?|getpeername)\(.*(?:sin_addr=inet_addr\("127\.0\.0\.1"\)|NULL)/.test(line)

describe.runIf(canTrace)('the application in a network that is cut off', () => {
  it(
    'leads from the sample to a result with no socket but its listener on 127.0.0.1, and writes into its data folder alone',
    { timeout: 200_000 },
    async () => {
      const log = join(folder, 'trace.log')
      const data = join(folder, 'data')
      const traced = ['strace', '-f', '-qq', '-e', 'trace=network,openat,mkdir,mkdirat,rename,renameat2,creat', '-o', log]
      // The person is outside of the trace, in the same cut-off network; only the application is looked at.
      const script = `ip link set lo up 2>/dev/null; exec "$0" "$@"`
      const person: ChildProcess = spawn(
        'unshare',
        ['-n', 'sh', '-c', script, process.execPath, driver, ...traced, process.execPath, program, 'open', '--no-open', '--json'],
        {
          env: { PATH: process.env['PATH'] ?? '', HOME: join(folder, 'home'), LANG: 'C.UTF-8', ATTUNE_DATA: data },
          stdio: ['ignore', 'pipe', 'pipe']
        }
      )
      let told = ''
      for (const stream of [person.stdout, person.stderr])
        stream?.setEncoding('utf8').on('data', (text: string) => (told += text))
      const [code] = (await once(person, 'close')) as [number | null] // As Node declares it.
      expect(code, told).toBe(0)
      expect(told).toMatch(/Result: .*\d/)

      const lines = (await readFile(log, 'utf8')).split('\n')
      expect(lines.length).toBeGreaterThan(1000)
      const sockets = internet(lines)
      expect(
        sockets.some((line) => /bind\(.*127\.0\.0\.1/.test(line)),
        'the listener is seen'
      ).toBe(true)
      const port = /getsockname\(.*sin_port=htons\((\d+)\)/.exec(sockets.join('\n'))?.[1] ?? ''
      // The privacy check asks the own listener for the page, once, to read the policy that it is served with.
      const isOwnQuestion = (line: string): boolean =>
        line.includes(`connect(`) && line.includes(`sin_port=htons(${port}), sin_addr=inet_addr("127.0.0.1")`)
      expect(sockets.filter((line) => !isListener(line) && !isOwnQuestion(line))).toEqual([])
      expect(sockets.filter((line) => /sendto\(|SOCK_DGRAM|AF_INET6/.test(line))).toEqual([])
      expect(sockets.filter(isOwnQuestion)).toHaveLength(1)
      expect(sockets.filter((line) => /\bsocket\(/.test(line))).toHaveLength(2)

      const writes = lines.filter(
        (line) =>
          / (?:openat|creat|mkdir|mkdirat)\(/.test(line) &&
          (!line.includes('openat') || /O_(?:WRONLY|RDWR|CREAT)/.test(line)) &&
          !line.includes(' = -1 ')
      )
      const outside = writes
        .map((line) => /"([^"]*)"/.exec(line)?.[1] ?? '')
        .filter((path) => path.startsWith('/') && !path.startsWith(data) && !/^\/(?:dev|proc|sys)\//.test(path))
      expect(outside).toEqual([])
      expect(await readdir(join(folder, 'home'), { recursive: true })).toEqual([])
    }
  )
})
