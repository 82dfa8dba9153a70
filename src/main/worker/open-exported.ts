import { InputError } from '../base/errors.ts'
import type { Exporter } from '../export/define-exporter.ts'
import { exporters } from '../export/index.ts'
import type { Runtime } from '../engine/runtime/port.ts'
import type { ExportedAbout, OpenedExport } from './opened-export.ts'

/** The exporter of a form that a manifest names. @throws InputError for forms that this version does not know */
export function exporterOfManifest(format: string, folder: string): Exporter {
  const found = Object.values<Exporter>(exporters).find(({ id }) => id === format)
  if (found) return found
  const sentence = `This version of Attune cannot open exports of the form ${format}. Use the version that made it, or a newer one.`
  throw new InputError('verify-format', sentence, { file: folder })
}

/** Opens what an exporter wrote, by its files alone. `cacheFolder` is for what a replay needs beside them. */
export async function openExported(
  { replay }: Exporter,
  runtime: Runtime,
  folder: string,
  cacheFolder: string,
  about: ExportedAbout
): Promise<OpenedExport> {
  if (replay === 'onnx' || replay === 'onnx-parts') {
    const { ExportedOnnx } = await import('./exported-onnx.ts')
    return ExportedOnnx.open(runtime, folder, about, replay === 'onnx-parts')
  }
  const { ExportedModel } = await import('./exported-model.ts')
  return ExportedModel.open(runtime, folder, cacheFolder, about)
}
