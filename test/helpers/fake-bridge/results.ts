import type { RunId } from '../../../src/preload/contract/common.ts'
import type { RunResult, SettingRow, RunDraft, RunPlan, Answer } from '../../../src/preload/contract/runs.ts'
import type { RunEffort } from '../../../src/preload/contract/speed.ts'
import { CLASSES, classOf, drawn, letter } from './letters.ts'
import { ASKED } from './asking.ts'
import { MARKED } from './marking.ts'

const measured = (value: number, half: number) => ({ value, low: value - half, high: Math.min(1, value + half) })

export const CONFUSION = [
  [66, 5, 1, 0],
  [6, 34, 4, 0],
  [1, 3, 22, 2],
  [0, 0, 2, 12]
]

/** What shares of the letters achieved. */
export const CURVE: NonNullable<RunResult['learningCurve']> = {
  sentence:
    'Twice the labels (1,464 rows to learn from) would likely help: macro-F1 on validation would go from 0.83 to about 0.87 (95 % interval 0.83 to 0.90).',
  metric: 'Macro-F1',
  isShare: true,
  points: [
    { rows: 92, measured: measured(0.58, 0.08) },
    { rows: 183, measured: measured(0.69, 0.07) },
    { rows: 366, measured: measured(0.77, 0.065) },
    { rows: 732, measured: measured(0.829, 0.06) }
  ],
  doubled: { rows: 1464, measured: { value: 0.87, low: 0.83, high: 0.9 } }
}

/** What 8 bits changed in a run: the class of so many answers of 16. */
export const INT8 = (changed: number): NonNullable<RunResult['int8']> => ({
  tone: changed > 0 ? 'look' : 'fyi',
  sentence: `Trained with frozen layers in 8 bits: before training, that moved the answers to 16 validation texts by 4\u00a0% of their spread from float32, and ${changed > 0 ? changed : 'none'} of 16 became another class; everything on this page is in float32.`
})

/** A good result, or with `isBad` one that the keyword rule beats. */
export function resultOf(id: RunId, isBad: boolean, settings: readonly SettingRow[]): RunResult {
  return {
    id,
    headline: isBad
      ? 'Right on 96 of 158 unseen letters (61 %, 95 % interval 53–68).'
      : 'Right on 134 of 158 unseen letters (85 %, 95 % interval 79–90).',
    beside: 'The keyword baseline gets 104 of 158. The base model without training gets 58. Kept together by patient_id.',
    verdict: isBad
      ? { tone: 'fail', sentence: 'Not worth using: the keyword baseline does better (104 of 158, this model 96).' }
      : { tone: 'good', sentence: 'Better than the keyword baseline by 19 points (95 % interval 12–26).' },
    warnings: isBad ? ['“emergency” has 14 test rows: its numbers can be off by 20 points.'] : [],
    testRows: 158,
    testLooks: 1,
    baselines: [
      { id: 'keywords', title: 'Keyword baseline', difference: 'Accuracy 19 points above the keyword baseline (12–26).' },
      { id: 'untrained', title: 'Untrained base', difference: 'Accuracy 48 points above the untrained base (40–56).' }
    ],
    metrics: [
      {
        id: 'accuracy',
        title: 'Accuracy',
        model: measured(isBad ? 0.608 : 0.848, 0.055),
        baselines: [measured(0.658, 0.07), measured(0.367, 0.07)]
      },
      {
        id: 'macro_f1',
        title: 'Macro-F1',
        model: measured(isBad ? 0.552 : 0.829, 0.06),
        baselines: [measured(0.601, 0.08), measured(0.21, 0.05)]
      },
      {
        id: 'log_loss',
        title: 'Log loss',
        model: { value: 0.43, low: 0.33, high: 0.55 },
        baselines: [{ value: 0.91, low: 0.8, high: 1.04 }, null]
      }
    ],
    classes: CLASSES.map((name, i) => ({
      name,
      rows: CONFUSION[i]!.reduce((sum, value) => sum + value, 0),
      precision: measured(0.9 - 0.04 * i, 0.07 + 0.04 * i),
      recall: measured(0.917 - 0.03 * i, 0.06 + 0.05 * i),
      f1: measured(0.908 - 0.035 * i, 0.06 + 0.04 * i)
    })),
    confusion: { classes: CLASSES, counts: CONFUSION },
    calibration: {
      bins: [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.97].map((sure, i) => ({
        sure,
        right: Math.min(1, sure - 0.08 + 0.14 * drawn(i + 40)),
        count: 4 + i * i
      })),
      ece: 0.041
    },
    settings: settings.map(({ path, value }) => ({ name: path, value })),
    int8: null,
    seeds: null,
    learningCurve: null,
    folds: null,
    seconds: 312
  }
}

