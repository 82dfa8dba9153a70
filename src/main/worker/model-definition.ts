import type { RunConfig } from '../config/config-types.ts'
import type { ModelDefinition } from '../engine/training/model-definition.ts'
import { storedTensors, type ModelFolder } from '../engine/training/model-folder.ts'
import { methodOf } from './methods.ts'

/** The model that a run trains: family, head and method, and which tensors come from the checkpoint. */
export function modelDefinitionOf(config: RunConfig, model: ModelFolder, classNames: readonly string[]): ModelDefinition {
  const { architecture, config: sizes } = model
  const head = config.task === 'masked-lm' ? 'masked-lm' : 'sequence-classification'
  const headOptions = config.task === 'masked-lm' ? {} : { headOptions: config.head }
  const labels = Math.max(1, classNames.length)
  const named = classNames.length === 0 ? null : classNames
  const stored = storedTensors(model, head, labels, named, headOptions.headOptions)
  return { architecture, config: sizes, head, ...headOptions, labels, ...methodOf(config), stored }
}
