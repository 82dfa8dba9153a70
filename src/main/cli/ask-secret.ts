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

/** Bytes of the longest first line that is waited for. */
const MOST = 10_000

/** The first line of an input that is no terminal, without its end. */
export async function firstLine(input: SecretInput): Promise<string> {
  let text = ''
  for await (const chunk of input) {
    text += chunk.toString()
    if (text.includes('\n') || text.length > MOST) break
  }
  return text.split(/\r?\n/, 1)[0] ?? ''
}
