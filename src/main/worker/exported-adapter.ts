import { join } from 'node:path'
import { InputError } from '../base/errors.ts'
import { readFile } from '../base/sealed/fs.ts'
import { PEFT_PREFIX } from '../export/peft-adapter.ts'
import { lora } from '../engine/peft/lora/index.ts'
import type { PeftMethod } from '../engine/peft/define-method.ts'
import type { LoraOptions } from '../engine/peft/lora/options.ts'
import type { Runtime, StateTensor } from '../engine/runtime/port.ts'
import { selectParameters, type ModelDefinition, type ParameterSelection } from '../engine/training/model-definition.ts'
import { openModelFolder, type ModelFolder } from '../engine/training/model-folder.ts'
import { openSafetensors } from '../engine/weights/checkpoint-folder.ts'
import { readTensor } from '../engine/weights/read-tensor.ts'

export interface LoadedAdapter {
  readonly model: ModelFolder
  readonly definition: ModelDefinition
  readonly selection: ParameterSelection
  readonly state: (slot: string) => StateTensor
}

/** Reads a PEFT adapter by its two files alone and puts it onto its base model. @throws InputError where a tensor is missing */
export async function loadAdapter(runtime: Runtime, folder: string, baseFolder: string, labels: number): Promise<LoadedAdapter> {
  const model = await openModelFolder(baseFolder)
  const read = JSON.parse(await readFile(join(folder, 'adapter_config.json'), 'utf8')) as Record<string, unknown> // Written by our exporter.
  const options = { ...read, layers_to_transform: null, loraplus_lr_ratio: null } as unknown as LoraOptions // As above.
  const definition: ModelDefinition = {
    ...{ architecture: model.architecture, config: model.config, head: 'sequence-classification', labels },
    ...{ method: lora as PeftMethod<unknown>, options, stored: new Set(model.storedNames.keys()) }
  }
  const selection = selectParameters(definition)
  const file = await openSafetensors(join(folder, 'adapter_model.safetensors'))
  const states = new Map<string, StateTensor>()
  for (const { name, shape } of selection.parameters) {
    const stored = `${PEFT_PREFIX}${name}`
    if (file.tensors.get(stored)?.shape.join() !== shape.join())
      throw new InputError('export-incomplete', `The exported weights lack ${name}. Export the run again.`, { tensor: name })
    const state = runtime.allocate('float32', shape)
    await state.write(new Float32Array(await readTensor(file, stored)), 0)
    states.set(name, state)
  }
  const state = (slot: string): StateTensor => {
    const found = states.get(slot)
    if (!found) throw new Error(`the adapter has no ${slot}`)
    return found
  }
  return { model, definition, selection, state }
}