const EPOCHS = [1, 2, 4, 6, 10]

export function settingsOf(draft: RunDraft): readonly SettingRow[] {
  const row = (
    path: string,
    value: SettingRow['value'],
    help: string,
    kind: SettingRow['kind'],
    why: string | null = null,
    choices: readonly string[] | null = null
  ): SettingRow => {
    const given = draft.changed[path]
    const section = path.split('.')[0]!
    return {
      path,
      group: section,
      value: given ?? value,
      standard: value,
      changed: given !== undefined,
      help,
      why,
      kind,
      choices
    }
  }
  const marks = draft.dataset === MARKED
  const isWhole = marks || draft.dataset === ASKED
  const adapter = [
    row(
      'method.r',
      8,
      'Width of the adapter. Higher learns more and uses more memory.',
      'integer',
      'Enough for a few thousand rows.'
    ),
    row('method.lora_alpha', 16, 'Strength of the adapter. Usually twice the rank.', 'decimal'),
    row('method.lora_dropout', 0, 'Share of inputs dropped while training.', 'decimal')
  ]
  return [
    row('method.type', isWhole ? 'full' : 'lora', 'How the model is fine-tuned.', 'choice', null, [
      'lora',
      'full',
      'head',
      'last_n',
      'bitfit'
    ]),
    ...(isWhole ? [] : adapter),
    row(
      'training.num_train_epochs',
      EPOCHS[draft.thoroughness] ?? 4,
      'How often training goes through all rows; early stopping may end it sooner.',
      'decimal',
      'Set by Quick–Thorough.'
    ),
    row('training.learning_rate', 0.003, 'Size of a step.', 'decimal', 'The advice for LoRA on a model of this size.'),
    row(
      'training.per_device_train_batch_size',
      16,
      'Rows per batch. Larger batches are steadier and take more memory.',
      'integer'
    ),
    row('training.max_length', 256, 'Longest text in tokens; what is longer is cut.', 'integer'),
    row('training.weight_decay', 0.01, 'Pull of the weights towards zero.', 'decimal'),
    row('training.lr_scheduler_type', 'linear', 'How the learning rate falls.', 'choice', null, ['linear', 'cosine', 'constant']),
    ...(marks
      ? [
          row('head.scheme', 'BIO', 'The tags that tell of passages.', 'choice', 'Two tags for each kind.', ['BIO', 'BILOU']),
          row('head.crf', false, 'Adds a conditional random field.', 'boolean', 'Takes longer.')
        ]
      : []),
    row('training.seed', 1, 'Every draw of the run follows from it.', 'integer'),
    ...speedRows(row, draft)
  ]
}

type MakeRow = (
  path: string,
  value: SettingRow['value'],
  help: string,
  kind: SettingRow['kind'],
  why?: string | null,
  choices?: readonly string[] | null
) => SettingRow

