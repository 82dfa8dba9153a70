import type { Failure } from '../../../preload/contract/common.ts'
import type { ExportCheck, ExportForm, ExportOptions, ExportPlace, ExportReplay, ExportSummary } from '../../../preload/contract/exports.ts'
import type { ExportableForm, FailedEvent, FinishedEvent, Replay } from '../../worker/protocol.ts'

/** What the trainer said of the forms. */
export function optionsOf(finished: FinishedEvent, last: ExportPlace | null): ExportOptions {
  const { base, licence, licenceNotice: notice } = finished
  const forms = finished['forms'] as readonly ExportableForm[] // As exportableForms wrote it.
  return {
    forms: forms as readonly ExportForm[], // Their types are those of --dtype.
    base: String(base),
    licence: typeof licence === 'string' ? licence : null,
    notice: typeof notice === 'string' ? notice : null,
    last
  }
}

/** How the exported files' answers compare with the tested ones, for a screen. */
export function replayOf(finished: FinishedEvent): ExportReplay {
  const replay = finished['replay'] as Replay // As exportRun wrote it.
  const { tolerance } = replay
  const isByMetric = 'rounding' in tolerance
  return {
    part: replay.part,
    rows: replay.rows,
    of: replay.of,
    metrics: Object.entries(replay.before).map(([id, before]) => ({ id, before, after: replay.after[id] ?? Number.NaN })),
    largestDifference: replay.largest_logit_difference,
    allowedDifference: isByMetric ? null : tolerance.logits * Math.max(1, replay.largest_logit),
    changedRows: replay.changed_rows,
    allowedRows: isByMetric ? null : Math.floor(tolerance.changed * replay.rows),
    ties: replay.ties,
    loss: replay.loss ?? null
  }
}

/** What the membership test of the exported model found. */
export function memorisationOf(finished: FinishedEvent): ExportSummary['memorisation'] {
  const found = finished['memorisation'] as ExportSummary['memorisation'] // As exportRun wrote it, with more.
  return found && { level: found.level, sentence: found.sentence }
}

export function checkOf(finished: FinishedEvent, ownKey: string): ExportCheck {
  const metrics = finished['metrics'] as Readonly<Record<string, number>> | null // As verifyExport wrote it.
  const signedBy = String(finished['signed_by'])
  return {
    files: Number(finished['files']),
    signedBy,
    isOwn: signedBy === ownKey,
    ...reviewsOf(finished),
    metrics: metrics && Object.entries(metrics).map(([id, value]) => ({ id, value }))
  }
}

/** What people said of an export. */
export const reviewsOf = (finished: FinishedEvent): Pick<ExportCheck, 'status' | 'reviews'> =>
  ({ status: finished['status'], reviews: finished['reviews'] }) as Pick<ExportCheck, 'status' | 'reviews'> // As reviewExport and verifyExport write them.

export const failureOf = ({ code, message, inApp, detail, exitCode }: FailedEvent): Failure => ({
  code,
  message: exitCode === 1 && message === '' ? 'Attune failed while it exported. Nothing was kept.' : (inApp ?? message),
  detail
})
