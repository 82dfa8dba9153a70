import { basename, join } from 'node:path'
import { writeJsonAtomic } from '../base/files.ts'
import { alphaAt, rankAt } from '../engine/peft/lora/index.ts'
import type { LoraOptions } from '../engine/peft/lora/options.ts'
import { isInModules } from '../engine/peft/match-modules.ts'
import type { Parameter } from '../engine/training/model-definition.ts'
import { writeSafetensors } from '../engine/weights/safetensors.ts'
import { writeAnswering } from './answering/answering-file.ts'
import { answeringPeftUsage } from './answering/usage.ts'
import { carryFiles } from './carried-files.ts'
import { unknownHead } from './known-head.ts'
import { writeMarks } from './marks/marks-file.ts'
import { peftUsage } from './marks/usage.ts'
import { defineExporter, type ExportableRun } from './define-exporter.ts'
import { learnedTensors, sizeInBytes } from './trained-tensors.ts'

/** What PEFT puts before the base model's own names. */
export const PEFT_PREFIX = 'base_model.model.'

/** A folder that `peft.PeftModel.from_pretrained` loads onto the base model: LoRA, rsLoRA, LoRA+, with the head in modules_to_save. */
export const peftAdapter = defineExporter({
  id: 'peft',
  title: 'PEFT adapter',
  dtypes: ['fp32', 'fp16', 'bf16'],
  replay: 'adapter',
  card: {
    library: 'peft',
    usage: ({ marks, answering }: ExportableRun) => (marks ? peftUsage(marks) : answering ? answeringPeftUsage(answering) : '')
  },
  supports({ definition }) {
    if (definition.method.id !== 'lora')
      return { ok: false, reason: `${definition.method.title} makes no adapter: export as huggingface.` }
    const reason = unknownHead(definition)
    return reason === null ? { ok: true } : { ok: false, reason }
  },
  bytes: (run, dtype) => learnedTensors(run, dtype).reduce((sum, tensor) => sum + sizeInBytes(tensor), 0),
  async write({ run, folder, dtype, signal, onProgress }) {
    await writeJsonAtomic(join(folder, 'adapter_config.json'), adapterConfig(run))
    await carryFiles(run.base.folder, folder)
    await writeMarks(run, folder)
    await writeAnswering(run, folder)
    const nameOf = (name: string): string => `${PEFT_PREFIX}${storedName(run, name)}`
    const tensors = learnedTensors(run, dtype, signal).map((tensor) => ({ ...tensor, name: nameOf(tensor.name) }))
    await writeSafetensors(join(folder, 'adapter_model.safetensors'), tensors, { metadata: { format: 'pt' }, signal, onProgress })
  }
})

/** LoraConfig as PEFT saves it. Layers are named one by one, so that no version of PEFT can read a pattern otherwise. */
function adapterConfig({ base, definition, selection, marks, answering }: ExportableRun): Record<string, unknown> {
  const options = definition.options as LoraOptions // The method's own, as its id says.
  const saved = selection.parameters.filter(isSaved(options)).map(({ name }) => moduleOf(name))
  const paths = [...selection.attached.keys()]
  const ranks = paths.map((path) => [path, rankAt(path, options)] as const).filter(([, rank]) => rank !== options.r)
  const alphas = paths.map((path) => [path, alphaAt(path, options)] as const).filter(([, alpha]) => alpha !== options.lora_alpha)
  return {
    peft_type: 'LORA',
    task_type: marks ? 'TOKEN_CLS' : answering ? 'QUESTION_ANS' : 'SEQ_CLS',
    base_model_name_or_path: basename(base.folder),
    r: options.r,
    lora_alpha: options.lora_alpha,
    lora_dropout: options.lora_dropout,
    use_rslora: options.use_rslora,
    target_modules: paths,
    rank_pattern: asPattern(ranks),
    alpha_pattern: asPattern(alphas),
    modules_to_save: [...new Set(saved)],
    bias: options.bias,
    fan_in_fan_out: false,
    init_lora_weights: true,
    inference_mode: true
  }
}

/** PEFT reads keys of patterns as regular expressions. */
const asPattern = (values: readonly (readonly [path: string, value: number])[]): Readonly<Record<string, number>> =>
  Object.fromEntries(values.map(([path, value]) => [path.replaceAll('.', '\\.'), value]))

/** Whether a tensor is kept because its module was trained in full; biases that `bias` trains stand by themselves. */
const isSaved =
  ({ bias, modules_to_save: modules }: LoraOptions) =>
  ({ name, origin }: Parameter): boolean =>
    origin !== 'adapter' && (bias === 'none' || !name.endsWith('.bias') || isHead(name) || isInModules(name, modules))

const isHead = (name: string): boolean => /^(?:pre_classifier|classifier|score|qa_outputs)\./.test(name)

/** PEFT wraps a layer that has an adapter: its own bias then lies one module further in. */
function storedName({ selection }: ExportableRun, name: string): string {
  const path = name.replace(/\.bias$/, '')
  return path !== name && selection.attached.has(path) ? `${path}.base_layer.bias` : name
}

/** PEFT saves heads whole, by their first name; anything else by the path of its module. */
const moduleOf = (tensor: string): string =>
  /^(?:pre_classifier|classifier|score|qa_outputs)(?=\.)/.exec(tensor)?.[0] ?? tensor.replace(/\.[^.]+$/, '')
