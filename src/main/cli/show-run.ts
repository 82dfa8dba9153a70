import { resolve } from 'node:path'
import { InputError } from '../base/errors.ts'
import { finishedEvent } from '../report/finished-event.ts'
import { storedReport } from '../report/stored-report.ts'
import { renderReport } from '../report/terminal.ts'
import { looksUntilNow } from '../report/test-looks.ts'
import { readRecord } from '../worker/run-folder.ts'
import { SecretLines, type SecretInput } from './ask-secret.ts'
import type { Output } from './output.ts'
import type { CommandInvocation } from './run-task.ts'
import { unlockFor } from './unlock.ts'

/** Prints what a finished run reports, from its folder. Resolves to the exit code. @throws InputError where it is no run, or reports nothing yet */
export async function showRun(
  { argument, switches }: Pick<CommandInvocation, 'argument' | 'switches'>,
  output: Output,
  input: SecretInput = process.stdin
): Promise<number> {
  const folder = resolve(argument)
  const lines = switches.has('passphrase-stdin') ? new SecretLines(input) : null
  const isOpen = await unlockFor({ paths: [folder], lines, input }, output)
  await lines?.close()
  if (!isOpen) {
    output.tell('Stopped. Nothing was read or changed.')
    return 130
  }
  await readRecord(folder)
  const stored = await storedReport(folder)
  if (stored === null) throw unfinished(folder)
  // A folder may have been moved since.
  const report = { ...stored, run: { ...stored.run, folder }, testLooks: await looksUntilNow(folder, stored) }
  if (output.isJson) output.event(finishedEvent(report))
  else output.print(renderReport(report, output.page))
  return 0
}

const unfinished = (folder: string): InputError =>
  new InputError(
    'run-unfinished',
    `The run in ${folder} reports nothing yet: it was not trained to its end. Go on with it (attune train … --resume) first.`,
    { file: folder, inApp: 'This run was not trained to its end. Resume it first.' }
  )
