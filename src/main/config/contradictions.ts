import { lossesFor, metricsFor } from '../engine/training/options.ts'
import { shown } from '../base/wording.ts'
import { idleOptions } from './idle-options.ts'
import { pathText } from './problem-sentence.ts'
import type { Path } from './read-options.ts'
import { hasNoWarmup, problemOf } from './resolve.ts'
import type { RawRun } from './schema.ts'

/** Options that are each allowed and cannot be meant together. */
export interface Contradiction {
  /** The option to look at first. */
  readonly path: Path
  readonly message: string
}

type Rule = (run: RawRun) => Contradiction | null

const about = (path: Path, message: string): Contradiction => ({ path, message: `${pathText(path)} ${message}` })

/** Everything in a run that cannot be meant together, in the order of the file's sections. */
export function contradictionsIn(run: RawRun): readonly Contradiction[] {
  return rules
    .map((rule) => rule(run))
    .filter((found) => found !== null)
    .concat(idleOptions(run))
}

const files: Rule = ({ data: { file, train, validation, test } }) => {
  if (file === null && train === null) return about(['data'], 'names no file to train on. Add file or train.')
  if (file !== null) {
    const other = train !== null ? 'train' : validation !== null ? 'validation' : test !== null ? 'test' : null
    return other && about(['data', other], 'stands beside file. Keep file, which is then split, or train, validation and test.')
  }
  const named = [train, validation, test].filter((path) => path !== null)
  if (new Set(named).size < named.length)
    return about(['data'], 'names one file twice. Rows to train on cannot also test the model.')
  return null
}

const splitColumn: Rule = ({ data: { file, split_column: column } }) =>
  column === null || file !== null
    ? null
    : about(
        ['data', 'split_column'],
        'tells the parts of one file. Give file, or leave it out where train, validation and test are files.'
      )

const splitDate: Rule = ({ data: { split_column: column, split_date: date } }) =>
  column === null || date === null ? null : about(['data', 'split_date'], 'stands beside split_column. Give one of the two.')

/** Folds test every row once: nothing else may say what the test is. */
const folds: Rule = ({ data, training }) => {
  if (!('folds' in data) || data.folds === null) return null
  const others = { validation: data.validation, test: data.test, split_column: data.split_column, split_date: data.split_date }
  const named = Object.entries(others).find(([, value]) => value !== null)
  if (named) return about(['data', 'folds'], `stands beside ${named[0]}. Every row is tested once: keep one of the two.`)
  return training.seeds.length > 1
    ? about(['data', 'folds'], 'stands beside several training.seeds. Each trains many times: keep one of the two.')
    : null
}

const precision: Rule = ({ training: { device, precision: asked } }) => {
  const path = ['training', 'precision']
  if (asked === 'float32') return null
  if (device === 'auto')
    return about(
      path,
      `cannot be ${asked} where the device is chosen, which may be the processor. Use float32, or device cuda or webgpu.`
    )
  if (device === 'cpu')
    return about(path, `cannot be ${asked} on the processor, which computes with 32 bits. Use float32, or device cuda or webgpu.`)
  if (asked !== 'bf16' || (device !== 'webgpu' && device !== 'directml')) return null
  const name = device === 'webgpu' ? 'WebGPU' : 'DirectML'
  return about(path, `cannot be bf16 over ${name}, which does not know it. Use fp16 or float32.`)
}

/** Shares are compared by intervals on the rows that validate them. */
const curve: Rule = ({ data, training }) => {
  if (!('learning_curve' in data) || !data.learning_curve) return null
  const path = ['data', 'learning_curve']
  if ('folds' in data && data.folds !== null)
    return about(path, 'stands beside folds. Each trains many times: keep one of the two.')
  if (training.seeds.length > 1)
    return about(path, 'stands beside several training.seeds. Each trains many times: keep one of the two.')
  if (data.split !== null && data.split.validation === 0 && data.validation === null && data.split_column === null)
    return about(path, 'needs validation rows, by which the shares are compared. Give split a share of validation.')
  return training.bootstrap_resamples < 100
    ? about(path, 'needs intervals. Set training.bootstrap_resamples to 100 or more.')
    : null
}

/** With several labels a row counts for several classes at once. */
const balance: Rule = (run) => {
  if (run.task !== 'text-classification' || problemOf(run) === 'single_label_classification') return null
  const key = run.data.cap_per_class !== null ? 'cap_per_class' : run.data.oversample !== 'none' ? 'oversample' : null
  return key && about(['data', key], 'needs exactly one label for each row. Use training.class_weights instead.')
}

