import { optimizerState } from '../optimizers/state.ts'
import type { PeftMethod } from '../peft/define-method.ts'
import { lora } from '../peft/lora/index.ts'
import { buildEvaluationGraph, buildTrainingGraph } from './graphs.ts'
import type { Sizes } from './memory.ts'
import { selectParameters, type ModelDefinition } from './model-definition.ts'
import { openModelFolder, storedTensors } from './model-folder.ts'
import { layOut } from './parameter-groups.ts'
import { planMemory } from './run-memory.ts'

/** Memory that training a model takes, in bytes. */
export interface UsualMemory {
  /** A usual run: LoRA on the attention's query and value, two classes, 16 texts at a time. */
  readonly usual: number
  /** The same run in the least memory: a text at a time, every layer computed again on the way back. */
  readonly least: number
}

const adapter = {
  ...{ r: 8, lora_alpha: 16, lora_dropout: 0, use_rslora: false, loraplus_lr_ratio: null, init_lora_weights: true },
  ...{ target_modules: ['query', 'value', 'q_lin', 'v_lin'], layers_to_transform: null, modules_to_save: [], bias: 'none' }
}

/** Texts at a time, and tokens of a text where the model reads as many. */
const usualRows = 16
const usualTokens = 128
/** Three ids of 8 bytes and two weights of 4 for each token of a batch. */
const tokenBytes = 32

/**
 * Works out what training the model in a folder takes, by the planner of runs, from its config.json alone. `held`: bytes that the process has of its own now.
 * @throws InputError where the folder is no model that can be trained
 */
export async function usualMemory(folder: string, held: number): Promise<UsualMemory> {
  const model = await openModelFolder(folder)
  const { architecture, config } = model
  const head = 'sequence-classification'
  const stored = storedTensors(model, head, 2, null)
  // LoRA's options are those of its own declaration.
  const method = lora as PeftMethod<unknown>
  const definition: ModelDefinition = { architecture, config, head, labels: 2, stored, method, options: adapter }
  const selection = selectParameters(definition)
  const { groups, size } = layOut(selection.parameters, () => ({ learningRateScale: 1, weightDecay: 0, schedule: 0, phase: 0 }))
  const state = optimizerState.adamw.map(({ type, per }) => ({ array: { type, size: Math.ceil(size / per) } }))
  const loss = { kind: 'cross_entropy', focalGamma: 2, huberDelta: 1 } as const
  const evaluation = buildEvaluationGraph(definition, selection, { loss })
  const time = Math.min(usualTokens, model.maxTokens)
  const sizesOf = (rows: number): Sizes => ({ rows, texts: rows, time, tokens: rows * time, examples: rows, longest: time })
  const totalOf = (rows: number, recomputed: number): number =>
    planMemory({
      held,
      arena: { size, state, slots: groups.flatMap(({ slots }) => slots) },
      untouched: 0,
      rowBytes: 0,
      training: buildTrainingGraph(definition, selection, { loss, accumulate: rows < usualRows, recomputed }),
      evaluation,
      frozen: null,
      sizes: { training: sizesOf(rows), others: [], evaluation: sizesOf(rows), frozen: sizesOf(rows) },
      accumulation: usualRows / rows,
      batchBytes: rows * time * tokenBytes,
      judged: null
    }).total
  const usual = totalOf(usualRows, 0)
  return { usual, least: Math.min(usual, totalOf(1, config.layers)) }
}