/** What decides how quick a run is and how much memory it takes. */
function speedRows(row: MakeRow, draft: RunDraft): readonly SettingRow[] {
  const isProcessor = (draft.changed['training.device'] ?? 'cpu') === 'cpu'
  const precisions = isProcessor ? ['float32'] : ['float32', 'fp16']
  return [
    row('training.device', 'cpu', 'What computes the training.', 'choice', null, ['auto', 'cpu', 'cuda', 'webgpu', 'directml']),
    row('training.precision', 'float32', 'What matrix products are computed in.', 'choice', null, precisions),
    row(
      'training.optim',
      'adamw',
      'The optimizer. adamw_8bit keeps a quarter of its state in memory and takes a little longer.',
      'choice',
      null,
      isProcessor ? ['adamw', 'adamw_8bit', 'adam', 'sgd'] : ['adamw', 'adam', 'sgd']
    ),
    row('training.frozen_weights', 'float32', 'int8: frozen layers compute forward in 8 bits.', 'choice', null, [
      'float32',
      'int8'
    ]),
    row('training.threads', null, 'Processor threads.', 'integer', 'Left out: auto: the quickest number as timed on this PC.', [
      'auto'
    ]),
    row('training.memory_limit', null, 'The most memory the run may take, e.g. `4 GB`.', 'text', 'Left out: what is free.'),
    row(
      'training.gradient_checkpointing',
      'auto',
      'Computes what layers give a second time in the backward pass instead of keeping it: less memory, more time, the same result.',
      'integer',
      null,
      ['false', 'true', 'auto']
    )
  ]
}

/** About what such runs take: less with each setting that saves. */
export function effortOf({ draft, isTried }: { readonly draft: RunDraft; readonly isTried: boolean }): RunEffort {
  const { memory, time } = planOf(draft)
  const has = (path: string, value: string): boolean => draft.changed[`training.${path}`] === value
  const again = has('gradient_checkpointing', 'true')
  const bytes = [again ? 0.62 : 1, has('optim', 'adamw_8bit') ? 0.96 : 1, has('frozen_weights', 'int8') ? 1.02 : 1]
  const seconds = (time?.seconds ?? 0) * (again ? 1.18 : 1) * (has('frozen_weights', 'int8') ? 0.8 : 1)
  return {
    memory: bytes.reduce((product, factor) => product * factor, memory.needed),
    work: again ? 1.21 : 1,
    seconds: isTried ? seconds : null,
    problem: null
  }
}

export function planOf(draft: RunDraft): RunPlan {
  const epochs = Number(draft.changed['training.num_train_epochs'] ?? EPOCHS[draft.thoroughness] ?? 4)
  const batch = Number(draft.changed['training.per_device_train_batch_size'] ?? 16)
  const steps = Math.ceil(727 / batch) * epochs
  const needed = 0.4e9 + batch * 28e6
  const free = 6.2e9
  const tokens = (n: number): readonly string[] => [
    '[CLS]',
    ...letter(n)
      .toLowerCase()
      .split(/(?<=[a-z])(?=[,.:])| /)
      .slice(0, 60),
    '[SEP]'
  ]
  return {
    time: { seconds: steps * (draft.quietly ? 2.4 : 1.3), spread: steps * 0.3 },
    memory: { needed, free },
    card: null,
    disk: { needed: 240e6, free: 58e9 },
    steps,
    trainableParameters: 99_332,
    totalParameters: 1_430_000,
    rows: { train: 727, validation: 152, test: 158, skipped: 14 },
    longTexts: { rows: 31, tokens: 1_204, limit: 256 },
    examples: [4, 9, 15].map((n) => ({
      text: letter(n),
      tokens: tokens(n),
      tags: null,
      answer: classOf(n),
      cut: n === 9 ? 12 : 0
    })),
    notes: [],
    blocked:
      needed > free
        ? {
            failure: {
              code: 'memory',
              message: `Batches of ${batch} need ${(needed / 1e9).toFixed(1)} GB; 6.2 GB are free.`,
              detail: 'planned peak'
            },
            instead: { 'training.per_device_train_batch_size': 4 }
          }
        : null
  }
}

export function answerTo(text: string): Answer {
  const seed = [...text].reduce((sum, letter) => sum + letter.charCodeAt(0), 0)
  const raw = CLASSES.map((_, i) => Math.exp(4 * drawn(seed + i)))
  const sum = raw.reduce((a, b) => a + b, 0)
  const probabilities = CLASSES.map((name, i) => ({ name, value: raw[i]! / sum }))
  const best = probabilities.toSorted((a, b) => b.value - a.value)[0]!
  return { label: best.name, probabilities, score: null, needsPerson: null }
}
