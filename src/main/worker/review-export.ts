import { stat } from 'node:fs/promises'
import { InputError } from '../base/errors.ts'
import { checkFiles } from '../export/check-files.ts'
import { readManifest } from '../export/read-manifest.ts'
import { addReview, type ExportStatus } from '../export/reviews.ts'
import { fingerprint, openSigningKey } from '../export/signing-key.ts'
import type { FinishedEvent } from './protocol.ts'

export interface ReviewTask {
  readonly folder: string
  readonly status: Exclude<ExportStatus, 'draft'>
  readonly name: string
  readonly note: string
  /** Where the installation's key lies. */
  readonly keyFolder: string
}

/** Checks an export and adds a person's signed statement to it. @throws InputError where a file is not what was exported, or the statement is refused */
export async function reviewExport(task: ReviewTask, signal: AbortSignal): Promise<FinishedEvent> {
  const { folder, keyFolder } = task
  if ((await stat(folder).catch(() => null))?.isFile()) {
    const sentence = `${folder} is a file. A review stands beside the files of an export: export the run as a folder, and have that reviewed.`
    throw new InputError('verify-no-manifest', sentence, { file: folder })
  }
  await checkFiles(folder, await readManifest(folder), signal)
  const key = await openSigningKey(keyFolder)
  const { status, reviews } = await addReview({ ...task, key, now: new Date().toISOString() })
  return { event: 'finished', folder, status, reviews, signed_by: fingerprint(key.publicKey) }
}
