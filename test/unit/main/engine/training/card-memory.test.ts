import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { PeftMethod } from '../../../../../src/main/engine/peft/define-method.ts'
import { full } from '../../../../../src/main/engine/peft/full/index.ts'
import { lora } from '../../../../../src/main/engine/peft/lora/index.ts'
import { cardWork, planCardMemory, type CardRun } from '../../../../../src/main/engine/training/card-memory.ts'
import { buildEvaluationGraph, buildTrainingGraph } from '../../../../../src/main/engine/training/graphs.ts'
import { selectParameters, type ModelDefinition } from '../../../../../src/main/engine/training/model-definition.ts'
import { openModelFolder } from '../../../../../src/main/engine/training/model-folder.ts'
import { isDecayExempt, layOut } from '../../../../../src/main/engine/training/parameter-groups.ts'

const adapter = { r: 8, lora_alpha: 16, lora_dropout: 0, use_rslora: false, loraplus_lr_ratio: null, init_lora_weights: true }
const methods = {
  lora: [
    lora as PeftMethod<unknown>,
    { ...adapter, target_modules: ['query', 'value'], layers_to_transform: null, modules_to_save: [], bias: 'none' }
  ],
  full: [full as PeftMethod<unknown>, { freeze: [], freeze_embeddings: false }]
} as const

const sizes = { rows: 16, texts: 16, time: 128, tokens: 2048, examples: 16, longest: 128 }

/** The step of bench/README.md: six layers, 768 wide, batches of 16 × 128 tokens. No weight of it is there. */
async function stepOf(method: keyof typeof methods, dropout = 0): Promise<CardRun> {
  const folder = join(import.meta.dirname, '../../../../fixtures/encoders/models/bert-3-dropout')
  const { architecture, config: tiny } = await openModelFolder(folder, {
    hidden: dropout,
    attention: dropout,
    classifier: dropout
  })
  const wide = { width: 768, intermediate: 3072, heads: 12, layers: 6, vocabularySize: 30_522, maxPositions: 512 }
  const config = { ...tiny, ...wide }
  const [peft, options] = methods[method]
  const stored = new Set(architecture.tensors(config).map(({ name }) => name))
  const head = 'sequence-classification'
  const definition: ModelDefinition = { architecture, config, labels: 3, stored, head, method: peft, options }
  const selection = selectParameters(definition)
  const { groups, size } = layOut(selection.parameters, ({ name, learningRateScale }) => ({
    ...{ learningRateScale, schedule: 0, phase: 0 },
    weightDecay: isDecayExempt(name) ? 0 : 0.01
  }))
  const loss = { kind: 'cross_entropy', focalGamma: 2, huberDelta: 1 } as const
  return {
    training: buildTrainingGraph(definition, selection, { loss, accumulate: false }),
    evaluation: buildEvaluationGraph(definition, selection, { loss }),
    sizes: { training: sizes, evaluation: sizes },
    arena: { groups, size },
    optimizer: 'adamw',
    precision: 'float32'
  }
}

const MiB = 2 ** 20

describe('memory on an NVIDIA card', () => {
  // bench/README.md, "What takes the card's memory", at the sixth step: nothing was evaluated there, and cuBLAS kept 65.5 or 9.5 MiB for a session.
  test.each([
    ['lora', 9.5, 1753, 0.02],
    ['lora', 65.5, 3097, 0.02],
    ['full', 65.5, 4751, 0.2]
  ] as const)(
    '%s with %d MiB of cuBLAS’s for each session is that of an H200, %d MiB, within %d',
    async (method, kept, wanted, margin) => {
      const { total, ...parts } = planCardMemory({ ...(await stepOf(method)), evaluation: null }, kept * MiB)
      expect(Math.abs(total / (wanted * MiB) - 1)).toBeLessThan(margin)
      expect(Object.values(parts).reduce((sum, bytes) => sum + bytes, 0)).toBe(total)
    }
  )

  test('holds frozen weights once, and what learns with its gradient and two moments', async () => {
    const [some, all] = [await stepOf('lora'), await stepOf('full')].map((run) => planCardMemory(run))
    expect(all?.frozen).toBe(0)
    expect(all?.trained).toBeGreaterThan(16 * 66e6)
    // 67 million float32, each tensor in pieces of 2 MiB.
    expect(some?.frozen).toBeGreaterThan(4 * 66e6)
    expect(some?.frozen).toBeLessThan(1.25 * 4 * 67e6)
    // LoRA's 150 thousand, and a pooler of 590 thousand that this model's folder does not have.
    expect(some?.trained).toBeLessThan(16 * 760e3)
  })

  test('is less in 16 bits, and more with dropout masks and an evaluation', async () => {
    const run = await stepOf('lora')
    const { total, values } = planCardMemory({ ...run, evaluation: null })
    expect(planCardMemory({ ...run, evaluation: null, precision: 'bf16' }).values).toBeLessThan(0.91 * values)
    expect(planCardMemory(run).total).toBeGreaterThan(total)
    expect(planCardMemory({ ...(await stepOf('lora', 0.1)), evaluation: null }).values).toBeGreaterThan(values)
  })
})

test('the work of a step is that of its products, and a kernel for each node', async () => {
  const [some, all] = [await stepOf('lora'), await stepOf('full')].map((run) => cardWork(run))
  // Six layers of 4·768² + 2·768·3072 weights, 2048 tokens, two operations each: forward 174e9, LoRA goes back once, a full step twice.
  expect(some!.operations / 1e9).toBeGreaterThan(280)
  expect(some!.operations / 1e9).toBeLessThan(360)
  expect(all!.operations / some!.operations).toBeGreaterThan(1.4)
  expect(all!.kernels).toBeGreaterThan(600)
})
