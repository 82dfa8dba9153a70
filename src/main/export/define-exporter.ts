import type { PackContent } from './pack/layout.ts'
import type { ExportType, TrainedWeights } from './trained-tensors.ts'

/** What an exporter may know of a run. Nothing here holds a row of its data. */
export interface ExportableRun extends TrainedWeights {
  /** Empty for a regression. */
  readonly classNames: readonly string[]
  /** config.json's `problem_type`. */
  readonly problem: string
  /** Longest text in tokens that the run was trained and tested with. */
  readonly maxLength: number
  /** Test metrics as the run measured them. */
  readonly metrics: Readonly<Record<string, number>>
}

export interface ExportJob {
  readonly run: ExportableRun
  /** An empty folder. */
  readonly folder: string
  readonly dtype: ExportType
  readonly signal: AbortSignal
  /** Bytes of weights that are written, and in all. */
  readonly onProgress: (done: number, total: number) => void
}

/** A form in which a trained model leaves Attune. */
export interface Exporter {
  readonly id: string
  readonly title: string
  readonly supports: (run: ExportableRun) => { readonly ok: true } | { readonly ok: false; readonly reason: string }
  readonly write: (job: ExportJob) => Promise<void>
  /** The folder that it writes becomes one file, a pack that holds this; left out where the folder is the export. */
  readonly packs?: PackContent
}

/** Declares an exporter. */
export function defineExporter(exporter: Exporter): Exporter {
  return exporter
}
