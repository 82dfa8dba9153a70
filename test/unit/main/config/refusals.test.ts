import { describe, expect, it } from 'vitest'
import { InputError } from '../../../../src/main/base/errors.ts'
import { parseRunConfig } from '../../../../src/main/config/run-config.ts'

/** A run.yaml of eight lines; `training` starts on line 9. */
const lines = (task: string, label: string, method: string): string =>
  `task: ${task}\nmodel: m\ndata:\n  file: a.csv\n  text: words\n${label}method:\n  type: ${method}\ntraining:\n`
const classify = (training: string, method = 'full'): string =>
  lines('text-classification', '  label: answer\n', method) + training
const regress = (training: string): string => lines('regression', '  label: answer\n', 'full') + training
const mask = (training: string): string => lines('masked-lm', '', 'full') + training
const withData = (data: string, more = ''): string =>
  `task: text-classification\nmodel: m\nmethod: { type: full }\ndata: { ${data} }\n${more}`
const withMethod = (method: string): string => `task: masked-lm\nmodel: m\ndata: { file: a, text: t }\nmethod: ${method}\n`

const cases: readonly (readonly [name: string, text: string, code: string, sentence: string])[] = [
  // Adapters to start from
  [
    'a rank beside the adapter that decides it',
    classify('  seed: 1\n', 'lora\n  from_adapter: a\n  r: 8'),
    'config_contradiction',
    'run.yaml line 10: method.r stands beside from_adapter, which decides it. Remove one of the two.'
  ],
  [
    'names of classes without their adapter',
    classify('  seed: 1\n', 'lora\n  adapter_labels: [x, y]'),
    'config_contradiction',
    'run.yaml line 9: method.adapter_labels needs from_adapter. Remove it or name the adapter.'
  ],
  [
    'an adapter for filling in words',
    withMethod('{ type: lora, from_adapter: a }'),
    'config_contradiction',
    'run.yaml line 4: method.from_adapter needs a task with classes or numbers: an adapter fills in no words. Remove one of the two.'
  ],
  // What computes
  [
    '16 bits on the processor',
    classify('  precision: bf16\n'),
    'config_contradiction',
    'run.yaml line 10: training.precision cannot be bf16 on the processor, which computes with 32 bits. Use float32, or device cuda or webgpu.'
  ],
  [
    'bf16 over WebGPU',
    classify('  device: webgpu\n  precision: bf16\n'),
    'config_contradiction',
    'run.yaml line 11: training.precision cannot be bf16 over WebGPU, which does not know it. Use fp16 or float32.'
  ],
  // Keys
  [
    'a misspelt key',
    classify('  learning_rat: 1\n'),
    'config_unknown_key',
    "run.yaml line 10: training has no key 'learning_rat'. Did you mean 'learning_rate'?"
  ],
  [
    'swapped letters',
    'task: masked-lm\nmodle: m\n',
    'config_unknown_key',
    "run.yaml line 2: there is no key 'modle'. Did you mean 'model'?"
  ],
  [
    'a key in the wrong section',
    `${mask('  seed: 1\n')}learning_rate: 1\n`,
    'config_unknown_key',
    "run.yaml line 10: there is no key 'learning_rate'. It belongs in training."
  ],
  [
    'an everyday name',
    mask('  lr: 1\n'),
    'config_unknown_key',
    "run.yaml line 9: training has no key 'lr'. Did you mean 'learning_rate'?"
  ],
  [
    'half a name',
    mask('  epochs: 1\n'),
    'config_unknown_key',
    "run.yaml line 9: training has no key 'epochs'. Did you mean 'num_train_epochs'?"
  ],
  [
    'a key of another method',
    withMethod('{ type: full, r: 8 }'),
    'config_unknown_key',
    "run.yaml line 4: method has no key 'r'. That is only for type lora."
  ],
  [
    'a key of another task',
    `task: masked-lm\nmodel: m\ndata:\n  file: a\n  text: t\n  label: l\nmethod: { type: full }`,
    'config_unknown_key',
    "run.yaml line 6: data has no key 'label'. That is only for task text-classification or token-classification or regression."
  ],
  [
    'a key that resembles nothing',
    withMethod('{ type: last_n, wibble: 1 }'),
    'config_unknown_key',
    "run.yaml line 4: method has no key 'wibble'. Its keys are type, layers."
  ],
  [
    'a key twice',
    mask('  seed: 1\n  seed: 2\n'),
    'config_duplicate_key',
    "run.yaml line 10: the key 'seed' is given twice (first on line 9). Keep one of them."
  ],
  [
    'questions that nobody asks',
    'task: question-answering\nmodel: m\ndata: { file: a, text: t, answers: b }\nmethod: { type: full }\n',
    'config_contradiction',
    'run.yaml line 3: data asks nothing. Add question, the column with the questions, or questions, the same ones for every text.'
  ],
  [
    'questions that are asked twice',
    'task: question-answering\nmodel: m\ndata: { file: a, text: t, answers: b, question: q, questions: { LAW: Which law? } }\nmethod: { type: full }\n',
    'config_contradiction',
    'run.yaml line 3: data.questions stands beside question. Give the column, or the same questions for every text.'
  ],
  [
    'class weights for answers',
    'task: question-answering\nmodel: m\ndata: { file: a, text: t, answers: b, question: q }\nmethod: { type: full }\ntraining: { class_weights: balanced }\n',
    'config_contradiction',
    'run.yaml line 5: training.class_weights would do nothing: it needs task: text-classification or token-classification. Remove it or change that.'
  ],
  [
    'no task',
    'model: m\n',
    'config_missing_key',
    "run.yaml line 1: the key 'task' is missing. It decides which other keys there are: text-classification, token-classification, question-answering, regression, masked-lm."
  ],
  [
    'no model',
    'task: masked-lm\ndata: { file: a, text: t }\nmethod: { type: full }\n',
    'config_missing_key',
    "run.yaml line 1: the key 'model' is missing. A model folder as Hugging Face has them: config.json, *.safetensors, tokenizer.json."
  ],
  [
    'no label',
    withData('file: a, text: t'),
    'config_missing_key',
    "run.yaml line 4: the key 'label' is missing in data. The column with the label to be learned."
  ],
  ['a forbidden key', '__proto__: 1\n', 'config_key', "run.yaml line 1: '__proto__' cannot be a key."],
  // Values
  [
    'a number with a comma',
    classify('  learning_rate: 0,1\n'),
    'config_value',
    "run.yaml line 10: training.learning_rate is '0,1', but must be a number above 0 and at most 10, or null. Write a decimal point."
  ],
  [
    'a quoted number',
    classify('  seed: "1"\n'),
    'config_value',
    "run.yaml line 10: training.seed is '1', but must be a whole number from 0 to 4294967295. Remove the quotes."
  ],
  [
    'a broken number',
    classify('  seed: 1.5\n'),
    'config_value',
    'run.yaml line 10: training.seed is 1.5, but must be a whole number from 0 to 4294967295.'
  ],
  [
    'a number out of range',
    withMethod('{ type: lora, r: 0 }'),
    'config_value',
    'run.yaml line 4: method.r is 0, but must be a whole number from 1 to 1024.'
  ],
  [
    'not a number',
    classify('  weight_decay: .nan\n'),
    'config_value',
    'run.yaml line 10: training.weight_decay is NaN, but must be a number from 0 to 10.'
  ],
  [
    'infinity',
    classify('  huber_delta: 1e999\n'),
    'config_value',
    'run.yaml line 10: training.huber_delta is Infinity, but must be a number above 0 and at most 1000000000.'
  ],
  [
    'a misspelt choice',
    classify('  lr_scheduler_type: cosin\n'),
    'config_value',
    "run.yaml line 10: training.lr_scheduler_type is 'cosin', but must be one of linear, cosine, cosine_with_restarts, polynomial, constant, constant_with_warmup, slanted_triangular. Did you mean 'cosine'?"
  ],
  [
    'an unknown method',
    withMethod('{ type: loar }'),
    'config_value',
    "run.yaml line 4: method.type is 'loar', but must be one of full, head, last_n, bitfit, lora. Did you mean 'lora'?"
  ],
  [
    'an unknown task',
    'task: causal-lm\n',
    'config_value',
    "run.yaml line 1: task is 'causal-lm', but must be one of text-classification, token-classification, question-answering, regression, masked-lm."
  ],
  [
    'a column without quotes',
    withData('file: a, text: 1, label: l'),
    'config_value',
    "run.yaml line 4: data.text is 1, but must be a text. Put it in quotes: '1'."
  ],
  [
    'nothing after the colon',
    'task: masked-lm\nmodel:\ndata: { file: a, text: t }\nmethod: { type: full }\n',
    'config_value',
    'run.yaml line 2: model is empty (null), but must be a path.'
  ],
  [
    'a text for a section',
    withMethod('lora'),
    'config_value',
    "run.yaml line 4: method is 'lora', but must be a map with the key type and those that belong to it."
  ],
  [
    'true for a number',
    classify('  max_steps: true\n'),
    'config_value',
    'run.yaml line 10: training.max_steps is true, but must be a whole number of at least -1.'
  ],
  [
    'yes for a flag',
    classify('  packing: yes\n'),
    'config_value',
    "run.yaml line 10: training.packing is 'yes', but must be true or false."
  ],
  [
    'a bad expression',
    withMethod("{ type: lora, target_modules: 'query)' }"),
    'config_value',
    "run.yaml line 4: method.target_modules is 'query)', but must be a list of 1 or more, each a text, or a regular expression."
  ],
  [
    'an empty list',
    withMethod('{ type: lora, target_modules: [] }'),
    'config_value',
    'run.yaml line 4: method.target_modules is an empty list, but must be a list of 1 or more, each a text, or a regular expression.'
  ],
  [
    'a wrong item of a list',
    withMethod('{ type: lora, layers_to_transform: [0, x] }'),
    'config_value',
    "run.yaml line 4: method.layers_to_transform[1] is 'x', but must be a whole number from 0 to 9999."
  ],
  [
    'a repeated seed',
    classify('  seeds: [1, 2, 1]\n'),
    'config_value',
    'run.yaml line 10: training.seeds[2] repeats 1. Name each only once.'
  ],
  [
    'a class weight of zero',
    classify('  class_weights:\n    urgent: 2\n    routine: 0\n'),
    'config_value',
    'run.yaml line 12: training.class_weights.routine is 0, but must be a number above 0 and at most 1 million.'
  ],
  [
    'a size without a unit',
    classify('  memory_limit: 4 gigs\n'),
    'config_value',
    "run.yaml line 10: training.memory_limit is '4 gigs', but must be a size of at least 64 MiB, such as 4 GB, or null."
  ],
  [
    'a key inside an optional section',
    classify('  early_stopping: { metrik: loss }\n'),
    'config_unknown_key',
    "run.yaml line 10: training.early_stopping has no key 'metrik'. Did you mean 'metric'?"
  ],
  [
    'a key inside a list',
    classify('  parameter_groups:\n    - modules: [a]\n      learning_rat: 1\n'),
    'config_unknown_key',
    "run.yaml line 12: training.parameter_groups[0] has no key 'learning_rat'. Did you mean 'learning_rate'?"
  ],
  // What contradicts itself
  [
    'no file',
    withData('text: t, label: l'),
    'config_contradiction',
    'run.yaml line 4: data names no file to train on. Add file or train.'
  ],
  [
    'two ways to name files',
    withData('file: a, test: b, text: t, label: l'),
    'config_contradiction',
    'run.yaml line 4: data.test stands beside file. Keep file, which is then split, or train, validation and test.'
  ],
  [
    'a file for two roles',
    withData('train: a, test: a, text: t, label: l'),
    'config_contradiction',
    'run.yaml line 4: data names one file twice. Rows to train on cannot also test the model.'
  ],
  [
    'a column for two roles',
    withData('file: a, text: t, label: t'),
    'config_contradiction',
    "run.yaml line 4: data.label names the column 't' a second time. Each needs a column of its own."
  ],
  [
    'shares over 1',
    withData('file: a, text: t, label: l, split: { train: 0.8, validation: 0.15, test: 0.15 }'),
    'config_contradiction',
    'run.yaml line 4: data.split adds up to 1.1. train, validation and test must add up to 1.'
  ],
  [
    'a share for a part that has a file',
    withData('train: a, test: b, text: t, label: l, split: { train: 0.7, validation: 0.15, test: 0.15 }'),
    'config_contradiction',
    'run.yaml line 4: data.split.test must be 0 or left out, since data.test names a file.'
  ],
  [
    'no validation rows',
    withData('file: a, text: t, label: l, split: { train: 0.8, test: 0.2 }'),
    'config_contradiction',
    'run.yaml line 4: data.split leaves no rows for validation, which choose the best checkpoint. Add validation, or set eval_strategy to no and early_stopping to null.'
  ],
  [
    'a separator for one label',
    withData("file: a, text: t, label: l, label_separator: ';'", 'problem_type: single_label_classification\n'),
    'config_contradiction',
    'run.yaml line 4: data.label_separator needs problem_type: multi_label_classification. Remove one of the two.'
  ],
  [
    'a loss of another task',
    regress('  loss: focal\n'),
    'config_contradiction',
    'run.yaml line 10: training.loss is focal, which does not fit regression. Use auto or mse, l1, huber.'
  ],
  [
    'a metric of another task',
    regress('  early_stopping:\n    metric: macro_f1\n'),
    'config_contradiction',
    'run.yaml line 11: training.early_stopping.metric is macro_f1, which regression does not have. Use rmse, loss, mae, r2, pearson, spearman.'
  ],
  [
    'two metrics',
    classify('  metric_for_best_model: mcc\n  early_stopping: { metric: loss }\n'),
    'config_contradiction',
    'run.yaml line 11: training.early_stopping.metric differs from metric_for_best_model. Both are one metric: remove one of the two.'
  ],
  [
    'two warm-ups',
    classify('  warmup_ratio: 0.1\n  warmup_steps: 10\n'),
    'config_contradiction',
    'run.yaml line 11: training.warmup_steps stands beside warmup_ratio. Give one of the two.'
  ],
  [
    'warm-up of a constant rate',
    classify('  warmup_ratio: 0.1\n  lr_scheduler_type: constant\n'),
    'config_contradiction',
    'run.yaml line 10: training.warmup_ratio cannot be used with lr_scheduler_type: constant. Use constant_with_warmup.'
  ],
  [
    'more warm-up than steps',
    classify('  max_steps: 10\n  warmup_steps: 10\n'),
    'config_contradiction',
    'run.yaml line 11: training.warmup_steps must be less than max_steps, 10.'
  ],
  [
    'no steps',
    classify('  max_steps: 0\n'),
    'config_contradiction',
    'run.yaml line 10: training.max_steps is 0, so nothing would be learned. Use -1 to train for num_train_epochs.'
  ],
  [
    'evaluation by steps without steps',
    classify('  eval_strategy: steps\n'),
    'config_contradiction',
    'run.yaml line 10: training.eval_strategy is steps and needs eval_steps. Add it.'
  ],
  [
    'evaluation after the end',
    classify('  eval_strategy: steps\n  eval_steps: 20\n  max_steps: 10\n'),
    'config_contradiction',
    'run.yaml line 11: training.eval_steps is more than max_steps, 10: the validation rows would never be looked at.'
  ],
  [
    'early stopping without evaluation',
    classify('  eval_strategy: no\n'),
    'config_contradiction',
    'run.yaml line 10: training.eval_strategy is no, so nothing can stop early. Set early_stopping to null.'
  ],
  [
    'two head rates',
    classify('  head_learning_rate: 0.1\n  head_lr_ratio: 10\n'),
    'config_contradiction',
    'run.yaml line 11: training.head_lr_ratio stands beside head_learning_rate. Give one of the two.'
  ],
  [
    'a phase that never comes',
    classify('  gradual_unfreezing:\n    every_epochs: 3\n'),
    'config_contradiction',
    'run.yaml line 11: training.gradual_unfreezing.every_epochs is 3 and num_train_epochs is 3, so no layer would ever join. Make it smaller.'
  ],
  [
    'unfreezing of a head',
    classify('  gradual_unfreezing: {}\n', 'head'),
    'config_contradiction',
    'run.yaml line 10: training.gradual_unfreezing would do nothing: it needs a method that trains more than the head. Remove it or change that.'
  ],
  [
    'windows that never move',
    classify('  truncation: windows\n  max_length: 64\n  stride: 64\n'),
    'config_contradiction',
    'run.yaml line 12: training.stride is 64 and must be less than max_length, 64.'
  ],
  [
    'a group that changes nothing',
    classify('  parameter_groups:\n    - modules: [a]\n      learning_rate: 0.1\n    - modules: [b]\n'),
    'config_contradiction',
    'run.yaml line 13: training.parameter_groups[1] changes nothing. Give it a learning_rate, a weight_decay or an lr_scheduler_type.'
  ],
  [
    'focal_gamma without focal',
    classify('  focal_gamma: 3\n'),
    'config_contradiction',
    'run.yaml line 10: training.focal_gamma would do nothing: it needs loss: focal. Remove it or change that.'
  ],
  [
    'smoothing of a focal loss',
    classify('  loss: focal\n  label_smoothing_factor: 0.1\n'),
    'config_contradiction',
    'run.yaml line 11: training.label_smoothing_factor would do nothing: it needs the loss cross_entropy of a text or a word with one label. Remove it or change that.'
  ],
  [
    'class weights for numbers',
    regress('  class_weights: balanced\n'),
    'config_contradiction',
    'run.yaml line 10: training.class_weights would do nothing: it needs task: text-classification or token-classification. Remove it or change that.'
  ],
  [
    'a masking rate without masks',
    classify('  mlm_probability: 0.3\n'),
    'config_contradiction',
    'run.yaml line 10: training.mlm_probability would do nothing: it needs task: masked-lm. Remove it or change that.'
  ],
  [
    'a setting of another schedule',
    classify('  lr_scheduler_kwargs:\n    power: 2\n'),
    'config_contradiction',
    'run.yaml line 11: training.lr_scheduler_kwargs.power would do nothing: it needs lr_scheduler_type: polynomial. Remove it or change that.'
  ],
  // YAML itself
  ['nothing', '# only a comment\n', 'config_empty', 'run.yaml is empty. It must name at least task, model, data and method.'],
  [
    'a list',
    '- a\n- b\n',
    'config_value',
    'run.yaml line 1: the file is a list, but must hold settings, each a key and its value, such as task: regression.'
  ],
  ['a tab', 'training:\n\tseed: 1\n', 'config_syntax', 'run.yaml line 2: a tab is used for indentation. Use spaces.'],
  [
    'an open bracket',
    'task: masked-lm\ndata: { file: a\n',
    'config_syntax',
    'run.yaml line 3: a bracket that was opened above is not closed, or a line within it is not indented.'
  ],
  [
    'an open quote',
    "task: 'masked-lm\nmodel: m\n",
    'config_syntax',
    'run.yaml line 3: a closing bracket or quote, a comma or a colon is missing.'
  ],
  [
    'a bracket too many',
    'data: { file: a }}\n',
    'config_syntax',
    'run.yaml line 1: a character stands where it cannot. Check brackets and quotes, and put values with special characters in single quotes.'
  ],
  [
    'a path in double quotes',
    'model: "C:\\models"\n',
    'config_syntax',
    "run.yaml line 1: a backslash stands in double quotes. Use single quotes, as in 'C:\\models'."
  ],
  [
    'two colons',
    'model: a: b\n',
    'config_syntax',
    'run.yaml line 1: there is a second colon in the line. Put the value in single quotes, or start a new line.'
  ],
  [
    'indentation that does not fit',
    'data:\n    file: a\n  text: b\n',
    'config_syntax',
    'run.yaml line 3: the indentation does not fit the lines around it. Keys of one section start in the same column.'
  ],
  [
    'an anchor',
    'model: &m x\noutput: *m\n',
    'config_alias',
    'run.yaml line 1: an anchor (&name) is used. Write the value out where it is needed.'
  ],
  ['a tag', 'task: masked-lm\nmodel: !!binary aGk=\n', 'config_tag', "run.yaml line 2: the tag '!!binary' is used. Remove it."],
  ['a directive', '%YAML 1.1\n---\ntask: no\n', 'config_directive', 'run.yaml line 1: a line starts with %. Remove it.'],
  [
    'two documents',
    'task: masked-lm\n---\ntask: masked-lm\n',
    'config_syntax',
    'run.yaml line 2: a second document starts (---). Keep one run per file.'
  ],
  [
    'deep nesting',
    `${'a: { '.repeat(1)}${'b: { '.repeat(60)}${'}'.repeat(61)}`,
    'config_syntax',
    'run.yaml line 1: it is nested too deeply for a file of settings.'
  ]
]

