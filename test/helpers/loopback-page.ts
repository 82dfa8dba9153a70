import { request as httpRequest } from 'node:http'
import { WebSocket } from 'ws'
import type { Reply } from '../../src/preload/contract/common.ts'
import type { RunDraft, RunSummary } from '../../src/preload/contract/runs.ts'
import type { UseJob } from '../../src/preload/contract/use.ts'
import type { LoopbackShell } from '../../src/main/shell/loopback/server.ts'

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
  body: string | Buffer = ''
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const length = body.length === 0 ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }
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

  static open(shell: LoopbackShell): Promise<TestPage> {
    return TestPage.at(shell.newAddress())
  }

  /** By the one-time address that a shell has given. */
  static async at(address: string): Promise<TestPage> {
    const port = Number(new URL(address).port)
    const token = tokenOf(address)
    const answer = await ask(port, 'POST', '/session', ownHeaders(port), JSON.stringify({ token }))
    return new TestPage(port, (JSON.parse(answer.body) as { bearer: string }).bearer) // Written by our own server.
  }

  post(path: string, body: string | Buffer, headers: Readonly<Record<string, string>> = {}): Promise<Answered> {
    return ask(this.port, 'POST', path, { ...ownHeaders(this.port), Authorization: `Bearer ${this.bearer}`, ...headers }, body)
  }

  /** Calls a route and unwraps its value; throws with the sentence of a failure. */
  async call<T>(channel: string, argument?: unknown): Promise<T> {
    const { body } = await this.post(`/api/${channel}`, JSON.stringify({ argument }))
    const reply = JSON.parse(body) as Reply<T> // Written by our own server.
    if (reply.ok) return reply.value
    throw new Error(`${reply.error.code}: ${reply.error.message}`)
  }

  /** Hands over a file as a dropped one; its handle. */
  async upload(name: string, bytes: string | Buffer): Promise<string> {
    const headers = { 'X-Attune-Name': encodeURIComponent(name), 'Content-Type': 'application/octet-stream' }
    const { body } = await this.post('/upload', bytes, headers)
    return (JSON.parse(body) as { handle: string }).handle // As above.
  }

  /** Trains until there is a result; the run. */
  async train(
    draft: Omit<RunDraft, 'dataset' | 'model'> & { readonly dataset: string; readonly model: string }
  ): Promise<string> {
    const id = await this.call<string>('runs:start', draft)
    for (;;) {
      const { state, failure } = await this.call<RunSummary>('runs:get', id)
      if (state === 'finished') return id
      if (state === 'failed') throw new Error(failure?.message)
      await new Promise((done) => setTimeout(done, 100))
    }
  }

  /** What was answered on Use, once it is. */
  async answered(id: string): Promise<UseJob> {
    for (;;) {
      const job = await this.call<UseJob>('use:get', id)
      if (job.state === 'answered') return job
      if (job.state === 'failed') throw new Error(job.problem ?? 'failed')
      await new Promise((done) => setTimeout(done, 50))
    }
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
