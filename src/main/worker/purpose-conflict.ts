import { basename } from 'node:path'
import { isBound, purposeConflict, type Purpose } from '../base/licence/purpose.ts'
import { readLicence } from '../base/licence/read-licence.ts'
import type { RunConfig } from '../config/config-types.ts'
import { adapterLineage } from './adapter-lineage.ts'
import type { NoteEvent } from './protocol.ts'

/**
 * Where the licence of the base model in `folder`, or of the adapter that a run goes on from, speaks against what the result is meant for; null where
 * neither does.
 */
export async function conflictOf(
  config: RunConfig,
  folder: string,
  purpose: Purpose,
  signal: AbortSignal
): Promise<string | null> {
  if (!isBound(purpose)) return null
  const base = { name: basename(folder), licence: await readLicence(folder) }
  const adapter = await adapterLineage(config, signal)
  return purposeConflict(adapter === null ? [base] : [base, adapter], purpose)
}

/** Tells of such a conflict before anything is trained. */
export async function tellConflict(
  config: RunConfig,
  purpose: Purpose | undefined,
  signal: AbortSignal,
  emit: (event: NoteEvent) => void
): Promise<void> {
  const message = purpose === undefined ? null : await conflictOf(config, config.model, purpose, signal)
  if (message !== null) emit({ event: 'note', code: 'licence-purpose', message })
}