const split: Rule = ({ data: { split: shares, validation, test } }) => {
  if (shares === null) return null
  const path = ['data', 'split']
  const sum = shares.train + shares.validation + shares.test
  if (Math.abs(sum - 1) > 1e-6)
    return about(path, `adds up to ${Number(sum.toFixed(6))}. train, validation and test must add up to 1.`)
  const needless = validation !== null && shares.validation > 0 ? 'validation' : test !== null && shares.test > 0 ? 'test' : null
  return needless && about([...path, needless], `must be 0 or left out, since data.${needless} names a file.`)
}

const validationRows: Rule = ({ data, training }) => {
  if (data.split_column !== null) return null
  if (data.split === null || data.split.validation > 0 || data.validation !== null || training.eval_strategy === 'no') return null
  return about(
    ['data', 'split'],
    'leaves no rows for validation, which choose the best checkpoint. Add validation, or set eval_strategy to no and early_stopping to null.'
  )
}

const columns: Rule = ({ data }) => {
  const roles = {
    text: data.text,
    text_pair: 'text_pair' in data ? data.text_pair : null,
    label: 'label' in data ? data.label : null,
    question: 'question' in data ? data.question : null,
    answers: 'answers' in data ? data.answers : null
  }
  const named = Object.entries(roles).filter(([, column]) => column !== null)
  const second = named.find(([, column], index) => named.findIndex(([, other]) => other === column) < index)
  return second
    ? about(['data', second[0]], `names the column ${shown(second[1] ?? '')} a second time. Each needs a column of its own.`)
    : null
}

const separator: Rule = (run) => {
  if (
    run.task !== 'text-classification' ||
    run.problem_type !== 'single_label_classification' ||
    run.data.label_separator === null
  )
    return null
  return about(['data', 'label_separator'], 'needs problem_type: multi_label_classification. Remove one of the two.')
}

const loss: Rule = (run) => {
  const problem = problemOf(run)
  const allowed: readonly string[] = lossesFor[problem]
  const { loss: wanted } = run.training
  if (wanted === 'auto' || allowed.includes(wanted)) return null
  return about(['training', 'loss'], `is ${wanted}, which does not fit ${problem}. Use auto or ${allowed.join(', ')}.`)
}

const metrics: Rule = (run) => {
  const { metric_for_best_model: best, early_stopping: stopping } = run.training
  const problem = problemOf(run)
  const allowed: readonly string[] = metricsFor[problem]
  const given = [
    { path: ['training', 'metric_for_best_model'], metric: best },
    { path: ['training', 'early_stopping', 'metric'], metric: stopping?.metric ?? null }
  ]
  const wrong = given.find(({ metric }) => metric !== null && !allowed.includes(metric))
  if (wrong) return about(wrong.path, `is ${wrong.metric ?? ''}, which ${problem} does not have. Use ${allowed.join(', ')}.`)
  if (best === null || stopping === null || stopping.metric === null || best === stopping.metric) return null
  return about(
    ['training', 'early_stopping', 'metric'],
    `differs from metric_for_best_model. Both are one metric: remove one of the two.`
  )
}

const warmup: Rule = ({ training: { warmup_ratio: ratio, warmup_steps: steps, lr_scheduler_type: type, max_steps: end } }) => {
  const given = ratio !== null && ratio > 0 ? 'warmup_ratio' : steps > 0 ? 'warmup_steps' : null
  if (given === null) return null
  if (ratio !== null && ratio > 0 && steps > 0)
    return about(['training', 'warmup_steps'], 'stands beside warmup_ratio. Give one of the two.')
  if (hasNoWarmup(type)) {
    const instead = type === 'constant' ? 'Use constant_with_warmup.' : 'Its rise is lr_scheduler_kwargs.cut_frac.'
    return about(['training', given], `cannot be used with lr_scheduler_type: ${type}. ${instead}`)
  }
  if (end > 0 && steps >= end) return about(['training', 'warmup_steps'], `must be less than max_steps, ${end}.`)
  return null
}

