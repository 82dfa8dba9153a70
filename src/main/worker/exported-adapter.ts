import { InputError } from '../base/errors.ts'
import type { PeftMethod } from '../engine/peft/define-method.ts'
import { lora } from '../engine/peft/lora/index.ts'
import type { Runtime, StateTensor } from '../engine/runtime/port.ts'
import { openAdapterFolder } from '../engine/training/adapter-folder.ts'
import { fitAdapter } from '../engine/training/fit-adapter.ts'
import { selectParameters, type ModelDefinition, type ParameterSelection } from '../engine/training/model-definition.ts'
import { openModelFolder, type ModelFolder } from '../engine/training/model-folder.ts'
import { readTensor } from '../engine/weights/read-tensor.ts'

export interface LoadedAdapter {
  readonly model: ModelFolder
  readonly definition: ModelDefinition
  readonly selection: ParameterSelection
  readonly state: (slot: string) => StateTensor
}

/** Reads a PEFT adapter by its two files alone, as one from anywhere, and puts it onto its base model. @throws InputError where a tensor is missing */
export async function loadAdapter(runtime: Runtime, folder: string, baseFolder: string, labels: number): Promise<LoadedAdapter> {
  const model = await openModelFolder(baseFolder)
  const adapter = await openAdapterFolder(folder)
  const { options, slots, head } = fitAdapter(adapter, model)
  const definition: ModelDefinition = {
    ...{ architecture: model.architecture, config: model.config, head, labels },
    ...{ method: lora as PeftMethod<unknown>, options, stored: new Set(model.storedNames.keys()) }
  }
  const selection = selectParameters(definition)
  const states = new Map<string, StateTensor>()
  for (const { name, shape } of selection.parameters) {
    const stored = slots.get(name) ?? ''
    if (adapter.checkpoint.tensors.get(stored)?.shape.join() !== shape.join())
      throw new InputError('export-incomplete', `The exported weights lack ${name}. Export the run again.`, { tensor: name })
    const state = runtime.allocate('float32', shape)
    await state.write(new Float32Array(await readTensor(adapter.checkpoint, stored)), 0)
    states.set(name, state)
  }
  const state = (slot: string): StateTensor => {
    const found = states.get(slot)
    if (!found) throw new Error(`the adapter has no ${slot}`)
    return found
  }
  return { model, definition, selection, state }
}
