import { InputError } from '../base/errors.ts'
import type { Calibrate } from '../export/define-exporter.ts'
import type { Runtime } from '../engine/runtime/port.ts'
import { ExportedOnnx } from './exported-onnx.ts'
import type { ExportedAbout } from './opened-export.ts'
import type { CalibratingRows } from './own-rows.ts'

export interface CalibratorInput {
  readonly runtime: Runtime
  /** Where the exporter writes, tokenizer and config.json first. */
  readonly folder: string
  readonly about: ExportedAbout
  readonly rows: CalibratingRows | null
  readonly signal: AbortSignal
}

/**
 * Lets an exporter watch its model answer validation rows. Rows that the run was tested on are never used: ranges fitted to them would flatter the test.
 * @throws InputError where the run has no validation rows of their own
 */
export function calibrator({ runtime, folder, about, rows, signal }: CalibratorInput): Calibrate {
  if (rows === null) {
    const sentence =
      'int8 with measured ranges needs validation rows that the run was not tested on, and this run has none. Export it with --quantization dynamic, or train it with a validation and a test part.'
    const inApp =
      'int8 with measured ranges needs validation rows that the run was not tested on, and this run has none. Train it with a validation and a test part.'
    throw new InputError('export-uncalibrated', sentence, { inApp })
  }
  return async (outputs, onBatch) => {
    const model = await ExportedOnnx.open(runtime, folder, about)
    try {
      await model.observe(await model.encode(rows.texts, rows.pairs, signal), outputs, signal, onBatch)
    } finally {
      await model.dispose()
    }
  }
}
