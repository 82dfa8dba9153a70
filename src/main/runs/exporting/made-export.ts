import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { RunId } from '../../../preload/contract/common.ts'
import type { ExportId, ExportSummary } from '../../../preload/contract/exports.ts'
import type { ExportRow } from '../../tracker/queries/exports.ts'

/** Bytes of the files in a folder, or of a file. */
export async function sizeOf(path: string): Promise<number> {
  const facts = await stat(path)
  if (!facts.isDirectory()) return facts.size
  const sizes = await Promise.all((await readdir(path)).map((name) => sizeOf(join(path, name))))
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** An export that is on the record, for a screen. */
export function summaryOf(row: ExportRow): ExportSummary {
  return {
    id: row.id as ExportId, // Minted above, as what follows was written above.
    run: row.run_id as RunId,
    format: row.format,
    dtype: row.dtype as ExportSummary['dtype'],
    quantization: row.quantization,
    name: basename(row.folder),
    folder: dirname(row.folder),
    state: 'done',
    madeAt: row.made_at,
    progress: null,
    bytes: row.bytes,
    replay: JSON.parse(row.replay) as ExportSummary['replay'],
    memorisation: row.memorisation === null ? null : (JSON.parse(row.memorisation) as ExportSummary['memorisation']),
    signedBy: row.signed_by,
    failure: null,
    // Just made, or read by `list`.
    status: 'draft'
  }
}
