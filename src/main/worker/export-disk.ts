import { dirname, join } from 'node:path'
import { InputError } from '../base/errors.ts'
import { showBytes } from '../base/storage-problem.ts'
import type { ExportableRun, Exporter } from '../export/define-exporter.ts'
import type { ExportType } from '../export/trained-tensors.ts'
import { elementBytes, elementCount } from '../engine/weights/elements.ts'
import { missingPreparation } from '../engine/weights/prepared.ts'
import { realFileSystems, sumByFileSystem, type DiskItem, type FileSystems } from './disk.ts'

/** Tokenizer, licence, card, papers and manifest. */
const BESIDE_BYTES = 20e6

export interface ExportDiskInput {
  readonly exporter: Exporter
  readonly run: ExportableRun
  readonly dtype: ExportType
  /** A pack's file, or the folder of every other form. */
  readonly target: string
  readonly cacheFolder: string
}

/** What an export writes, and what testing it writes beside. */
async function itemsOf({ exporter, run, dtype, target, cacheFolder }: ExportDiskInput): Promise<DiskItem[]> {
  const { base, definition, selection } = run
  const bytes = exporter.bytes(run, dtype) + BESIDE_BYTES
  const weights = join(cacheFolder, 'weights')
  const need = [...definition.stored].map((name) => base.storedNames.get(name) ?? name)
  // The runtime maps float32: of anything else it gets a copy.
  const isMapped = exporter.replay !== 'weights' || dtype === 'fp32'
  const elements = selection.tensors.reduce((sum, { shape }) => sum + elementCount(shape), 0)
  const own = isMapped ? 0 : elements * elementBytes.F32
  const tested = (await missingPreparation(base.checkpoint, weights, need)) + own
  const files: DiskItem[] = [{ what: 'the export', folder: dirname(target), bytes }]
  // The folder that becomes a pack, and the one that the pack is unpacked to, lie among the caches one after the other.
  if (exporter.packs !== undefined) files.push({ what: 'the folder that is packed', folder: weights, bytes })
  return tested === 0 ? files : [...files, { what: 'weights to test it with', folder: weights, bytes: tested }]
}

/** Predicts a full disk instead of meeting it. @throws InputError naming what is needed and what is free */
export async function requireExportSpace(input: ExportDiskInput, fileSystems: FileSystems = realFileSystems): Promise<void> {
  for (const { folder, bytes, free, items } of await sumByFileSystem(await itemsOf(input), fileSystems)) {
    if (bytes <= free) continue
    const parts = items.map((item) => `${item.what} ${showBytes(item.bytes)}`).join(', ')
    const rest = `(${parts}), and ${showBytes(free)} are free there. Free some space, or choose another disk.`
    const sentence = `This export needs ${showBytes(bytes)} on the disk that holds ${folder} ${rest}`
    throw new InputError('export-disk', sentence, {
      file: folder,
      inApp: `This export needs ${showBytes(bytes)} on one disk ${rest}`
    })
  }
}
