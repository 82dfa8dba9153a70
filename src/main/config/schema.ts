import { group, text, variants, type OptionsOf } from '../base/options.ts'
import { bitfitLearningRate, bitfitOptions } from '../engine/peft/bitfit/options.ts'
import { fullLearningRate, fullOptions } from '../engine/peft/full/options.ts'
import { headLearningRate, headOptions as headMethodOptions } from '../engine/peft/head/options.ts'
import { lastNLearningRate, lastNOptions } from '../engine/peft/last-n/options.ts'
import type { LearningRateAdvice } from '../engine/peft/learning-rate.ts'
import { loraLearningRate, loraOptions } from '../engine/peft/lora/options.ts'
import { answerOptions, headOptions, problemType, tagOptions, targetScaling, type TaskName } from '../engine/tasks/options.ts'
import { trainingOptions } from '../engine/training/options.ts'
import { dataOptions } from './data-options.ts'

/** The fine-tuning methods by the name that `method.type` gives them. */
export const methodOptions = {
  full: fullOptions,
  head: headMethodOptions,
  last_n: lastNOptions,
  bitfit: bitfitOptions,
  lora: loraOptions
}

export type MethodType = keyof typeof methodOptions

export const learningRates: Readonly<Record<MethodType, LearningRateAdvice>> = {
  full: fullLearningRate,
  head: headLearningRate,
  last_n: lastNLearningRate,
  bitfit: bitfitLearningRate,
  lora: loraLearningRate
}

const model = text({
  format: 'path',
  help: 'A model folder as Hugging Face has them: config.json, *.safetensors, tokenizer.json.'
})
const method = variants('type', methodOptions, { help: 'How the model is fine-tuned; type decides which other keys there are.' })
const training = group(trainingOptions, { default: {}, help: 'How long, how fast and on what terms it is trained.' })
const output = text({ format: 'path', default: './runs', help: "The folder in which the run's own folder is made." })
const head = group(headOptions, { default: {}, help: 'The layers that turn the text into an answer.' })
const dataHelp = 'What is learned from: files and the names of their columns.'

/** The sections of run.yaml by task. */
export const runOptions = {
  'text-classification': {
    problem_type: problemType,
    model,
    data: group(dataOptions['text-classification'], { help: dataHelp }),
    head,
    method,
    training,
    output
  },
  'token-classification': {
    model,
    data: group(dataOptions['token-classification'], { help: dataHelp }),
    head: group(tagOptions, { default: {}, help: 'How passages are told by tags, and the layer that gives them.' }),
    method,
    training,
    output
  },
  'question-answering': {
    model,
    data: group(dataOptions['question-answering'], { help: dataHelp }),
    head: group(answerOptions, { default: {}, help: 'How answers are found in a text, and the layer that finds them.' }),
    method,
    training,
    output
  },
  regression: {
    target_scaling: targetScaling,
    model,
    data: group(dataOptions.regression, { help: dataHelp }),
    head,
    method,
    training,
    output
  },
  'masked-lm': { model, data: group(dataOptions['masked-lm'], { help: dataHelp }), method, training, output }
} satisfies Record<TaskName, unknown>

/** All of run.yaml. */
export const runSchema = variants('task', runOptions, { help: 'What the model shall learn.' })

/** What run.yaml holds once it is read, before the defaults that depend on other options are worked out. */
export type RawRun = NonNullable<(typeof runSchema)['of']>
export type RunOptionsOf<T extends TaskName> = { readonly task: T } & OptionsOf<(typeof runOptions)[T]>
