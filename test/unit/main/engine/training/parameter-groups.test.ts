import { describe, expect, it } from 'vitest'
import type { Parameter } from '../../../../../src/main/engine/training/model-definition.ts'
import { isDecayExempt, layOut, without, type GroupSettings } from '../../../../../src/main/engine/training/parameter-groups.ts'

const parameter = (name: string, size: number): Parameter => ({
  name,
  shape: [size],
  size,
  layer: null,
  role: 'layer',
  origin: 'base',
  spec: { init: { kind: 'zeros' } },
  learningRateScale: 1
})

const parameters = [parameter('b.weight', 33), parameter('a.weight', 5), parameter('a.bias', 16), parameter('head.weight', 1)]
const settings = ({ name }: Parameter): GroupSettings => ({
  learningRateScale: name.startsWith('head') ? 10 : 1,
  weightDecay: isDecayExempt(name) ? 0 : 0.01,
  schedule: 0,
  phase: 0
})

describe('the layout of parameters', () => {
  const { groups, size } = layOut(parameters, settings)

  it('gives the stretches between those that are left out, each element of the others once', () => {
    const { groups: one } = layOut(
      [1, 40, 16, 3].map((length, i) => parameter(`${i}.weight`, length)),
      settings
    )
    const parts = (...names: string[]) =>
      one.flatMap((group) => without(group, new Set(names))).map(({ offset, size: n }) => [offset, n])
    expect(parts()).toEqual([[0, 96]])
    expect(parts('1.weight')).toEqual([
      [0, 16],
      [64, 32]
    ])
    expect(parts('0.weight', '3.weight')).toEqual([[16, 64]])
  })

  it('puts those with equal settings together, by name, each at a multiple of 16', () => {
    expect(
      groups.map(({ offset, size: length, slots }) => ({
        offset,
        length,
        slots: slots.map((slot) => [slot.parameter.name, slot.offset])
      }))
    ).toEqual([
      { offset: 0, length: 16, slots: [['head.weight', 0]] },
      { offset: 16, length: 16, slots: [['a.bias', 16]] },
      {
        offset: 32,
        length: 64,
        slots: [
          ['a.weight', 32],
          ['b.weight', 48]
        ]
      }
    ])
    expect(size).toBe(96)
  })

  it('keeps the settings with the group', () => {
    expect(groups.map(({ learningRateScale, weightDecay }) => [learningRateScale, weightDecay])).toEqual([
      [10, 0.01],
      [1, 0],
      [1, 0.01]
    ])
  })

  it('does not depend on the order in which parameters come', () => {
    expect(layOut([...parameters].reverse(), settings)).toEqual({ groups, size })
  })

  it('separates what learns from different phases and schedules', () => {
    const apart = layOut(parameters, (each) => ({
      ...settings(each),
      phase: each.name.startsWith('head') ? 0 : 1,
      schedule: each.size
    }))
    expect(apart.groups).toHaveLength(4)
    expect(apart.groups[0]?.slots[0]?.parameter.name).toBe('head.weight')
  })
})

describe('weight decay', () => {
  it.each([
    'bert.encoder.layer.0.attention.output.LayerNorm.weight',
    'bert.embeddings.LayerNorm.bias',
    'distilbert.transformer.layer.0.sa_layer_norm.weight',
    'distilbert.transformer.layer.0.output_layer_norm.weight',
    'lm_head.layer_norm.weight',
    'transformer.h.0.ln_1.weight',
    'model.norm.weight',
    'classifier.bias',
    'cls.predictions.bias'
  ])('leaves %s alone', (name) => {
    expect(isDecayExempt(name)).toBe(true)
  })

  it.each([
    'bert.embeddings.word_embeddings.weight',
    'classifier.weight',
    'x.query.lora_A.weight',
    'vocab_transform.weight',
    'normal.weight'
  ])('pulls at %s', (name) => {
    expect(isDecayExempt(name)).toBe(false)
  })
})