/** What a source is refused with; null where it is taken. */
function refusal(source: string | Uint8Array, fileName = 'run.yaml'): unknown {
  try {
    parseRunConfig(source, fileName)
    return null
  } catch (error) {
    return error
  }
}

describe('run.yaml is refused with one sentence for', () => {
  it.each(cases)('%s', (_name, text, code, sentence) => {
    const error = refusal(text)
    expect(error).toBeInstanceOf(InputError)
    expect(error).toMatchObject({ message: sentence, code })
  })

  it('names the place for programs too', () => {
    expect(refusal(classify('  seeds: [1, -1]\n'))).toMatchObject({
      where: { file: 'run.yaml', line: 10, key: 'training.seeds[1]' }
    })
  })

  it('a .json that is none', () => {
    expect(refusal('task: masked-lm\n', 'run.json')).toMatchObject({
      code: 'config_syntax',
      message: 'run.json is not valid JSON. Correct it, or name the file .yaml if it is YAML.'
    })
  })

  it('a name that would disguise the sentence', () => {
    expect(refusal(withMethod('{ type: "\\e[2J\\u202Ex" }'))).toMatchObject({
      message: "run.yaml line 4: method.type is '\ufffd[2J\ufffdx', but must be one of full, head, last_n, bitfit, lora."
    })
  })

  it.each([
    ['a billion laughs', `a: &a [x]\n${Array.from({ length: 30 }, (_, i) => `b${i}: &b${i} [*a, *a]`).join('\n')}`],
    ['brackets without end', '['.repeat(2 ** 20)],
    ['lists without end', '- '.repeat(2 ** 19)],
    ['very many keys', Array.from({ length: 80_000 }, (_, i) => `k${i}: 1`).join('\n')]
  ])('%s, in little time', (_name, text) => {
    const started = performance.now()
    expect(refusal(text)).toBeInstanceOf(InputError)
    expect(performance.now() - started).toBeLessThan(4000)
  })
})
