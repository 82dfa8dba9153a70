import type { Purpose } from '../base/licence/purpose.ts'
import type { Sealing } from '../base/sealed/key-ring.ts'
import type { DeviceSetting, TrainingDevice } from '../config/config-types.ts'
import type { TrainingEvent } from '../engine/training/ports.ts'
import type { ThreadTrial } from '../engine/training/thread-trial.ts'
import type { FindingInput } from '../data/datasets/finding-rows.ts'
import type { ScanInput } from '../data/personal/table/scan-table.ts'
import type { DocumentsInput, OnProgress, TableInput } from '../data/intake/laying.ts'
import type { ReportInput } from '../data/datasets/report.ts'
import type { SaveAnswers } from './save-answers.ts'
import type { SaveAsked } from './save-asked.ts'
import type { SaveMarks } from './save-marks.ts'
import type { CostEvent } from './cost-meter.ts'
import type { PossibleBase } from './adapter-look.ts'
import type { CheckPersonalTask, DeidentifyTask } from './deidentify-run.ts'
import type { CleanRowsTask } from './personal-rows.ts'
import type { ExportInput } from './export-run.ts'
import type { ProfileTask } from './profile-run.ts'
import type { ReviewTask } from './review-export.ts'
import type { ImportAdapterInput } from './import-adapter.ts'
import type { UnpackInput } from './unpack-pack.ts'
import type { UseInput } from './use-run.ts'
import type { LengthsInput } from './measure-lengths.ts'
import type { LookTask } from './look/look-at-data.ts'
import type { ScrutinyInput } from './scrutiny/scrutiny-types.ts'
import type { AskedAnswer, AskedQuestion } from './ask-questions.ts'
import type { WatchedTable } from './asked-table.ts'
import type { MarkedAnswer } from './mark-answers.ts'
import type { SavePassages } from './mark-table.ts'
import type { Answer } from './read-answers.ts'

// What those who ask for exports read of their last event.
export type { Replay } from './compare-answers.ts'
export type { ExportableForm } from './exportable-forms.ts'

