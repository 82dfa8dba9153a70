import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { backward } from '../../../../../src/main/engine/autodiff/backward.ts'
import { Ops } from '../../../../../src/main/engine/graph/operations.ts'
import { weightedLoss, type LossKind } from '../../../../../src/main/engine/tasks/losses.ts'
import {
  batchTargets,
  type BatchTargets,
  type TargetSettings,
  type Targets
} from '../../../../../src/main/engine/training/targets.ts'
import { evaluate } from '../../../../helpers/interpreter/index.ts'

interface LossCase {
  readonly name: string
  readonly kind: LossKind
  readonly settings: {
    readonly smoothing?: number
    readonly class_weights?: readonly number[] | null
    readonly focal_gamma?: number
    readonly huber_delta?: number
    readonly shift?: number
    readonly scale?: number
  }
  readonly logits: readonly (readonly number[])[]
  readonly target: readonly (number | readonly number[])[]
  readonly loss: number
  readonly gradient: readonly (readonly number[])[]
}

// Written by scripts/reference/losses.py in double precision; targets and weights are exact in float32.
const file = join(import.meta.dirname, '../../../../fixtures/losses/losses.json')
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { readonly cases: readonly LossCase[] } // Our own fixture.

function targetsOf({ kind, target, logits }: LossCase): Targets {
  const flat = target.flat()
  const classes = logits[0]?.length ?? 0
  if (kind === 'cross_entropy' || kind === 'focal') return { kind: 'single-label', labels: Int32Array.from(flat), classes }
  if (kind === 'bce') return { kind: 'multi-label', labels: Uint8Array.from(flat), classes }
  return { kind: 'regression', values: Float64Array.from(flat), classes: 1 }
}

function settingsOf({ settings }: LossCase): TargetSettings {
  const { smoothing = 0, class_weights: weights, shift = 0, scale = 1 } = settings
  return { smoothing, classWeights: weights ? Float64Array.from(weights) : null, shift, scale }
}

interface LossGraph {
  readonly loss: number
  readonly gradient: Float64Array
}

/** The weighted sum of the losses of `rows`, and its gradient by their logits. */
function run(record: LossCase, rows: readonly number[], { inputs }: BatchTargets): LossGraph {
  const g = new Ops({ training: true })
  const classes = record.logits[0]?.length ?? 0
  const z = g.state('logits', 'float32', [rows.length, classes])
  const { focal_gamma: focalGamma = 2, huber_delta: huberDelta = 1 } = record.settings
  const loss = weightedLoss(g, z, { kind: record.kind, focalGamma, huberDelta })
  g.output('loss', loss)
  for (const [, gradient] of backward(g, loss, [z])) g.output('gradient', gradient)
  const fed = Object.fromEntries(Object.entries(inputs).map(([name, { data }]) => [name, Array.from(data, Number)]))
  const outputs = evaluate(g.build(), { values: { logits: rows.flatMap((row) => record.logits[row] ?? []), ...fed } })
  return { loss: outputs['loss']?.data[0] ?? NaN, gradient: outputs['gradient']?.data ?? new Float64Array() }
}

const all = [0, 1, 2, 3, 4]

describe.each(cases)('$name', (record) => {
  const batch = (rows: readonly number[]): BatchTargets =>
    batchTargets(targetsOf(record), settingsOf(record), Int32Array.from(rows))

  it('is the mean that torch computes, with its gradient, to 1e-12', () => {
    const targets = batch(all)
    const { loss, gradient } = run(record, all, targets)
    expect(Math.abs(loss / targets.weight - record.loss)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(record.loss)))
    record.gradient.flat().forEach((expected, i) => {
      expect(Math.abs((gradient[i] ?? NaN) / targets.weight - expected), `gradient[${i}]`).toBeLessThanOrEqual(1e-12)
    })
  })

  it('adds up over micro-batches to the loss of the whole batch (design §4.5)', () => {
    const parts = [[3, 0], [2], [1, 4]].map((rows) => ({ targets: batch(rows), rows }))
    const weight = parts.reduce((sum, { targets }) => sum + targets.weight, 0)
    const loss = parts.reduce((sum, { rows, targets }) => sum + run(record, rows, targets).loss, 0)
    expect(Math.abs(loss / weight - record.loss)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(record.loss)))
  })
})

describe('windows of one text', () => {
  it('count as one row when each has its share', () => {
    const record = cases.find(({ name }) => name === 'cross-entropy with both')
    if (!record) throw new Error('the fixture lacks the case')
    const settings = settingsOf(record)
    const [whole, windows] = [
      batchTargets(targetsOf(record), settings, Int32Array.of(2)),
      batchTargets(targetsOf(record), settings, Int32Array.of(2, 2), Float64Array.of(0.25, 0.75))
    ]
    expect(windows.weight).toBeCloseTo(whole.weight, 12)
    const [one, two] = [run(record, [2], whole), run(record, [2, 2], windows)]
    expect(two.loss).toBeCloseTo(one.loss, 6)
  })
})
