import { basename, join } from 'node:path'
import { writeJsonAtomic } from '../base/files.ts'
import type { LoraOptions } from '../engine/peft/lora/options.ts'
import { writeSafetensors } from '../engine/weights/safetensors.ts'
import { carryFiles } from './carried-files.ts'
import { defineExporter, type ExportableRun } from './define-exporter.ts'
import { learnedTensors, sizeInBytes } from './trained-tensors.ts'

/** What PEFT puts before the base model's own names. */
export const PEFT_PREFIX = 'base_model.model.'

/** A folder that `peft.PeftModel.from_pretrained` loads onto the base model: LoRA, rsLoRA, LoRA+, with the head in modules_to_save. */
export const peftAdapter = defineExporter({
  id: 'peft',
  title: 'PEFT adapter',
  dtypes: ['fp32', 'fp16', 'bf16'],
  card: { library: 'peft' },
  supports({ definition }) {
    if (definition.method.id !== 'lora')
      return { ok: false, reason: `${definition.method.title} makes no adapter: export as huggingface.` }
    const { headOptions: head } = definition
    if (head && (head.pooling !== 'default' || head.hidden_sizes.length > 0))
      return {
        ok: false,
        reason: 'Its head is of your own making (head.pooling or head.hidden_sizes), which transformers does not know.'
      }
    const { bias } = definition.options as LoraOptions // The method's own, as its id says.
    return bias === 'none'
      ? { ok: true }
      : { ok: false, reason: 'It trained biases of the base model too: export as huggingface.' }
  },
  bytes: (run, dtype) => learnedTensors(run, dtype).reduce((sum, tensor) => sum + sizeInBytes(tensor), 0),
  async write({ run, folder, dtype, signal, onProgress }) {
    await writeJsonAtomic(join(folder, 'adapter_config.json'), adapterConfig(run))
    await carryFiles(run.base.folder, folder)
    const tensors = learnedTensors(run, dtype, signal).map((tensor) => ({ ...tensor, name: `${PEFT_PREFIX}${tensor.name}` }))
    await writeSafetensors(join(folder, 'adapter_model.safetensors'), tensors, { metadata: { format: 'pt' }, signal, onProgress })
  }
})

/** LoraConfig as PEFT saves it. Layers are named one by one, so that no version of PEFT can read a pattern otherwise. */
function adapterConfig({ base, definition, selection }: ExportableRun): Record<string, unknown> {
  const options = definition.options as LoraOptions // As above.
  const saved = selection.parameters.filter(({ origin }) => origin !== 'adapter').map(({ name }) => moduleOf(name))
  return {
    peft_type: 'LORA',
    task_type: 'SEQ_CLS',
    base_model_name_or_path: basename(base.folder),
    r: options.r,
    lora_alpha: options.lora_alpha,
    lora_dropout: options.lora_dropout,
    use_rslora: options.use_rslora,
    target_modules: [...selection.attached.keys()],
    modules_to_save: [...new Set(saved)],
    bias: 'none',
    fan_in_fan_out: false,
    init_lora_weights: true,
    inference_mode: true
  }
}

/** PEFT saves heads whole, by their first name; anything else by the path of its module. */
const moduleOf = (tensor: string): string =>
  /^(?:pre_classifier|classifier|score)(?=\.)/.exec(tensor)?.[0] ?? tensor.replace(/\.[^.]+$/, '')
