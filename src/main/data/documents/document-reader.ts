import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { messageOf } from '../../base/errors.ts'
import { open } from '../../base/sealed/fs.ts'
import { sizeOf } from '../../base/wording.ts'
import { documentKind, whyNoDocument } from './kinds.ts'
import { textAlone, type ReadDocument } from './read-document.ts'
import { UnreadableDocument } from './rejected.ts'
import type { ReadAnswer, ReadRequest } from './reader-thread.ts'
import { readTextFile } from './text.ts'
import type { FoundFile } from './walk-folder.ts'

/** The thread's program beside this file: the source, or what was built of it. */
const program = import.meta.filename.endsWith('.ts')
  ? join(import.meta.dirname, 'reader-thread.ts')
  : join(import.meta.dirname.replace(/[\\/]chunks$/, ''), 'documents.js')

export interface ReaderLimits {
  /** Bytes of a file. */
  readonly bytes: number
  /** Milliseconds that one document may take. */
  readonly patience: number
  /** Bytes by which this process may grow while a document is read. */
  readonly growth: number
  /** Mebibytes of the thread's heap. */
  readonly heap: number
}

const LIMITS: ReaderLimits = { bytes: 64 * 2 ** 20, patience: 60_000, growth: 320 * 2 ** 20, heap: 256 }

/** How often the memory of a reading thread is looked at. */
const LOOK_EVERY = 50

const TOO_SLOW = 'Reading it took too long, so it was left out. It is damaged, or made to do harm.'
const TOO_MUCH = 'Reading it takes more memory than a document needs, so it was left out. It is damaged, or made to do harm.'

/**
 * Reads documents one after the other. What others wrote parsers for (DOCX, PDF, e-mail, HTML) is read in a thread that gets the file's bytes and nothing else,
 * and is ended where a document takes too long or too much memory: such a document is left out, and the next one has a new thread.
 */
export class DocumentReader {
  readonly #limits: ReaderLimits
  #thread: Worker | undefined
  #count = 0

  constructor(limits: Partial<ReaderLimits> = {}) {
    this.#limits = { ...LIMITS, ...limits }
  }

  /** Throws an UnreadableDocument where it cannot be read, and the signal's reason where it is aborted. */
  async read({ path, name }: FoundFile, signal?: AbortSignal): Promise<ReadDocument> {
    const kind = documentKind(name)
    if (kind === null) throw new UnreadableDocument(whyNoDocument(name))
    if (kind === 'text') return textAlone(await readTextFile(path, name, signal))
    return this.#ask({ id: ++this.#count, kind, bytes: await this.#bytesOf(path) }, signal)
  }

  async dispose(): Promise<void> {
    const thread = this.#thread
    this.#thread = undefined
    await thread?.terminate()
  }

  async #bytesOf(path: string): Promise<Uint8Array> {
    try {
      await using file = await open(path)
      const stats = await file.stat()
      if (!stats.isFile()) throw new UnreadableDocument('It is no ordinary file.')
      if (stats.size > this.#limits.bytes)
        throw new UnreadableDocument(`It is larger than ${sizeOf(this.#limits.bytes)}. Divide it, or save it without pictures.`)
      const bytes = new Uint8Array(stats.size)
      let at = 0
      while (at < bytes.length) {
        const { bytesRead } = await file.read(bytes, at, bytes.length - at, at)
        if (bytesRead === 0) break
        at += bytesRead
      }
      return bytes.subarray(0, at)
    } catch (error) {
      if (error instanceof UnreadableDocument) throw error
      throw new UnreadableDocument('It cannot be opened by you. Copy it to a folder of your own and try again.', { cause: error })
    }
  }

  #ask(request: ReadRequest, signal: AbortSignal | undefined): Promise<ReadDocument> {
    const thread = (this.#thread ??= this.#start())
    const { promise, resolve, reject } = Promise.withResolvers<ReadDocument>()
    const end = (error: unknown): void => {
      void this.dispose()
      reject(error)
    }
    const stop = (): void => end(signal?.reason)
    const answered = (answer: ReadAnswer): void => {
      if (answer.id !== request.id) return
      if ('document' in answer) resolve(answer.document)
      else if ('reason' in answer) reject(new UnreadableDocument(answer.reason))
      else end(new UnreadableDocument('It is damaged. Open it where it was written and save it again.', { cause: answer.bug }))
    }
    const failed = (error: unknown): void => end(new UnreadableDocument(TOO_MUCH, { cause: messageOf(error) }))
    const watch = this.#watch(end)
    thread.on('message', answered).once('error', failed)
    signal?.addEventListener('abort', stop, { once: true })
    if (signal?.aborted === true) stop()
    else thread.postMessage(request, [request.bytes.buffer as ArrayBuffer]) // Made by `new Uint8Array`.
    return promise.finally(() => {
      clearInterval(watch)
      thread.off('message', answered).off('error', failed)
      signal?.removeEventListener('abort', stop)
    })
  }

  /** Ends the thread where it takes too long or too much; a heap of its own bounds no buffers. */
  #watch(end: (error: unknown) => void): NodeJS.Timeout {
    const [since, before] = [performance.now(), process.memoryUsage.rss()]
    return setInterval(() => {
      if (performance.now() - since > this.#limits.patience) end(new UnreadableDocument(TOO_SLOW))
      else if (process.memoryUsage.rss() - before > this.#limits.growth) end(new UnreadableDocument(TOO_MUCH))
    }, LOOK_EVERY)
  }

  #start(): Worker {
    const thread = new Worker(program, {
      // Nothing of this process: neither its environment nor its output.
      env: {},
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: this.#limits.heap }
    })
    thread.unref()
    // Without a listener an error would end this process; whoever waits hears it too.
    thread.on('error', () => {
      if (this.#thread === thread) this.#thread = undefined
    })
    return thread
  }
}
