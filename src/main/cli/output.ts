import { systemCodeOf } from '../base/errors.ts'

/** Where a command's words go: results to standard output, everything else to standard error. */
export interface Output {
  /** One JSON event per line instead of text for people. */
  readonly isJson: boolean
  /** To standard output, as it is. */
  readonly print: (text: string) => void
  /** One JSON event to standard output. */
  readonly event: (event: object) => void
  /** One line to standard error. */
  readonly tell: (line: string) => void
  /** Standard error, for a line that is rewritten where it is a terminal. */
  readonly errors: { readonly write: (text: string) => unknown; readonly isTTY: boolean; readonly columns: number }
  /** How a page is drawn on standard output. */
  readonly page: { readonly width: number; readonly color: boolean; readonly unicode: boolean }
  /** Aborted once nobody reads standard output any more. */
  readonly closed: AbortSignal
}

/** The process's own streams. A reader that goes away (`| head`) is no error. */
export function openOutput(isJson: boolean): Output {
  const { stdout, stderr, env } = process
  const isDumb = env['TERM'] === 'dumb'
  const closing = new AbortController()
  stdout.on('error', (error) => {
    if (!isGone(error)) throw error
    closing.abort()
  })
  // Nobody can be told that standard error is gone.
  stderr.on('error', () => undefined)
  const print = (text: string): void => {
    if (!closing.signal.aborted) stdout.write(text)
  }
  return {
    isJson,
    print,
    event: (event) => print(`${JSON.stringify(event)}\n`),
    tell: (line) => void stderr.write(`${line}\n`),
    errors: {
      write: (text) => stderr.write(text),
      isTTY: stderr.isTTY && !isDumb,
      get columns() {
        return stderr.isTTY ? stderr.columns : 100
      }
    },
    page: {
      width: stdout.isTTY ? stdout.columns : 100,
      color: stdout.isTTY && !isDumb && !env['NO_COLOR'],
      unicode: hasUnicode(env)
    },
    closed: closing.signal
  }
}

const isGone = (error: unknown): boolean => ['EPIPE', 'ERR_STREAM_DESTROYED', 'EIO'].includes(systemCodeOf(error) ?? '')

/** Whether the terminal's locale shows more than ASCII. Windows consoles do; without any locale nothing is said against it. */
function hasUnicode(env: NodeJS.ProcessEnv): boolean {
  if (process.platform === 'win32') return true
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find((value) => value !== undefined && value !== '')
  return locale === undefined || /utf-?8/i.test(locale)
}
