import type { RunConfig } from '../config/config-types.ts'
import { checkFiles, factOf } from '../export/check-files.ts'
import type { Fact, Manifest } from '../export/manifest.ts'
import { readManifest } from '../export/read-manifest.ts'
import { readReviews, retiredSentence, type Reviews } from '../export/reviews.ts'
import { fingerprint } from '../export/signing-key.ts'
import { noDecision, type FixedDecision } from '../report/fixed-decision.ts'
import type { Calibration } from './judge.ts'
import type { NoteEvent } from './protocol.ts'

/** An export whose manifest and files are as they were signed. */
export interface CheckedExport extends Reviews {
  readonly folder: string
  readonly manifest: Manifest
  /** Files that the manifest lists. */
  readonly files: number
  /** `huggingface`, `onnx`, … */
  readonly format: string
  /** Fingerprint of the installation that made it. */
  readonly signedBy: string
  /** The configuration as far as a manifest keeps it: how rows are read, split and cut. */
  readonly config: RunConfig
  readonly reading: ExportReading
}

/** How an export's logits are read. */
export interface ExportReading {
  readonly problem: string
  readonly classNames: readonly string[]
  readonly calibration: Calibration
  readonly decision: FixedDecision
}

/**
 * Reads an export's manifest and checks its chain, its signature and every file.
 * @throws InputError with one sentence for what does not fit
 */
export async function openExport(folder: string, signal: AbortSignal): Promise<CheckedExport> {
  const manifest = await readManifest(folder)
  const files = await checkFiles(folder, manifest, signal)
  const reading = factOf(manifest, 'reading')
  return {
    folder,
    manifest,
    files,
    ...(await readReviews(folder)),
    format: String(factOf(manifest, 'tools')['format']),
    signedBy: fingerprint(manifest.signature.public_key),
    config: configOf(factOf(manifest, 'config')),
    // Signed, as exportRun wrote it.
    reading: {
      problem: String(reading['problem']),
      classNames: reading['class_names'] as readonly string[],
      calibration: reading['calibration'] as Calibration,
      decision: (reading['decision'] ?? noDecision) as FixedDecision
    }
  }
}

/** Says so where an export is not to be used any more. */
export function tellIfRetired({ reviews }: Reviews, emit: (event: NoteEvent) => void): void {
  const retired = reviews.find(({ status }) => status === 'retired')
  if (retired) emit({ event: 'note', code: 'retired', message: retiredSentence(retired) })
}

function configOf(fact: Fact): RunConfig {
  const { data, is_split_by_file: isSplitByFile } = fact
  const place = isSplitByFile === true ? {} : { file: '' }
  return { ...fact, data: { ...(data as object), ...place } } as unknown as RunConfig // Signed, and read as far as it goes.
}
