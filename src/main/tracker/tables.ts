import type { Generated } from 'kysely'

/** A practice set or a table of the person's own. Its rows lie in the data folder. */
export interface DatasetTable {
  id: string
  name: string
  sample: string | null
  /** The file's name in the data set's folder. */
  file: string
  rows: number
  encoding: string
  delimiter: string | null
  task: 'text-classification' | 'token-classification' | 'question-answering' | 'regression'
  text_column: string | null
  pair_column: string | null
  answer_column: string | null
  group_column: string | null
  belonging: 'column' | 'no' | 'unknown' | null
  added_at: string
  project_id: string
  /** When it went into the bin; null where it is not there. */
  discarded_at: string | null
  /** The project with which it went there; null where it went alone. */
  discarded_with: string | null
}

/** What one question's data and runs belong to. */
export interface ProjectTable {
  id: string
  name: string
  /** Set for the practice data. */
  sample: string | null
  created_at: string
  discarded_at: string | null
  purpose: 'unsaid' | 'research' | 'inside' | 'commercial'
}

export interface DatasetColumnTable {
  dataset_id: string
  position: number
  name: string
  looks_like: 'text' | 'classes' | 'number' | 'id' | 'marks' | 'answers' | 'empty' | 'other'
  distinct_values: number | null
  empty_cells: number
}

/** A question that is asked of every text, in one of its wordings. */
export interface DatasetQuestionTable {
  dataset_id: string
  position: number
  /** Of the marks that answer it. */
  kind: string
  question: string
}

/** Where a data set stands among its versions, and how its rows are divided. */
export interface DatasetVersionTable {
  dataset_id: string
  root_id: string
  parent_id: string | null
  version: number
  note: string | null
  /** Of what it was made from, in hex. */
  hash: string
  label_separator: string | null
  split_train: number
  split_validation: number
  split_test: number
  split_seed: number
  split_column: string | null
  split_date: string | null
  split_folds: number | null
  split_balance: 'none' | 'weights' | 'repeat'
  split_cap: number | null
  /** The column of its own table that keeps the parts of the version before. */
  kept_column: string | null
  kept_key: string | null
}

export interface ModelTable {
  id: string
  name: string
  folder: string
  is_bundled: number
  family: string | null
  parameters: number | null
  bytes: number | null
  max_tokens: number | null
  licence: string | null
  /** Joined by commas. */
  languages: string
  problem: string | null
  added_at: string
}

export interface ModelRecordTable {
  model_id: string
  /** Over the names and hashes of the files that decide what the model computes. */
  hash: string
  place: 'referenced' | 'copied'
  card: string | null
  /** Joined by commas. */
  tags: string
  checked_at: string
}

export interface ModelFileTable {
  model_id: string
  name: string
  bytes: number
  sha256: string
}

export interface RunTable {
  id: string
  name: string
  state: 'queued' | 'preparing' | 'running' | 'testing' | 'paused' | 'stopped' | 'finished' | 'failed'
  task: 'text-classification' | 'token-classification' | 'question-answering' | 'regression' | 'masked-lm'
  dataset_id: string
  dataset_name: string
  model_id: string
  model_name: string
  method: string
  must_not_miss: string | null
  config_file: string
  /** Null until the trainer has made it. */
  folder: string | null
  created_at: string
  /** Its place in the order of the queue; null where it does not wait. */
  queue_order: number | null
  step: number
  total_steps: number
  best_metric: string | null
  best_value: number | null
  best_step: number | null
  test_metric: string | null
  test_value: number | null
  test_low: number | null
  test_high: number | null
  failure_code: string | null
  failure_message: string | null
  failure_detail: string | null
  /** The draft that it was started with, as JSON: it is only ever given back whole. */
  draft: string | null
  /** Why it stands still though nobody asked it to. */
  interruption: 'pc-restarted' | 'program-ended' | 'closed' | 'battery' | 'poorer' | null
  /** Rows to a micro-batch where those of its run.yaml took too much memory. */
  micro_batch: number | null
  is_quiet: number
  /** 0: its test rows are left alone, since validation is yet to choose among its sweep. */
  is_tested: number
  sweep_id: string | null
  /** The 95 % interval of `best_value`, where it was drawn. */
  best_low: number | null
  best_high: number | null
  project_id: string
  /** As those of a data set. */
  discarded_at: string | null
  discarded_with: string | null
  /** The step at which its sweep ended it early. It stays when the run is resumed: one that was is not ended so again. */
  ended_step: number | null
  /** Its best on validation by then; null where it had no number. */
  ended_value: number | null
  /** The median of the others at the same point, and how many they were. */
  ended_median: number | null
  ended_others: number | null
  /** How long one of its steps took, as it was measured by then. */
  ended_step_seconds: number | null
  /** What computes it; null until it begins, and for runs from before this was written down. */
  device: string | null
}

