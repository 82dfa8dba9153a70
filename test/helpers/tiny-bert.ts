import { join } from 'node:path'
import type { ExternalLocation } from '../../src/main/engine/graph/onnx/write-model.ts'
import type { Graph } from '../../src/main/engine/graph/types.ts'
import type { PeftMethod } from '../../src/main/engine/peft/define-method.ts'
import { full } from '../../src/main/engine/peft/full/index.ts'
import { lora } from '../../src/main/engine/peft/lora/index.ts'
import { buildTrainingGraph } from '../../src/main/engine/training/graphs.ts'
import { selectParameters, type ModelDefinition } from '../../src/main/engine/training/model-definition.ts'
import { openModelFolder, storedTensors } from '../../src/main/engine/training/model-folder.ts'

const models = join(import.meta.dirname, '../fixtures/encoders/models')

const adapters = {
  r: 4,
  lora_alpha: 8,
  target_modules: ['query', 'value'],
  use_rslora: false,
  loraplus_lr_ratio: null,
  lora_dropout: 0.1,
  layers_to_transform: null,
  modules_to_save: [],
  bias: 'none',
  init_lora_weights: true
} as const

const methods = {
  full: [full as PeftMethod<unknown>, { freeze: [], freeze_embeddings: false }],
  lora: [lora as PeftMethod<unknown>, adapters],
  'lora without dropout': [lora as PeftMethod<unknown>, { ...adapters, lora_dropout: 0 }]
} as const

export interface TinyTraining {
  readonly graph: Graph
  readonly locate: (tensor: string) => ExternalLocation
}

/** The training graph of a two-layer BERT with three classes (bert-3, written by scripts/reference/encoders.py), and where its weights lie. */
export async function tinyTraining(
  method: keyof typeof methods,
  model = 'bert-3-dropout',
  { accumulate = true, recomputed = 0 } = {}
): Promise<TinyTraining> {
  const folder = await openModelFolder(join(models, model))
  const [peft, options] = methods[method]
  const head = 'sequence-classification'
  const definition: ModelDefinition = {
    architecture: folder.architecture,
    config: folder.config,
    head,
    labels: 3,
    method: peft,
    options,
    stored: storedTensors(folder, head, 3, null)
  }
  const loss = { kind: 'cross_entropy', focalGamma: 2, huberDelta: 1 } as const
  const { graph } = buildTrainingGraph(definition, selectParameters(definition), { loss, accumulate, recomputed })
  const locate = (tensor: string): ExternalLocation => {
    const entry = folder.checkpoint.tensors.get(folder.storedNames.get(tensor) ?? tensor)
    if (!entry) throw new Error(`${model} has no ${tensor}`)
    return { location: 'model.safetensors', offset: entry.offset, length: entry.length }
  }
  return { graph, locate }
}
