import { basename, dirname, isAbsolute } from 'node:path'

/** Where in the user's own material something is wrong. Every field is optional; the message already names what matters. */
export interface Where {
  readonly file?: string
  readonly line?: number
  readonly row?: number
  readonly column?: string
  readonly tensor?: string
  readonly key?: string
  /** The sentence for a person with a window and no command line, where it differs: without settings of run.yaml, switches and folders. */
  readonly inApp?: string
}

/**
 * Something the person gave us cannot be used: a file, a row, a setting, a disk.
 * `message` is one plain sentence (or two) that says what is wrong, where, and what to do. The command line exits with 2.
 */
export class InputError extends Error {
  readonly code: string
  readonly where: Where

  constructor(code: string, message: string, where: Where = {}, options?: ErrorOptions) {
    super(message, options)
    this.name = 'InputError'
    this.code = code
    this.where = where
  }
}

/** What a window says of an error: its own sentence, or the one for everybody without the folders in which files lie. */
export function sentenceInApp({ message, where: { inApp, file } }: InputError): string {
  if (inApp !== undefined) return inApp
  if (file === undefined || !isAbsolute(file)) return message
  // A quoted name has its backslashes doubled.
  const forms = [file, dirname(file)].flatMap((path) => [JSON.stringify(path).slice(1, -1), path])
  return forms.reduce((text, path) => (path.length < 2 ? text : text.replaceAll(path, basename(path))), message)
}

/** A graph that we built is wrong: names the op, the scope path and the shapes. Always a bug of ours. */
export class GraphError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'GraphError'
  }
}

/** Memory that a run of a program needs is not there, in the machine or on the card. What the run was to write is undefined. */
export class MemoryError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'MemoryError'
  }
}

/** The run was stopped by the person; its checkpoint is kept. The command line exits with 130. */
export class StoppedError extends Error {
  constructor(message = 'Stopped. The last checkpoint is kept.') {
    super(message)
    this.name = 'StoppedError'
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** The system's error code (`ENOSPC`, `EACCES`, …) of anything that was thrown, or `undefined`; an `InputError` has a code of its own kind. */
export function systemCodeOf(error: unknown): string | undefined {
  if (error instanceof InputError) return undefined
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** What whoever asks is told where a later question of theirs ended the work on this one. */
export const superseded = (): InputError => new InputError('plan-superseded', 'A newer question took the place of this one.')