const steps: Rule = ({
  method,
  training: { max_steps: end, eval_strategy: strategy, eval_steps: every, early_stopping: stopping }
}) => {
  const startsTrained = method.type === 'lora' && method.from_adapter !== null
  if (end === 0 && !startsTrained)
    return about(['training', 'max_steps'], 'is 0, so nothing would be learned. Use -1 to train for num_train_epochs.')
  if (strategy === 'steps' && every === null)
    return about(['training', 'eval_strategy'], 'is steps and needs eval_steps. Add it.')
  if (strategy === 'steps' && every !== null && end > 0 && every > end) {
    return about(['training', 'eval_steps'], `is more than max_steps, ${end}: the validation rows would never be looked at.`)
  }
  if (strategy !== 'no') return null
  if (every !== null) return about(['training', 'eval_steps'], 'cannot be used with eval_strategy: no. Remove one of the two.')
  if (stopping === null) return null
  return about(['training', 'eval_strategy'], 'is no, so nothing can stop early. Set early_stopping to null.')
}

/** State that is not float32 lies in the processor's memory alone. */
const byteState: Rule = ({ training: { optim, device } }) =>
  optim === 'adamw_8bit' && device !== 'cpu'
    ? about(['training', 'optim'], 'is adamw_8bit, which the processor alone computes. Use adamw, or device: cpu.')
    : null

const headRate: Rule = ({ training: { head_learning_rate: rate, head_lr_ratio: ratio } }) =>
  rate === null || ratio === null
    ? null
    : about(['training', 'head_lr_ratio'], 'stands beside head_learning_rate. Give one of the two.')

const unfreezing: Rule = ({ training: { gradual_unfreezing: phases, num_train_epochs: epochs, max_steps: end } }) => {
  if (phases === null || end > 0 || phases.every_epochs < epochs) return null
  const path = ['training', 'gradual_unfreezing', 'every_epochs']
  return about(path, `is ${phases.every_epochs} and num_train_epochs is ${epochs}, so no layer would ever join. Make it smaller.`)
}

const windows: Rule = ({ training: { max_length: longest, stride } }) =>
  longest !== null && stride !== null && stride >= longest
    ? about(['training', 'stride'], `is ${stride} and must be less than max_length, ${longest}.`)
    : null

const headAndTail: Rule = ({ task, training: { truncation } }) =>
  (task === 'token-classification' || task === 'question-answering') && truncation === 'head_tail'
    ? about(['training', 'truncation'], 'is head_tail, which would leave words out of the middle of a text. Use windows or head.')
    : null

/** What is asked stands in a column, or is the same for every text. */
const questions: Rule = (run) => {
  if (run.task !== 'question-answering') return null
  const { question, questions: fixed } = run.data
  if (question === null && fixed === null)
    return about(
      ['data'],
      'asks nothing. Add question, the column with the questions, or questions, the same ones for every text.'
    )
  if (question !== null && fixed !== null)
    return about(['data', 'questions'], 'stands beside question. Give the column, or the same questions for every text.')
  if (fixed !== null && Object.keys(fixed).length === 0)
    return about(['data', 'questions'], 'is empty. Name at least one question.')
  return null
}

/** A conditional random field is trained on whole sequences by a loss of its own. */
const randomField: Rule = (run) => {
  if (run.task !== 'token-classification' || !run.head.crf) return null
  const { loss: kind, label_smoothing_factor: smoothing, class_weights: weights } = run.training
  const key = kind !== 'auto' ? 'loss' : smoothing > 0 ? 'label_smoothing_factor' : weights !== 'none' ? 'class_weights' : null
  return (
    key && about(['training', key], 'cannot be used with head.crf: true, which judges whole sequences. Remove one of the two.')
  )
}

const groups: Rule = ({ training: { parameter_groups: all } }) => {
  const idle = all.findIndex(
    ({ learning_rate: rate, weight_decay: decay, lr_scheduler_type: type, lr_scheduler_kwargs: kwargs }) =>
      rate === null && decay === null && type === null && Object.values(kwargs).every((value) => value === null)
  )
  const message = 'changes nothing. Give it a learning_rate, a weight_decay or an lr_scheduler_type.'
  return idle < 0 ? null : about(['training', 'parameter_groups', idle], message)
}

const rules: readonly Rule[] = [
  files,
  splitColumn,
  splitDate,
  folds,
  curve,
  precision,
  balance,
  split,
  validationRows,
  columns,
  separator,
  loss,
  metrics,
  warmup,
  steps,
  byteState,
  headRate,
  unfreezing,
  windows,
  headAndTail,
  questions,
  randomField,
  groups
]
