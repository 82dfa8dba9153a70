import { cp, mkdir, writeFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import type { Reply } from '../../src/preload/contract/common.ts'
import { openServices, type Services } from '../../src/main/services/services.ts'
import { LoopbackShell } from '../../src/main/shell/loopback/server.ts'
import { makeTinyProject } from './tiny-project.ts'

const root = join(import.meta.dirname, '../..')

export interface Application {
  readonly services: Services
  readonly shell: LoopbackShell
  readonly port: number
  readonly dispose: () => Promise<void>
}

export interface ApplicationOptions {
  /** A trainer's program; the real one where left out. */
  readonly trainer?: string
  /** Seconds. */
  readonly now?: () => number
  readonly quota?: number
}

/** The application on a data folder of its own below `folder`, with a stand-in page and the real samples beside a tiny model. */
export async function openTestApplication(folder: string, options: ApplicationOptions = {}): Promise<Application> {
  const resources = join(folder, 'resources')
  const pages = join(folder, 'pages')
  await mkdir(join(pages, 'assets'), { recursive: true })
  await writeFile(join(pages, 'index.html'), '<!doctype html><title>Attune</title>')
  await writeFile(join(pages, 'assets', 'page.js'), 'export {}')
  await writeFile(join(folder, 'secret.html'), 'outside')
  await mkdir(resources, { recursive: true })
  await cp(join(root, 'resources/sample/data'), join(resources, 'data'), { recursive: true })
  const { folder: tiny } = await makeTinyProject(join(folder, 'tiny'))
  await cp(join(tiny, 'model'), join(resources, 'model'), { recursive: true })
  const services = await openServices({
    dataFolder: join(folder, 'data'),
    resources,
    trainer: options.trainer ?? join(root, 'src/main/worker/trainer.ts'),
    version: '0.0.0',
    shell: 'loopback',
    log: (line) => void process.stderr.write(`${line}\n`)
  })
  const { dispatch, events, quarantine } = services
  const { now, quota } = options
  const shell = await LoopbackShell.open({
    dispatch,
    events,
    pages,
    quarantine,
    ...(now && { now }),
    ...(quota !== undefined && { quota })
  })
  return {
    services,
    shell,
    port: shell.port,
    dispose: async () => {
      await shell.dispose()
      await services.dispose()
    }
  }
}

export interface Answered {
  readonly status: number
  readonly headers: NodeJS.Dict<string | string[]>
  readonly body: string
}

/** One HTTP request with exactly these headers; Node's fetch would not let a test lie about Host and Origin. */
export function ask(
  port: number,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body = ''
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const length = body === '' ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }
    const request = httpRequest({ host: '127.0.0.1', port, method, path, headers: { ...headers, ...length } }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString() })
      )
    })
    request.on('error', reject)
    request.end(body)
  })
}

/** The headers that a browser sends with a call of our own page. */
export const ownHeaders = (port: number): Record<string, string> => ({
  Host: `127.0.0.1:${port}`,
  Origin: `http://127.0.0.1:${port}`,
  'Sec-Fetch-Site': 'same-origin',
  'Content-Type': 'application/json'
})

export const tokenOf = (address: string): string => new URL(address).hash.replace('#token=', '')

/** A page that has been let in. */
export class TestPage {
  readonly port: number
  readonly bearer: string

  private constructor(port: number, bearer: string) {
    this.port = port
    this.bearer = bearer
  }

  static async open({ port, shell }: Pick<Application, 'port' | 'shell'>): Promise<TestPage> {
    const token = tokenOf(shell.newAddress())
    const answer = await ask(port, 'POST', '/session', ownHeaders(port), JSON.stringify({ token }))
    return new TestPage(port, (JSON.parse(answer.body) as { bearer: string }).bearer) // Written by our own server.
  }

  post(path: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<Answered> {
    return ask(this.port, 'POST', path, { ...ownHeaders(this.port), Authorization: `Bearer ${this.bearer}`, ...headers }, body)
  }

  /** Calls a route and unwraps its value; throws with the sentence of a failure. */
  async call<T>(channel: string, argument?: unknown): Promise<T> {
    const { body } = await this.post(`/api/${channel}`, JSON.stringify({ argument }))
    const reply = JSON.parse(body) as Reply<T> // Written by our own server.
    if (reply.ok) return reply.value
    throw new Error(`${reply.error.code}: ${reply.error.message}`)
  }

  async ticket(): Promise<string> {
    const { body } = await this.post('/ticket', '{}')
    return (JSON.parse(body) as { ticket: string }).ticket // As above.
  }

  /** Hears events until the returned socket is closed. */
  async listen(onEvent: (channel: string, payload: unknown) => void): Promise<WebSocket> {
    const { Host, Origin } = ownHeaders(this.port)
    const socket = new WebSocket(`ws://127.0.0.1:${this.port}/events?ticket=${await this.ticket()}`, {
      headers: { Host: Host ?? '', Origin: Origin ?? '' }
    })
    socket.on('message', (data: Buffer) => {
      for (const [channel, payload] of JSON.parse(data.toString()) as [string, unknown][]) onEvent(channel, payload)
    })
    await new Promise((resolve, reject) => {
      socket.once('open', resolve)
      socket.once('error', reject)
    })
    return socket
  }
}
