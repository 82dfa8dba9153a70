import { mkdir, readdir, rmdir, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { InputError, systemCodeOf } from '../base/errors.ts'
import { writeJsonAtomic } from '../base/files.ts'
import { keyRing } from '../base/sealed/key-ring.ts'
import { describeFiles } from '../export/check-files.ts'
import type { Calibrate, ExportableRun, Exporter } from '../export/define-exporter.ts'
import { exporterOf, type ExportFormat } from '../export/index.ts'
import { makeManifest, MANIFEST } from '../export/manifest.ts'
import type { ExportContents } from '../export/paper/contents.ts'
import { memorisationSentence, type Memorisation } from '../export/paper/memorisation.ts'
import { writePaper, type PaperInput } from '../export/paper/write-paper.ts'
import { fingerprint, openSigningKey, type SigningKey } from '../export/signing-key.ts'
import type { Purpose } from '../base/licence/purpose.ts'
import type { ExportType } from '../export/trained-tensors.ts'
import type { Runtime } from '../engine/runtime/port.ts'
import { writeAside } from '../engine/weights/aside.ts'
import { calibrator } from './calibrate.ts'
import { requireWithin, toleranceOf, type Replay } from './compare-answers.ts'
import { requireExportSpace } from './export-disk.ts'
import { exportable } from './exportable-run.ts'
import { exportFacts } from './export-facts.ts'
import { paperOf, type RunPaper } from './export-paper.ts'
import { memorisationOf } from './memorisation.ts'
import { openExported } from './open-exported.ts'
import { answeredBy, type Answered, type ExportedAbout } from './opened-export.ts'
import { packExport, requirePackable } from './pack-export.ts'
import type { FinishedEvent, TrainerEvent } from './protocol.ts'
import { readTested, type Tested } from './tested.ts'
import { openTrained, TrainedModel, type TrainedParts } from './trained-run.ts'

export interface ExportInput {
  readonly runFolder: string
  readonly format: ExportFormat
  readonly dtype: ExportType
  /** A pack's file; a folder for every other format. */
  readonly outFolder: string
  /** ONNX: whether weights go into a file of their own even where one could hold all. */
  readonly externalData: boolean
  /** huggingface: bytes of weights above which another file is begun; 5 GB where left out. */
  readonly shardBytes?: number | undefined
  /** onnx-int8: whether ranges of what weights multiply are measured on validation rows (static) or worked out as the export runs; dynamic where left out. */
  readonly quantization?: 'dynamic' | 'static' | undefined
  /** A pack is encrypted with it; null or left out for one that everyone can read. It is handed on beside the task, never in it. */
  readonly passphrase?: string | null | undefined
  /** Version of Attune, for the manifest. */
  readonly version: string
  /** Where the installation's key lies. */
  readonly keyFolder: string
  readonly contents: ExportContents
  /** A person's answers about the data (`readDatasheet`); null for the file beside the data, where there is one. */
  readonly datasheetFile: string | null
  /** What the model is meant for; nothing was said where left out. */
  readonly purpose?: Purpose | undefined
  /** Whether it leaves though a licence speaks against that. */
  readonly despite?: boolean | undefined
  readonly runtime: Runtime
  readonly cacheFolder: string
  readonly signal: AbortSignal
  readonly emit: (event: TrainerEvent) => void
}

/**
 * Exports a finished run: the files are written aside, the rows that the run was tested on are replayed through them, and only what answers
 * within the tolerance is signed and put in place. The export is plain, even where the run is encrypted, but for a pack with a passphrase.
 * @throws InputError where the target is taken or sealed, the form does not suit the run, its data changed, or the answers differ
 */
export async function exportRun(input: ExportInput): Promise<FinishedEvent> {
  const exporter = exporterOf(input.format)
  const target = resolve(input.outFolder)
  const { packs, title } = exporter
  const { passphrase = null } = input
  if (packs !== undefined) requirePackable(target, passphrase)
  await requireFree(target)
  const parts = await openTrained(input.runFolder, { takesPassages: true, takesQuestions: true })
  const run = exportable(parts)
  const support = exporter.supports(run)
  if (!support.ok) throw new InputError('export-unsupported', `This run cannot be exported as ${title}. ${support.reason}`)
  await requireExportSpace({ exporter, run, dtype: input.dtype, target, cacheFolder: input.cacheFolder })
  const { config } = parts
  if (config.data.file === null && config.data.train === null) throw untested(input.runFolder)
  const { runFolder, signal } = input
  const tested = await readTested(parts, { runFolder, columns: input.contents.groups, signal })
  const { metrics, groups } = tested
  const paper = { ...(await paperOf(input, parts, exporter, run)), groups }
  const key = await openSigningKey(input.keyFolder)
  const job: Job = { input, exporter, run: { ...run, metrics }, parts, tested, paper, key }
  await mkdir(dirname(target), { recursive: true })
  const { cacheFolder } = input
  const pack = packs && { holds: packs, passphrase, cacheFolder, signal, onProgress: progress(input, 'checking') }
  const { replayed: replay, memorisation } = await writeAside(target, (aside) =>
    pack ? packExport(aside, pack, (folder) => writeFolder(folder, job)) : writeFolder(aside, job)
  )
  return {
    event: 'finished',
    out: target,
    format: input.format,
    dtype: input.dtype,
    replay,
    memorisation: memorisation && { ...memorisation, sentence: memorisationSentence(memorisation) },
    licence: paper.licence,
    signed_by: fingerprint(key.publicKey),
    is_plain: passphrase === null,
    has_report: input.contents.report
  }
}

interface Job {
  readonly input: ExportInput
  readonly exporter: Exporter
  readonly run: ExportableRun
  readonly parts: TrainedParts
  readonly tested: Tested
  readonly paper: RunPaper & Pick<PaperInput, 'groups'>
  readonly key: SigningKey
}

/** The files of an export with its papers, replayed and signed. */
async function writeFolder(folder: string, job: Job): Promise<Replayed> {
  const { input, exporter, run, parts, tested, paper, key } = job
  const { dtype, externalData, shardBytes, signal, contents } = input
  await mkdir(folder)
  const calibrate = input.quantization === 'static' ? calibratorOf(folder, job) : null
  await exporter.write({ run, folder, dtype, externalData, shardBytes, calibrate, signal, onProgress: progress(input, 'saving') })
  const found = await replayThrough(folder, exporter, input, parts, tested)
  const { rows } = tested
  await writePaper(folder, { ...found, ...paper, contents, run, textsByLine: rows.textsByLine })
  const inputs = await exportFacts({
    input,
    parts,
    rows,
    licence: paper.licence,
    adapter: paper.adapter,
    report: paper.report,
    ...found
  })
  const manifest = makeManifest([...inputs, ...(await describeFiles(folder, signal))], key)
  await writeJsonAtomic(join(folder, MANIFEST), manifest)
  return found
}

function calibratorOf(folder: string, { input, parts, tested: { rows } }: Job): Calibrate {
  return calibrator({ runtime: input.runtime, folder, about: aboutOf(parts), rows: rows.calibrating, signal: input.signal })
}

const aboutOf = ({ config, facts: { problem, classNames } }: TrainedParts): ExportedAbout => ({ config, problem, classNames })

function untested(folder: string): InputError {
  const sentence =
    'This adapter was made elsewhere and has not been tested here, so that its export cannot be checked. Train from it on your data (method.from_adapter; max_steps: 0 leaves it as it is) and export that run.'
  const inApp =
    'This adapter was made elsewhere and has not been tested here, so that its export cannot be checked. Train from it on your data and export that run.'
  return new InputError('export-untested', sentence, { file: folder, inApp })
}

const progress =
  (input: ExportInput, phase: 'saving' | 'testing' | 'checking') =>
  (done: number, total: number): void =>
    input.emit({ event: 'progress', phase, done, total })

/** Nothing is ever written over; an empty folder may be taken. */
async function requireFree(target: string): Promise<void> {
  if (keyRing.keyFor(join(target, MANIFEST))) {
    const sentence = `${target} lies in Attune's encrypted data, where no other program can read an export. Choose a folder outside.`
    throw new InputError('export-sealed', sentence, { file: target })
  }
  const there = await stat(target).catch((error: unknown) => {
    if (systemCodeOf(error) === 'ENOENT') return null
    throw error
  })
  if (there?.isDirectory() && (await readdir(target)).length === 0) return rmdir(target)
  if (there)
    throw new InputError('export-exists', `${target} is there already. Name a folder that is new or empty.`, { file: target })
}

interface Replayed {
  readonly replayed: Replay
  readonly memorisation: Memorisation | null
}

async function replayThrough(
  folder: string,
  exporter: Exporter,
  input: ExportInput,
  parts: TrainedParts,
  { rows, isAsTested, compare }: Tested
): Promise<Replayed> {
  const { runtime, cacheFolder, runFolder, signal } = input
  const tell = progress(input, 'testing')
  const model = await TrainedModel.open(runtime, runFolder, cacheFolder, { takesPassages: true, takesQuestions: true })
  const run = await model
    .logits(rows.texts, rows.pairs, signal, (done, total) => tell(done, 2 * total))
    .finally(() => model.dispose())
  if (!isAsTested(run)) throw changedRun()
  const exported = await openExported(exporter, runtime, folder, cacheFolder, {
    ...aboutOf(parts),
    ...(exporter.replay === 'adapter' && { baseFolder: parts.config.model })
  })
  try {
    const answered = await answeredBy(exported, rows.texts, rows.pairs, signal, (done, total) => tell(total + done, 2 * total))
    const replayed = await compare(run, answered, folder, toleranceOf(exporter, input.dtype))
    requireWithin(replayed)
    const answer = (texts: readonly string[], pairs: readonly string[] | null): Promise<Answered> =>
      answeredBy(exported, texts, pairs, signal, progress(input, 'checking'))
    return { replayed, memorisation: await memorisationOf({ rows, answered, answer }) }
  } finally {
    await exported.dispose()
  }
}

/** The run itself no longer answers as it did: an export of it could not either. */
function changedRun(): InputError {
  const sentence = 'This run no longer answers as it did when it was tested. Restore its folder from a copy, or train it again.'
  return new InputError('export-run-changed', sentence)
}
