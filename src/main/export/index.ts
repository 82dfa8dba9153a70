import { InputError } from '../base/errors.ts'
import { shown } from '../base/wording.ts'
import type { Exporter } from './define-exporter.ts'
import { huggingFace } from './hugging-face.ts'
import { onnx, onnxHalf } from './onnx/index.ts'
import { onnxInt4, onnxInt8 } from './onnx/quantized.ts'
import { packed } from './packed.ts'
import { onnxParts } from './onnx/parts.ts'
import { peftAdapter } from './peft-adapter.ts'

/** Every form that `--format` can name. */
export const exporters = {
  huggingface: huggingFace,
  peft: peftAdapter,
  onnx,
  'onnx-fp16': onnxHalf,
  'onnx-parts': onnxParts,
  'onnx-int8': onnxInt8,
  'onnx-int4': onnxInt4,
  attune: packed(huggingFace, 'model'),
  'attune-adapter': packed(peftAdapter, 'adapter')
} as const satisfies Readonly<Record<string, Exporter>>
export type ExportFormat = keyof typeof exporters

/** @throws InputError for a form that there is not */
export function exporterOf(format: string): Exporter {
  if (Object.hasOwn(exporters, format)) return exporters[format as ExportFormat] // One of its own keys.
  const known = Object.keys(exporters).join(', ')
  throw new InputError('export-unsupported', `Attune cannot export as ${shown(format)}. It can as ${known}.`)
}
