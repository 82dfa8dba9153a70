import type { RunConfig } from '../config/config-types.ts'
import type { HeadKind } from '../engine/architectures/define-architecture.ts'
import { tagNames } from '../engine/tasks/tags.ts'
import type { ModelDefinition } from '../engine/training/model-definition.ts'
import { storedTensors, type ModelFolder } from '../engine/training/model-folder.ts'
import { methodOf } from './methods.ts'

/** The model that a run trains: family, head and method, and which tensors come from the checkpoint. */
export function modelDefinitionOf(config: RunConfig, model: ModelFolder, classNames: readonly string[]): ModelDefinition {
  const { architecture, config: sizes } = model
  const { head, headOptions } = headOf(config)
  const outputs = config.task === 'token-classification' ? tagNames(classNames, config.head.scheme) : classNames
  // First and last of an answer.
  const labels = config.task === 'question-answering' ? 2 : Math.max(1, outputs.length)
  const named = outputs.length === 0 ? null : outputs
  const stored = storedTensors(model, head, labels, named, headOptions)
  return {
    architecture,
    config: sizes,
    head,
    ...(headOptions && { headOptions }),
    crf: hasCrf(config),
    labels,
    ...methodOf(config),
    stored
  }
}

/** The head of a run's task. */
export const headKindOf = ({ task }: Pick<RunConfig, 'task'>): HeadKind =>
  task === 'text-classification' || task === 'regression' ? 'sequence-classification' : task

/** Whether a conditional random field follows the head. */
export const hasCrf = (config: RunConfig): boolean => config.task === 'token-classification' && config.head.crf

function headOf(config: RunConfig): Pick<ModelDefinition, 'head' | 'headOptions'> {
  switch (config.task) {
    case 'masked-lm':
      return { head: headKindOf(config) }
    case 'token-classification':
    case 'question-answering':
      return { head: headKindOf(config), headOptions: { pooling: 'default', hidden_sizes: [], init: config.head.init } }
    case 'text-classification':
    case 'regression':
      return { head: headKindOf(config), headOptions: config.head }
  }
}
