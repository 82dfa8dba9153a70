import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'

/** Where secrets come from: the process's standard input. */
export type SecretInput = NodeJS.ReadableStream & { readonly isTTY?: boolean }

/** Asks at the terminal; what is typed is shown nowhere. Null where the person gave up with Ctrl+C or Ctrl+D. */
export async function askSecret(question: string, input: SecretInput, write: (text: string) => unknown): Promise<string | null> {
  write(question)
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input, output: nowhere, terminal: true, historySize: 0 })
  try {
    return await new Promise((resolve) => {
      lines.once('line', resolve)
      lines.once('SIGINT', () => resolve(null))
      lines.once('close', () => resolve(null))
    })
  } finally {
    lines.close()
    write('\n')
  }
}

/** Characters of the longest line that is waited for. */
const MOST = 10_000

/** The lines of an input that is no terminal, one after the other: each secret that a command needs is one of them. */
export class SecretLines {
  readonly #chunks: AsyncIterator<string | Buffer>
  #text = ''

  constructor(input: SecretInput) {
    this.#chunks = input[Symbol.asyncIterator]()
  }

  /** The next line without its end; empty where there is none. */
  async next(): Promise<string> {
    while (!this.#text.includes('\n') && this.#text.length <= MOST) {
      const next = await this.#chunks.next()
      if (next.done === true) break
      this.#text += next.value.toString()
    }
    const [line = '', ...rest] = this.#text.split('\n')
    this.#text = rest.join('\n')
    return line.replace(/\r$/, '')
  }

  /** Lets go of the input: what is left of it is not read. */
  async close(): Promise<void> {
    await this.#chunks.return?.()
  }
}

/** Asks for yes or no at the terminal; anything but yes is no. */
export async function askYes(question: string, input: SecretInput, write: (text: string) => unknown): Promise<boolean> {
  write(`${question} [y/N] `)
  const lines = createInterface({ input })
  try {
    const answer = await new Promise<string>((resolve) => {
      lines.once('line', resolve)
      lines.once('SIGINT', () => resolve(''))
      lines.once('close', () => resolve(''))
    })
    return /^\s*y(?:es)?\s*$/i.test(answer)
  } finally {
    lines.close()
  }
}
