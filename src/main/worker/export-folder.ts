import { join } from 'node:path'
import type { RunConfig } from '../config/config-types.ts'
import { InputError, systemCodeOf } from '../base/errors.ts'
import { readFile } from '../base/sealed/fs.ts'
import { checkFiles, factOf } from '../export/check-files.ts'
import { checkManifest, MANIFEST, type Fact, type Manifest } from '../export/manifest.ts'
import { fingerprint } from '../export/signing-key.ts'
import { noDecision, type FixedDecision } from '../report/fixed-decision.ts'
import type { Calibration } from './judge.ts'

/** An export whose manifest and files are as they were signed. */
export interface CheckedExport {
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
  const manifest = checkManifest(await readManifest(folder), join(folder, MANIFEST))
  const files = await checkFiles(folder, manifest, signal)
  const reading = factOf(manifest, 'reading')
  return {
    folder,
    manifest,
    files,
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

async function readManifest(folder: string): Promise<string> {
  try {
    return await readFile(join(folder, MANIFEST), 'utf8')
  } catch (error) {
    if (systemCodeOf(error) !== 'ENOENT' && systemCodeOf(error) !== 'ENOTDIR') throw error
    const sentence = `${folder} has no manifest.json: it is no export of Attune, or the file was taken out.`
    throw new InputError('verify-no-manifest', sentence, { file: folder }, { cause: error })
  }
}

function configOf(fact: Fact): RunConfig {
  const { data, is_split_by_file: isSplitByFile } = fact
  const place = isSplitByFile === true ? {} : { file: '' }
  return { ...fact, data: { ...(data as object), ...place } } as unknown as RunConfig // Signed, and read as far as it goes.
}