/** What a trainer process may be asked to do. */
export type TrainerTask =
  | {
      readonly kind: 'train'
      readonly configFile: string
      readonly resume: boolean
      /** Folds to test by, whatever run.yaml says. */
      readonly folds?: number
      /** Trains on shares of the rows, too, whatever run.yaml says. */
      readonly curve?: boolean
      /** What computes, whatever run.yaml says. */
      readonly device?: DeviceSetting
      /** Rows to a micro-batch where those of run.yaml take too much memory; a step keeps its rows. */
      readonly microBatch?: number
      /** Set for one of several runs among which validation chooses. */
      readonly selection?: Selection
      /** What the result is meant for: told of, where a licence speaks against it. */
      readonly purpose?: Purpose
    }
  | {
      readonly kind: 'plan'
      readonly configFile: string
      /** Whether the run is also rehearsed, for memory and time as they are. */
      readonly probes: boolean
      /** As for training. */
      readonly folds?: number
      readonly curve?: boolean
      readonly device?: DeviceSetting
      readonly microBatch?: number
      /** How many rows to show as the model sees them; none where left out. */
      readonly examples?: number
      /** As for training. */
      readonly purpose?: Purpose
    }
  /** Rehearses a run in a process that is thrown away afterwards (docs/decisions/0007). */
  | ({ readonly kind: 'probe' } & ProbeRequest)
  /** A few steps of a run with the library's profiler on; `device` as for training. */
  | ({ readonly kind: 'profile'; readonly device?: DeviceSetting } & ProfileTask)
  | { readonly kind: 'evaluate'; readonly runFolder: string; readonly dataFile: string }
  | {
      readonly kind: 'predict'
      readonly runFolder: string
      /** Of an adapter: its base model. */
      readonly base?: string
      readonly dataFile: string
      readonly outFile: string
      /** Asked of every text in place of the model's own, where it answers questions. */
      readonly questions?: readonly string[]
    }
  /** `questions`: one for each text, where the run answers questions. */
  | {
      readonly kind: 'answer'
      readonly runFolder: string
      readonly texts: readonly string[]
      readonly questions?: readonly string[] | undefined
    }
  /** The passages that a run marks in texts, and how sure it is of each text. */
  | { readonly kind: 'passages'; readonly runFolder: string; readonly texts: readonly string[] }
  /** Puts texts in an order in which each is unlike those before it and those that are labelled. */
  | { readonly kind: 'order-texts'; readonly texts: readonly string[]; readonly labelled: readonly string[] }
  /** What the words of a text speak for or against. */
  | { readonly kind: 'attribute'; readonly runFolder: string; readonly text: string; readonly pair: string | null }
  /** Has a device compute known answers and multiply matrices: `finished` carries what came out (`TriedDevice`). */
  | { readonly kind: 'try-device'; readonly device: TrainingDevice }
  /** Times a piece of a step with several numbers of threads: `finished` carries `timed`. */
  | ({ readonly kind: 'time-threads' } & ThreadTrial)
  /** Tests the stored answers of several runs against each other; no model is opened. */
  | { readonly kind: 'compare'; readonly runFolders: readonly string[] }
  /** Answers a table of documents piece by piece; what has been answered stays when it is asked to stop. */
  | ({ readonly kind: 'use' } & Pick<
      UseInput,
      'runFolder' | 'rowsFile' | 'columns' | 'rows' | 'questions' | 'outFile' | 'looksFolder'
    >)
  | ({ readonly kind: 'save-answers' } & SaveAnswers)
  | ({ readonly kind: 'save-marks' } & SaveMarks)
  | ({ readonly kind: 'save-asked' } & SaveAsked)
  /** Opens a run, an export or an adapter on its base model, and answers what it is asked (`ask`) until it is told to stop. */
  | { readonly kind: 'serve'; readonly runFolder: string; readonly base?: string }
  /** Stays, and answers with whichever run or export it is asked to (`perform`) until it is told to stop. */
  | { readonly kind: 'keep' }
  /** What the data are like under their roles; no model is opened. */
  | { readonly kind: 'inspect-data'; readonly input: ReportInput }
  /** Reads the copy of a table, or documents, and lays rows down for paging; no model is opened. */
  | { readonly kind: 'lay-table'; readonly input: TableInput }
  | { readonly kind: 'lay-documents'; readonly input: DocumentsInput }
  /** Which rows a finding is about. */
  | { readonly kind: 'find-rows'; readonly input: FindingInput }
  /** A closer look at a data set. */
  /** How many texts of a data set are longer than what a model reads at once. */
  | { readonly kind: 'measure-lengths'; readonly input: LengthsInput }
  | { readonly kind: 'scrutinise'; readonly input: ScrutinyInput }
  /** The same for data that nobody opened, with what is put right in a new file. */
  | ({ readonly kind: 'look' } & LookTask)
  /** Writes copies of files without what names people. */
  | ({ readonly kind: 'deidentify' } & DeidentifyTask)
  /** Compares what would be found in a marked file with its marks. */
  | ({ readonly kind: 'check-personal' } & CheckPersonalTask)
  /** What is personal in a data set, by column and kind. */
  | { readonly kind: 'scan-personal'; readonly input: ScanInput; readonly modelFolder: string | null }
  /** Lays the rows of a data set down once more without what is personal in them. */
  | ({ readonly kind: 'clean-rows'; readonly modelFolder: string | null } & CleanRowsTask)
  /** Writes a run in a form that others read, and replays its tested rows through what was written. */
  | ({ readonly kind: 'export' } & Pick<
      ExportInput,
      | 'runFolder'
      | 'format'
      | 'dtype'
      | 'outFolder'
      | 'externalData'
      | 'shardBytes'
      | 'quantization'
      | 'version'
      | 'keyFolder'
      | 'contents'
      | 'datasheetFile'
      | 'purpose'
      | 'despite'
    >)
  /** In which forms a run can be exported, and how large each would be; no model is opened. */
  | { readonly kind: 'exportable'; readonly runFolder: string; readonly purpose?: Purpose }
  /** Checks an export's manifest, files and, with the data, metrics. `folder`: an export's, or a pack. */
  | { readonly kind: 'verify'; readonly folder: string; readonly dataFile: string | null }
  /** Checks an export and adds a person's signed statement to it. */
  | ({ readonly kind: 'review' } & ReviewTask)
  /** Unpacks a pack into the empty folder for its kind, checks it, and says what it holds. `scratch`: a folder for its decrypted content. */
  | ({ readonly kind: 'unpack' } & Pick<UnpackInput, 'file' | 'into' | 'scratch'>)
  /** What a PEFT adapter's folder holds, and which of some models it fits. */
  | { readonly kind: 'look-adapter'; readonly folder: string; readonly models: readonly PossibleBase[] }
  /** Makes what answers with an adapter out of its folder and its base model. */
  | ({ readonly kind: 'import-adapter' } & ImportAdapterInput)
  /** How a model's vocabulary and length fit some texts. */
  | { readonly kind: 'fit'; readonly modelFolder: string; readonly texts: readonly string[]; readonly limit: number }

