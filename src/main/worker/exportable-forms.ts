import { basename } from 'node:path'
import type { Purpose } from '../base/licence/purpose.ts'
import { licenceNotice, readLicence } from '../base/licence/read-licence.ts'
import type { Exporter } from '../export/define-exporter.ts'
import { exporters } from '../export/index.ts'
import { readReport } from './export-paper.ts'
import { exportable } from './exportable-run.ts'
import type { FinishedEvent } from './protocol.ts'
import { conflictOf } from './purpose-conflict.ts'
import { openTrained } from './trained-run.ts'

/** One form that a run could be exported in. */
export interface ExportableForm {
  readonly format: string
  /** Why this run cannot; null where it can. */
  readonly unsupported: string | null
  /** Bytes that would be written, by element type, the usual type first; empty where it cannot. */
  readonly sizes: readonly { readonly dtype: string; readonly bytes: number }[]
}

/**
 * Says in which forms a finished run can be exported, how large each would be, under which licence its base model is, and whether a licence speaks
 * against what it is meant for.
 */
export async function exportableForms(runFolder: string, purpose: Purpose, signal: AbortSignal): Promise<FinishedEvent> {
  const parts = await openTrained(runFolder, { takesPassages: true, takesQuestions: true })
  const run = exportable(parts)
  const forms = Object.entries<Exporter>(exporters).map(([format, exporter]): ExportableForm => {
    const support = exporter.supports(run)
    if (!support.ok) return { format, unsupported: support.reason, sizes: [] }
    return {
      format,
      unsupported: null,
      sizes: exporter.dtypes.map((dtype) => ({ dtype, bytes: exporter.bytes(run, dtype) }))
    }
  })
  const licence = await readLicence(run.base.folder)
  const base = basename(run.base.folder)
  // What a person must be told before the model leaves this machine; null where there is nothing to mind.
  const notice = licenceNotice(licence, base)
  const conflict = await conflictOf(parts.config, run.base.folder, purpose, signal)
  const about = { licence: licence.name, licenceClass: licence.class, licenceNotice: notice, conflict }
  return { event: 'finished', forms, base, ...about, calibrates: await canCalibrate(runFolder) }
}

/** Whether there are validation rows that the run was not tested on, for ranges to be measured on (`calibrator`). */
async function canCalibrate(runFolder: string): Promise<boolean> {
  const { rows } = (await readReport(runFolder)).data
  return rows.validation > 0 && rows.test > 0
}
