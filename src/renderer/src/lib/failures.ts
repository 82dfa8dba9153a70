/** What a person can do about a failure, beside reading its sentence. */
export type Way =
  | 'retry'
  | 'reload'
  | 'read'
  | 'choose-file'
  | 'choose-unlocked'
  | 'choose-saved'
  | 'data'
  | 'train'
  | 'runs'
  | 'use'
  | 'library'
  | 'projects'
  | 'bin'
  | 'storage'
  | 'encryption'
  | 'device'
  | 'none'

/**
 * Every code that main can fail with, by the way out that helps. Its sentence is written where it is thrown, with the names and numbers of the
 * case; `test/lint/failures.test.ts` keeps this list whole.
 */
export const FAILURES = {
  retry: ['cancelled', 'internal', 'plan-superseded', 'stopped', 'trainer-crashed', 'trainer-not-started', 'upload-failed'],
  reload: ['bad-request', 'no-such-channel', 'page', 'refused', 'session-ended', 'shell-gone'],
  read: [
    'data_delimiter',
    'data_encoding',
    'data_encoding_mixed',
    'data_encoding_unknown',
    'data_header_duplicate',
    'data_header_missing',
    'data_nul_byte',
    'data_row_ragged',
    'data_too_many_columns'
  ],
  'choose-file': [
    'data-disconnected',
    'data_class_one_example',
    'data_column_missing',
    'data_duplicates_cross_files',
    'data_file_empty',
    'data_file_missing',
    'data_file_type',
    'data_file_unreadable',
    'data_files',
    'data_folds',
    'data_groups_cross_files',
    'data_json_invalid',
    'data_json_nested',
    'data_json_not_object',
    'data_label_missing',
    'data_label_separator',
    'data_label_unseen',
    'data_labels_numeric',
    'data_line_too_long',
    'data_no_labels',
    'data_no_rows',
    'data_no_text',
    'data_not_text',
    'data_one_class',
    'data_quote_misplaced',
    'data_quote_unclosed',
    'data_split_column',
    'data_split_fractions',
    'data_split_too_small',
    'data_split_torn',
    'data_target_constant',
    'data_target_not_number',
    'data_too_many_classes',
    'data_too_many_rows',
    'data_too_much_text',
    'data_workbook_too_large',
    'data_workbook_unreadable',
    'dataset-gone',
    'document-too-long',
    'documents-too-few',
    'file-gone',
    'not-a-file',
    'sample-unknown',
    'upload-quota',
    'xlsx-large',
    'xlsx-rows'
  ],
  'choose-unlocked': ['data_workbook_password'],
  'choose-saved': ['data_workbook_old'],
  data: [
    'dataset-answerless',
    'dataset-blocked',
    'dataset-in-use',
    'dataset-textless',
    'finding-without-fix',
    'finding-without-rows',
    'label-class-name',
    'label-not-saved',
    'label-row',
    'labels-no-text',
    'labels-number',
    'original-gone',
    'revision-column',
    'revision-column-taken',
    'revision-empty',
    'revision-leaves-nothing',
    'verdicts-none'
  ],
  train: [
    'class-unknown',
    'class-weights-unknown',
    'config_empty',
    'config_encoding',
    'config_missing_key',
    'config_not_a_file',
    'config_syntax',
    'config_too_large',
    'config_unknown_key',
    'config_unreadable',
    'config_value',
    'layers-unknown',
    'max-length-too-large',
    'max-length-too-small',
    'memory-short',
    'modules-unknown',
    'stride-too-large',
    'training-diverged',
    'vocabulary-no-text',
    'vocabulary-size',
    'words-unmarked'
  ],
  runs: [
    'attribute-pair',
    'checkpoint-damaged',
    'decision-unreadable',
    'groups-metric',
    'part-empty',
    'predictions-missing',
    'predictions-unreadable',
    'report-unreadable',
    'resume-changed',
    'resume-nothing',
    'run-base-changed',
    'run-base-missing',
    'run-damaged',
    'run-gone',
    'run-state',
    'run-task',
    'run-unfinished',
    'run-unreadable',
    'sweep-gone',
    'sweep-settings',
    'threshold-task'
  ],
  use: ['use-busy', 'use-column', 'use-gone', 'use-long', 'use-mixed', 'use-nothing', 'use-pair', 'use-unanswered'],
  library: [
    'config-invalid',
    'config-unsupported',
    'dtype-unsupported',
    'folder-gone',
    'folder-name',
    'folder-unreadable',
    'index-damaged',
    'library-busy',
    'model-bundled',
    'model-disconnected',
    'model-file',
    'model-gone',
    'model-incomplete',
    'model-unsupported',
    'model-unusable',
    'not-a-folder',
    'not-found',
    'onnx-malformed',
    'onnx-unsupported',
    'shard-missing',
    'tensor-missing',
    'tensor-twice',
    'tokenizer-damaged',
    'tokenizer-json',
    'tokenizer-missing',
    'tokenizer-pair',
    'tokenizer-special-token',
    'tokenizer-template',
    'tokenizer-too-large',
    'tokenizer-unreadable',
    'tokenizer-unusable',
    'tokenizer-vocabulary',
    'weights-ambiguous',
    'weights-changed',
    'weights-damaged',
    'weights-missing',
    'weights-page',
    'weights-pickle',
    'weights-pointer',
    'weights-shape'
  ],
  projects: ['project-gone'],
  bin: ['bin-gone'],
  storage: [
    'backup-damaged',
    'backup-former',
    'backup-gone',
    'backup-newer',
    'backup-none',
    'copy-damaged',
    'keys-changed',
    'move-inside',
    'not-confirmed',
    'place-risky',
    'storage-busy'
  ],
  encryption: [
    'keyring-absent',
    'keyring-refused',
    'passphrase-none',
    'passphrase-short',
    'vault-exists',
    'vault-no-way',
    'vault-none'
  ],
  device: [
    'disk-failing',
    'disk-full',
    'disk_full',
    'file-too-large',
    'link',
    'link-broken',
    'link-outside',
    'name-too-long',
    'no-permission',
    'read-only',
    'too-large'
  ],
  none: [
    'already-open',
    'download-gone',
    'keys-damaged',
    'licences-gone',
    'locked',
    'output-unwritable',
    'output_exists',
    'output_folder_missing',
    'output_is_folder',
    'output_is_input',
    'output_read_only',
    'output_type',
    'pages-changed',
    'pages-missing',
    'passphrase-needed',
    'passphrase-wrong',
    'pdf-failed',
    'recovery-mistyped',
    'recovery-wrong',
    'request-too-large',
    'root-missing',
    'sealed-damaged',
    'sealed-locked',
    'tracker-newer',
    'tracker-unreadable',
    'unlock-failed',
    'usage',
    'vault-wait'
  ]
} as const satisfies Readonly<Record<Way, readonly string[]>>

/** A code of the catalogue. */
export type FailureCode = (typeof FAILURES)[Way][number]

const WAYS: ReadonlyMap<string, Way> = new Map(
  // The keys of the catalogue are ways.
  (Object.entries(FAILURES) as [Way, readonly string[]][]).flatMap(([way, codes]) => codes.map((code) => [code, way] as const))
)

/** The way out of a failure; none for a code that is not of the catalogue. */
export const wayOf = (code: string): Way => WAYS.get(code) ?? 'none'