/** One of several runs: test rows are looked at for the chosen one alone, and its report says how many there were. */
export interface Selection {
  readonly tried: number
  readonly isChosen: boolean
}

/** What an open model is asked. */
export type Question =
  | {
      readonly kind: 'rows'
      readonly texts: readonly string[]
      /** Second texts where the model reads two; where it answers questions, the question about each text, null for the model's own. */
      readonly pairs: readonly (string | null)[] | null
      /** Tokens of all of them, beyond which they are refused. */
      readonly mostTokens: number
    }
  | ({ readonly kind: 'table' } & Pick<WatchedTable, 'rowsFile' | 'columns' | 'rows' | 'outFile' | 'questions'>)
  | ({ readonly kind: 'save' } & SaveAnswers)
  | ({ readonly kind: 'save-passages' } & SavePassages)
  | ({ readonly kind: 'save-asked' } & SaveAsked)

export interface Asked {
  readonly id: number
  readonly question: Question
}

/** What comes of each kind of question. */
export interface QuestionResult {
  readonly rows: { readonly answers: readonly (Answer | MarkedAnswer | AskedAnswer)[]; readonly cut: number }
  readonly table: { readonly done: number; readonly empty: number; readonly cut: number }
  readonly save: { readonly rows: number }
  readonly 'save-passages': { readonly rows: number }
  readonly 'save-asked': { readonly rows: number }
}

/** What a trainer that stays may be asked: an answer, the passages of a text, or what its words speak for. */
export type KeptTask = Extract<TrainerTask, { readonly kind: 'answer' | 'passages' | 'attribute' }>

export interface PerformRequest {
  readonly id: number
  readonly task: KeptTask
  /** The keys as they are now: there may be more of them than when it was started. */
  readonly sealing: Sealing
}

/** Parent to trainer: a task; to stop at a checkpoint; to train no further and test the best weights so far. */
export type TrainerRequest =
  /** `sealing`: the keys of encrypted folders; this message is the only way in which a trainer gets them. */
  | {
      readonly kind: 'start'
      readonly task: TrainerTask
      readonly sealing: Sealing
      /** The passphrase of a pack; null where there is none. It is in no task, so that no task is ever logged or stored with it. */
      readonly secret: string | null
    }
  | { readonly kind: 'stop' }
  | { readonly kind: 'finish' }
  /** To an open model; answered by `answered` or `unanswered` with the same number, one after the other. */
  | ({ readonly kind: 'ask' } & Asked)
  /** To a trainer that stays; answered in the same way. */
  | ({ readonly kind: 'perform' } & PerformRequest)
  /** The answer to a `probe` event. */
  | { readonly kind: 'probed'; readonly outcome: Outcome }

/** What the trainer is busy with besides training steps. */
export type PhaseName =
  | 'reading'
  | 'tokenising'
  | 'preparing'
  | 'probing'
  | 'prefix'
  | 'training'
  | 'saving'
  | 'validating'
  | 'baselines'
  | 'testing'
  | 'predicting'
  | 'counting'
  | 'checking'

export interface ProgressEvent {
  readonly event: 'progress'
  readonly phase: PhaseName
  readonly done: number
  readonly total: number
  /** Of a table that is read: how much of its bytes, and how long the rest will take. */
  readonly read?: Parameters<OnProgress>[2]
}

export interface NoteEvent {
  readonly event: 'note'
  readonly code: string
  readonly message: string
}

