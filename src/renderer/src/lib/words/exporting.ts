import { bytes, count, decimal, percent, plural } from '../format.ts'

export const exporting = {
  open: 'Export',
  title: (run: string) => `Export ${run}`,
  back: 'Back to the result',
  where: 'Where will it be used?',
  uses: { python: 'Python, Hugging Face', onnx: 'ONNX Runtime', adapter: 'Adapter only', attune: 'Another Attune' },
  usesAbout: {
    python: 'A merged model folder for transformers.',
    onnx: 'One file for any program, without Python.',
    adapter: 'The small add-on alone, for who has the base model.',
    attune: 'One file that another PC imports, with all that belongs to it.'
  },
  numbers: 'Weights',
  variants: {
    fp32: 'fp32, as trained',
    fp16: 'fp16, rounded',
    bf16: 'bf16, rounded more',
    'onnx-fp16': 'fp16, rounded',
    'onnx-int8': 'int8, a quarter',
    'onnx-int4': 'int4, under a quarter',
    'onnx-parts': 'Base and adapter apart',
    'attune-adapter': 'The adapter alone'
  } satisfies Readonly<Record<string, string>> as Readonly<Record<string, string>>,
  encrypt: 'Encrypt it with a passphrase',
  passphrase: 'Passphrase',
  passphraseAgain: 'The passphrase again',
  passphraseHint: 'At least 8 characters; four words are better. Nobody can open the file without it.',
  passphraseDiffers: 'The two passphrases differ.',
  contents: 'Contents',
  licence: 'Licence of the base model',
  licenceOf: (base: string, licence: string) => `${base}: ${licence}. It holds for what was trained from it too.`,
  always: 'Always in it: labels, tokenizer, licence, and a signed manifest with the hash of every file.',
  card: 'Model card and datasheet',
  report: 'Test report (report.html; print it in a browser for a PDF)',
  examples: 'Texts of the worst errors in the report (rows)',
  examplesAbout: 'Rows of your data leave with the export. Tick this only for people who may see them.',
  memorised: 'Does it give away its training rows?',
  plain: 'An export is not encrypted: whoever has it can use it.',
  check: 'Check',
  before: 'Nothing was exported yet',
  beforeAbout:
    'The rows that this run was tested on go through the written files. Unless they are answered as in the test, nothing is kept.',
  to: 'To',
  choose: 'Choose a folder',
  change: 'Change',
  nowhere: 'Choose a folder for the export first.',
  room: (needed: number, free: number) => `${bytes(needed)} needed, ${bytes(free)} free`,
  noRoom: (needed: number, free: number) =>
    `The disk has ${bytes(free)} free, and ${bytes(needed)} are needed. Choose another folder or a smaller form.`,
  ready: (folder: string) => `A new folder below ${folder}`,
  start: 'Export and verify',
  stop: 'Stop',
  stopped: 'The export was stopped. Nothing was kept.',
  phases: {
    saving: 'Writing',
    testing: 'Replaying the tested rows',
    preparing: 'Preparing',
    checking: 'Looking for memorised rows'
  } as Readonly<Record<string, string>>,
  working: 'Working',
  progress: (phase: string, share: number) => (share > 0 ? `${phase}: ${percent(share)}` : phase),
  metric: 'Metric',
  was: 'Before',
  is: 'After',
  difference: 'Difference',
  rows: (n: number, of: number, part: 'test' | 'validation') =>
    n === of
      ? `All ${plural(n, part === 'test' ? 'test row' : 'validation row', part === 'test' ? 'test rows' : 'validation rows')} replayed`
      : `An even sample of ${count(n)} of ${count(of)} ${part === 'test' ? 'test' : 'validation'} rows replayed`,
  changed: 'Rows answered otherwise',
  changedOf: (n: number, allowed: number | null) => (allowed === null ? count(n) : `${count(n)} (${count(allowed)} allowed)`),
  passages: 'Passages found',
  passagesOf: (before: number, after: number) => `${count(before)} before, ${count(after)} after`,
  changedPassages: 'Passages found otherwise',
  tiedPassages: (n: number) => `${plural(n, 'more passage was', 'more passages were')} too close to call.`,
  answersGiven: 'Answers given',
  changedQuestions: 'Questions answered otherwise',
  tiedQuestions: (n: number) => `${plural(n, 'more question was', 'more questions were')} too close to call.`,
  ties: (n: number) => `${plural(n, 'more row was', 'more rows were')} too close to call.`,
  largest: 'Largest difference of a logit',
  largestOf: (value: number, allowed: number | null) =>
    allowed === null ? small(value) : `${small(value)} (${small(allowed)} allowed)`,
  lost: {
    macro_f1: 'Lost in macro-F1',
    micro_f1: 'Lost in micro-F1',
    answer_f1: 'Lost in F1',
    mae: 'Rise of the mean absolute error'
  },
  lostOf: (metric: LossMetric, lost: number, allowed: number) =>
    metric === 'mae' ? `${percent(lost)} (${percent(allowed)} allowed)` : `${points(lost)} points (${points(allowed)} allowed)`,
  lostBetween: (metric: LossMetric, [low, high]: readonly [number, number]) =>
    metric === 'mae'
      ? `For all texts like these the rise lies between ${percent(low)} and ${percent(high)} (95 %).`
      : `For all texts like these the loss lies between ${points(low)} and ${points(high)} points (95 %).`,
  done: (name: string) => `Exported as “${name}” and tested.`,
  signedBy: 'Signed by',
  list: 'Exports of this run',
  name: 'Name',
  folder: 'Folder',
  form: 'Form',
  bytes: 'Size',
  made: 'Made',
  again: 'Check again',
  checking: 'Checking…',
  forget: 'Take off the list',
  forgotten: 'Taken off the list. Its files are where they were.',
  checked: (files: number) => `All ${plural(files, 'file is', 'files are')} as exported.`,
  measured: (metric: string, value: number) => `${metric} is ${decimal(value, 3)}, within what the manifest allows.`,
  own: 'signed by this installation',
  other: (key: string) => `signed by another installation (${key})`,
  instead: { fp32: 'Use fp32', 'onnx-int8': 'Use the usual int8', 'onnx-fp16': 'Use fp16', onnx: 'Use fp32' } as Readonly<
    Record<string, string>
  >,
  status: 'Status',
  statuses: {
    draft: 'Nobody has reviewed it yet.',
    reviewed: 'It was reviewed by a second person.',
    retired: 'It was retired: do not use it any more.'
  },
  statusShort: { draft: 'draft', reviewed: 'reviewed', retired: 'retired' },
  gone: 'not at its place',
  ownShort: 'this installation',
  otherShort: 'another installation',
  said: (status: 'reviewed' | 'retired', name: string, date: string) =>
    `${status === 'reviewed' ? 'Reviewed' : 'Retired'} by ${name}, ${date}`,
  reviewed: 'I reviewed it',
  retire: 'Retire it',
  reviewTitle: { reviewed: 'Sign that you reviewed it', retired: 'Retire this export' },
  reviewAbout: {
    reviewed:
      'Your name, date and note are signed with the key of this installation and lie beside the model for whoever checks it.',
    retired: 'Whoever checks or serves it from now on is told not to use it. This cannot be taken back.'
  },
  yourName: 'Your name',
  note: 'Note',
  sign: { reviewed: 'Sign', retired: 'Retire' },
  signed: { reviewed: 'Signed as reviewed.', retired: 'The export is retired.' },
  checkFolder: 'Check an export',
  checkFolderTitle: 'Check an export',
  checkFolderAbout:
    'Any folder that Attune exported, on this PC or another, or a folder with packs in it: every file, the signature, and with the data its metrics.',
  checkData: 'Measure again with',
  checkNoData: 'No data: files and signature only',
  checkChoose: 'Choose its folder',
  checkPack: 'Pack in this folder',
  checkPackOne: (name: string) => `The pack ${name} of this folder.`,
  checkNow: 'Check'
}

type LossMetric = 'macro_f1' | 'micro_f1' | 'answer_f1' | 'mae'

/** Of a metric between 0 and 1: 0.021 is 2.1 points. */
const points = (value: number): string => decimal(100 * value, 1)

/** Few digits, whatever the size: 3e-7 and 0.12. */
const small = (value: number): string => (value !== 0 && value < 0.001 ? value.toExponential(1) : decimal(value, 3))
