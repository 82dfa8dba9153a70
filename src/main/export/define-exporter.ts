import type { AnsweringFile } from './answering/answering-file.ts'
import type { MarksFile } from './marks/marks-file.ts'
import type { PackContent } from './pack/layout.ts'
import type { ExportType, TrainedWeights } from './trained-tensors.ts'

/** What an exporter may know of a run. Nothing here holds a row of its data. */
export interface ExportableRun extends TrainedWeights {
  /** Classes, kinds of passages, or names of the questions that are asked of every text; empty for a regression. */
  readonly classNames: readonly string[]
  /** config.json's `problem_type`; `token-classification` where passages are marked, `question-answering` where questions are answered. */
  readonly problem: string
  /** How passages are read from the outputs, which are tags then; null where whole texts are answered. */
  readonly marks: MarksFile | null
  /** How answers are read from the outputs, which are scores of their first and last tokens then; null where nothing is asked. */
  readonly answering: AnsweringFile | null
  /** Longest text in tokens that the run was trained and tested with. */
  readonly maxLength: number
  /** Whether it answers pairs of texts. */
  readonly pairs: boolean
  /** What shorter texts of a batch are filled up with. */
  readonly padding: { readonly id: number; readonly token: string | null }
  /** Test metrics as the run measured them. */
  readonly metrics: Readonly<Record<string, number>>
}

/** Runs an ONNX model on rows that are neither trained nor tested on, and hands out its named outputs of one number each, batch by batch. */
export type Calibrate = (outputs: readonly string[], onBatch: (values: Readonly<Record<string, number>>) => void) => Promise<void>

export interface ExportJob {
  readonly run: ExportableRun
  /** An empty folder. */
  readonly folder: string
  readonly dtype: ExportType
  /** ONNX: whether weights go into a file of their own even where one could hold all. */
  readonly externalData: boolean
  /** huggingface: bytes of weights above which another file is begun; 5 GB where left out. */
  readonly shardBytes?: number | undefined
  /** onnx-int8: answers validation rows with the model that lies in `folder`; null where ranges are worked out as the export runs. */
  readonly calibrate: Calibrate | null
  readonly signal: AbortSignal
  /** Bytes of weights that are written, and in all. */
  readonly onProgress: (done: number, total: number) => void
}

/** A form in which a trained model leaves Attune. */
export interface Exporter {
  readonly id: string
  readonly title: string
  /** Element types of weights that it can be written in, the usual one first. */
  readonly dtypes: readonly ExportType[]
  /** What matrices are rounded to beyond the element type: the replay then judges by what the answers are worth. Left out where nothing is. */
  readonly rounding?: 'int8' | 'int4'
  /** How what was written is opened again to be tested. */
  readonly replay: 'weights' | 'adapter' | 'onnx' | 'onnx-parts'
  readonly supports: (run: ExportableRun) => { readonly ok: true } | { readonly ok: false; readonly reason: string }
  /** Bytes of what will be written, within a few per cent: people choose by it, and a full disk is predicted with it. Of a supported run only. */
  readonly bytes: (run: ExportableRun, dtype: ExportType) => number
  /** Writes the model and what belongs to it. README.md is not its business: the card is written for every form alike, from `card`. */
  readonly write: (job: ExportJob) => Promise<void>
  /** The folder that it writes becomes one file, a pack that holds this; left out where the folder is the export. */
  readonly packs?: PackContent
  readonly card: {
    /** The program library that loads the files, as Hugging Face's cards name it: `transformers`, `peft`, `onnx`. */
    readonly library: string
    /** The section "How to use it" in Markdown; left out where the form is known well enough. */
    readonly usage?: (run: ExportableRun) => string
  }
}

/** Declares an exporter. */
export function defineExporter(exporter: Exporter): Exporter {
  return exporter
}
