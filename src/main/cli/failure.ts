import { mkdtemp, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InputError, messageOf, StoppedError } from '../base/errors.ts'
import { writeFile } from '../base/sealed/fs.ts'
import type { FailedEvent } from '../worker/protocol.ts'
import type { Output } from './output.ts'

/** Anything that was thrown in the parent, as the `failed` event it ends with. */
export function failureOf(error: unknown): FailedEvent {
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error)
  if (error instanceof InputError) return { event: 'failed', exitCode: 2, code: error.code, message: error.message, detail }
  if (error instanceof StoppedError) return { event: 'failed', exitCode: 130, code: 'stopped', message: error.message, detail }
  return { event: 'failed', exitCode: 1, code: 'internal', message: `Attune failed: ${messageOf(error)}`, detail }
}

/**
 * Ends a command: one sentence on standard error, with `--json` the `failed` event as well. What is our fault leaves its details in a file of the
 * run's folder, or of the temporary folder where there is none. Resolves to the exit code.
 */
export async function reportFailure(failure: FailedEvent, output: Output, runFolder: string | null): Promise<number> {
  const { detail, inApp: _inApp, ...shown } = failure
  const log = failure.exitCode === 1 ? await writeLog(failure, runFolder) : null
  const place = log === null ? '' : ` Details: ${log}`
  output.tell(`${oneLine(failure.message)}${place}`)
  if (process.env['ATTUNE_DEBUG'] === '1') output.tell(detail)
  if (output.isJson) output.event(log === null ? shown : { ...shown, log })
  return failure.exitCode
}

/** A message of the system or of a library may have several lines; its first says what happened. */
const oneLine = (message: string): string => message.split('\n', 1)[0] ?? message

async function writeLog(failure: FailedEvent, runFolder: string | null): Promise<string | null> {
  const { node, v8 } = process.versions
  const lines = [
    failure.code,
    failure.message,
    `Node ${node} (V8 ${v8}), ${process.platform}-${process.arch}`,
    '',
    failure.detail,
    ''
  ]
  try {
    const isThere = runFolder !== null && (await stat(runFolder).catch(() => null)) !== null
    const folder = runFolder !== null && isThere ? runFolder : await mkdtemp(join(tmpdir(), 'attune-'))
    const path = join(folder, 'error.log')
    await writeFile(path, lines.join('\n'), { mode: 0o600 })
    return path
  } catch {
    // A full disk may be the very failure: the sentence must still be said.
    return null
  }
}