/** A run has a folder, and this is what it will do. */
export interface StartedEvent {
  readonly event: 'started'
  readonly run: string
  /** What computes it. */
  readonly device: TrainingDevice
  /** The step of the checkpoint that the run goes on from; null for a new run. */
  readonly resumedFrom: number | null
  readonly trainable_parameters: number
  readonly total_parameters: number
  readonly rows: { readonly train: number; readonly validation: number; readonly test: number }
  readonly totalSteps: number
  readonly predicted_rss_bytes: number
}

/** The trainer asks its parent to run the task `probe` in a process of its own, and waits for `probed`. */
export interface ProbeEvent extends ProbeRequest {
  readonly event: 'probe'
}

/** The trainer asks its parent to run the task `time-threads` in a process of its own, and waits for `probed`. */
export interface TimeThreadsEvent extends ThreadTrial {
  readonly event: 'time-threads'
}

/** What to rehearse. */
export interface ProbeRequest {
  readonly configFile: string
  readonly microBatch?: number
  /** Layers whose values the backward pass makes again; default none. */
  readonly recomputed?: number
  readonly device?: DeviceSetting
  /** Threads that the run computes with, where its settings leave that open. */
  readonly threads?: number
}

/** What an open model says of itself. No path is in it. */
export interface ModelFacts {
  /** Name of its folder. */
  readonly name: string
  /** `run`, or the form of the export. */
  readonly form: string
  /** config.json's `problem_type`; `token-classification` where passages are marked, `question-answering` where questions are answered. */
  readonly problem: string
  /** Classes, kinds of passages, or names of the model's own questions; empty for a regression. */
  readonly labels: readonly string[]
  /** What it asks of every text where nobody asks; empty where it learned questions with each text. Left out where it answers none. */
  readonly questions?: readonly AskedQuestion[]
  /** Columns of the data that it was trained on; `pair` is that with the question where it answers questions. */
  readonly columns: { readonly text: string; readonly pair: string | null }
  readonly max_tokens: number
  /** Whether what is longer is cut off; else it is read in windows. */
  readonly cuts_long_texts: boolean
  /** multi-label: the probability from which validation says each label. */
  readonly thresholds: readonly number[] | null
  /** What a person fixed. */
  readonly decision: {
    readonly alarm: FixedThreshold | null
    readonly person_below: number | null
    readonly labels: readonly FixedThreshold[]
  }
  /** SHA-256 of the files that hold what was learned. */
  readonly weights: readonly string[]
  /** Fingerprint of the installation that signed the export; null for a run. */
  readonly signed_by: string | null
}

export interface FixedThreshold {
  readonly label: string
  readonly threshold: number
}

/** An open model can be asked from now on. */
export interface ReadyEvent {
  readonly event: 'ready'
  readonly model: ModelFacts
}

export interface AnsweredEvent {
  readonly event: 'answered'
  readonly id: number
  /** A `QuestionResult` of the question's kind, or the last event of a `perform`'s task. */
  readonly result: QuestionResult[keyof QuestionResult] | FinishedEvent
}

export interface UnansweredEvent {
  readonly event: 'unanswered'
  readonly id: number
  readonly failure: FailedEvent
}

/** The last event of a task: its result, as plain JSON. */
export interface FinishedEvent {
  readonly event: 'finished'
  readonly [name: string]: unknown
}

export interface FailedEvent {
  readonly event: 'failed'
  /** 2: the input is at fault. 1: we are. 130: stopped by the person. */
  readonly exitCode: 1 | 2 | 130
  readonly code: string
  /** One sentence for the person. */
  readonly message: string
  /** The sentence for a person who has a window and no command line, where it differs. */
  readonly inApp?: string
  /** For the log. */
  readonly detail: string
}

/** What came of a task. */
export type Outcome = FinishedEvent | FailedEvent

/** Events of an open model. */
export type ServingEvent = ReadyEvent | AnsweredEvent | UnansweredEvent

export type TrainerEvent =
  | TrainingEvent
  | ProgressEvent
  | NoteEvent
  | ProbeEvent
  | TimeThreadsEvent
  | StartedEvent
  | CostEvent
  | ServingEvent
  | FinishedEvent
  | FailedEvent
