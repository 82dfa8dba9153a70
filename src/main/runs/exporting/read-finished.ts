import type { Failure } from '../../../preload/contract/common.ts'
import type { ExportCheck, ExportForm, ExportOptions, ExportReplay, ExportSummary } from '../../../preload/contract/exports.ts'
import type { ExportableForm, FailedEvent, FinishedEvent, Replay } from '../../worker/protocol.ts'

/** What the trainer said of the forms. */
export function optionsOf(finished: FinishedEvent): Omit<ExportOptions, 'purpose' | 'columns' | 'last'> {
  const { base, licence, licenceNotice: notice, conflict, calibrates } = finished
  const forms = finished['forms'] as readonly ExportableForm[] // As exportableForms wrote it.
  const ways: ExportForm['quantizations'] = calibrates === true ? ['dynamic', 'static'] : ['dynamic']
  const formOf = (form: ExportableForm): ExportForm => {
    const quantizations = form.format === 'onnx-int8' && form.unsupported === null ? ways : []
    return { ...(form as Omit<ExportForm, 'quantizations'>), quantizations } // Their types are those of --dtype.
  }
  return {
    forms: forms.map(formOf),
    base: String(base),
    licence: typeof licence === 'string' ? licence : null,
    notice: typeof notice === 'string' ? notice : null,
    conflict: typeof conflict === 'string' ? conflict : null
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
    ...(replay.passages && {
      passages: {
        ...replay.passages,
        allowed: isByMetric ? null : Math.floor(tolerance.changed * replay.passages.before)
      }
    }),
    ...(replay.answers && { answers: replay.answers }),
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