/** Runs that differ in one or two settings. */
export interface SweepTable {
  id: string
  name: string
  /** How many runs it began with. */
  tried: number
  created_at: string
  /** Whether it ends runs that are poorer than half of the others. */
  ends_early: number
}

export interface SweepAxisTable {
  sweep_id: string
  position: number
  path: string
}

export interface TagTable {
  run_id: string
  name: string
}

/** What the person wrote about a project, a data set or a run. */
export interface NoteTable {
  subject_id: string
  text: string
}

/** A file that a run made, by its name in the run's folder. */
export interface ArtifactTable {
  run_id: string
  name: string
  kind: 'report' | 'predictions' | 'weights' | 'settings' | 'export'
  bytes: number
  sha256: string
  made_at: string
}

/** What was done: ids and counts, never cells or names of files. */
export interface AuditTable {
  id: Generated<number>
  at: string
  event: string
  subject_id: string | null
  amount: number | null
}

export interface SettingTable {
  name: string
  value: string
}

export interface RunMetricTable {
  run_id: string
  step: number
  /** Null where it was not finite. */
  loss: number | null
  learning_rate: number
  memory_bytes: number
  tokens_per_second: number
}

export interface EvaluationTable {
  run_id: string
  step: number
  is_best: number
}

export interface EvaluationMetricTable {
  run_id: string
  step: number
  name: string
  value: number
}

export interface RunLogTable {
  id: Generated<number>
  run_id: string
  at: string
  text: string
}

/** What a person said of a run's answer to one row of the test. */
export interface VerdictTable {
  run_id: string
  /** Line in the file. */
  line: number
  kind: 'label-wrong' | 'model-wrong' | 'unclear'
  /** What the label should be; for label-wrong only. */
  right_answer: string | null
  note: string
  given_at: string
  /** The version of the data that took up the right answer. */
  dataset_id: string | null
}

/** What was chosen for a run that has not been started. */
export interface DraftTable {
  dataset_id: string
  /** JSON. */
  content: string
}

/** What left Attune. */
export interface ExportTable {
  id: string
  run_id: string
  /** As `attune export --format` has it. */
  format: string
  dtype: string
  /** Its path. */
  folder: string
  made_at: string
  bytes: number
  /** JSON: how its answers compare with the tested ones. */
  replay: string
  /** JSON: what the membership test found; null where there was none. */
  memorisation: string | null
  /** Fingerprint of the key. */
  signed_by: string
  /** Null for forms that have but one. */
  quantization: 'dynamic' | 'static' | null
}

export interface Tables {
  projects: ProjectTable
  datasets: DatasetTable
  dataset_columns: DatasetColumnTable
  dataset_questions: DatasetQuestionTable
  dataset_versions: DatasetVersionTable
  models: ModelTable
  model_records: ModelRecordTable
  model_files: ModelFileTable
  runs: RunTable
  run_metrics: RunMetricTable
  evaluations: EvaluationTable
  evaluation_metrics: EvaluationMetricTable
  run_log: RunLogTable
  tags: TagTable
  notes: NoteTable
  artifacts: ArtifactTable
  audit_log: AuditTable
  settings: SettingTable
  verdicts: VerdictTable
  drafts: DraftTable
  exports: ExportTable
  sweeps: SweepTable
  sweep_axes: SweepAxisTable
}
