import type { HostTensor } from '../runtime/port.ts'
import { lossFeeds } from '../tasks/losses.ts'

/** What the rows of a data set should be answered with. */
export type Targets =
  /** One class a row. */
  | { readonly kind: 'single-label'; readonly labels: Int32Array; readonly classes: number }
  /** Any number of classes a row: 0 or 1, [rows, classes]. */
  | { readonly kind: 'multi-label'; readonly labels: Uint8Array; readonly classes: number }
  /** Numbers, [rows, 1]. */
  | { readonly kind: 'regression'; readonly values: Float64Array; readonly classes: 1 }

export interface TargetSettings {
  /** ε of label smoothing, 0 for none. */
  readonly smoothing: number
  /** One weight a class, or null for all 1. */
  readonly classWeights: Float64Array | null
  /** regression: targets are (value − shift) / scale while training. */
  readonly shift: number
  readonly scale: number
}

/** A batch's targets as the losses want them, and the weight they stand for (the divisor of the loss). */
export interface BatchTargets {
  readonly inputs: Readonly<Record<string, HostTensor>>
  readonly weight: number
}

/** Targets for `rows` of the data set, by the formulas in losses.ts; `share` scales a row's weight (windows of one text share it). */
export function batchTargets(
  targets: Targets,
  settings: TargetSettings,
  rows: Int32Array,
  share: Float64Array | null = null
): BatchTargets {
  switch (targets.kind) {
    case 'single-label':
      return singleLabel(targets.labels, targets.classes, settings, rows, share)
    case 'multi-label':
      return elementwise(
        rows,
        targets.classes,
        share,
        settings.classWeights,
        (row, c) => targets.labels[row * targets.classes + c] ?? 0
      )
    case 'regression':
      return elementwise(rows, 1, share, null, (row) => ((targets.values[row] ?? 0) - settings.shift) / settings.scale)
  }
}

function singleLabel(
  labels: Int32Array,
  classes: number,
  { smoothing, classWeights }: TargetSettings,
  rows: Int32Array,
  share: Float64Array | null
): BatchTargets {
  const data = new Float32Array(rows.length * classes)
  let weight = 0
  rows.forEach((row, i) => {
    const label = labels[row] ?? 0
    const part = share?.[i] ?? 1
    const rowWeight = (classWeights?.[label] ?? 1) * part
    weight += rowWeight
    for (let c = 0; c < classes; c++) data[i * classes + c] = (smoothing / classes) * (classWeights?.[c] ?? 1) * part
    data[i * classes + label] = (data[i * classes + label] ?? 0) + (1 - smoothing) * rowWeight
  })
  return { inputs: { [lossFeeds.targets]: { type: 'float32', shape: [rows.length, classes], data } }, weight }
}

function elementwise(
  rows: Int32Array,
  classes: number,
  share: Float64Array | null,
  classWeights: Float64Array | null,
  target: (row: number, column: number) => number
): BatchTargets {
  const shape = [rows.length, classes]
  const data = new Float32Array(rows.length * classes)
  const weights = new Float32Array(data.length)
  let weight = 0
  rows.forEach((row, i) => {
    for (let c = 0; c < classes; c++) {
      const at = i * classes + c
      data[at] = target(row, c)
      // A class weight counts for the rows that carry the class, as torch's pos_weight does.
      weights[at] = (share?.[i] ?? 1) * (data[at] === 1 ? (classWeights?.[c] ?? 1) : 1)
      weight += share?.[i] ?? 1
    }
  })
  const tensor = (values: Float32Array<ArrayBuffer>): HostTensor => ({ type: 'float32', shape, data: values })
  return { inputs: { [lossFeeds.targets]: tensor(data), [lossFeeds.targetWeights]: tensor(weights) }, weight }
}
