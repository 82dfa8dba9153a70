import { join } from 'node:path'
import type { RunConfig } from '../config/config-types.ts'
import { InputError, systemCodeOf } from '../base/errors.ts'
import { readFile } from '../base/sealed/fs.ts'
import { checkFiles, factOf } from '../export/check-files.ts'
import { checkManifest, MANIFEST, type Fact, type Manifest } from '../export/manifest.ts'
import { fingerprint } from '../export/signing-key.ts'
import type { Runtime } from '../engine/runtime/port.ts'
import { ExportedModel } from './exported-model.ts'
import { finite, metricsOf, readLogits, type Calibration } from './judge.ts'
import { isWithin, lossBetween, lossSentence, type MeasuredLoss } from './lost-metric.ts'
import type { FinishedEvent, TrainerEvent } from './protocol.ts'
import { namedRows } from './tested-rows.ts'

export interface VerifyInput {
  readonly folder: string
  /** The data that the run was made from; null to check the files alone. */
  readonly dataFile: string | null
  readonly cacheFolder: string
  readonly openRuntime: () => Promise<Runtime>
  readonly signal: AbortSignal
  readonly emit: (event: TrainerEvent) => void
}

/** Of a metric: what another processor may change. */
const SAME_METRIC = 1e-3

/**
 * Checks an export on any machine: its manifest's chain and signature, every file, and with the data the metrics.
 * @throws InputError with one sentence for what does not fit
 */
export async function verifyExport(input: VerifyInput): Promise<FinishedEvent> {
  const { folder, dataFile, signal } = input
  const manifest = checkManifest(await readManifest(folder), join(folder, MANIFEST))
  const files = await checkFiles(folder, manifest, signal)
  const metrics = dataFile === null ? null : await measure(input, manifest, dataFile)
  return {
    event: 'finished',
    folder,
    files,
    entries: manifest.entries.length,
    signed_by: fingerprint(manifest.signature.public_key),
    metrics
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

async function measure(input: VerifyInput, manifest: Manifest, dataFile: string): Promise<Readonly<Record<string, number>>> {
  const [reading, data, told] = (['reading', 'data', 'replay'] as const).map((kind) => factOf(manifest, kind)) as [
    Fact,
    Fact,
    Fact
  ] // As many as kinds.
  if (factOf(manifest, 'tools')['format'] === 'peft') {
    const sentence =
      'This export is an adapter: what it answers depends on its base model. Its files are checked without the data; a merged export can be measured.'
    throw new InputError('verify-adapter', sentence, { file: input.folder })
  }
  const config = configOf(factOf(manifest, 'config'))
  const classNames = reading['class_names'] as readonly string[] // Signed, as exportRun wrote it; so is what follows.
  const calibration = reading['calibration'] as Calibration
  const rows = await namedRows(config, classNames, dataFile, told['part'] as 'test' | 'validation', input.signal)
  if (rows.hash !== data['tested']) {
    const sentence =
      'These are not the rows that the export was tested on. Name the same file as in training, unchanged, or the test file where there was one.'
    throw new InputError('verify-data', sentence, { file: dataFile })
  }
  const runtime = await input.openRuntime()
  try {
    const about = { config, problem: String(reading['problem']), labels: rows.classes }
    const model = await ExportedModel.open(runtime, input.folder, input.cacheFolder, about)
    const tell = (done: number, total: number): void => input.emit({ event: 'progress', phase: 'testing', done, total })
    const logits = await model.logits(rows.texts, rows.pairs, input.signal, tell).finally(() => model.dispose())
    const answers = readLogits(rows.kind, logits, rows.classes, calibration, { shift: 0, scale: 1 })
    const metrics = finite(metricsOf(rows.judged(answers, calibration)))
    requireAsTold(told, metrics)
    return metrics
  } finally {
    await runtime.dispose()
  }
}

type Metrics = Readonly<Record<string, number>>

/** A form that was judged by its metric is so again: its sums round otherwise on another processor. All other forms answer as they did. */
function requireAsTold(told: Fact, found: Metrics): void {
  const loss = told['loss'] as MeasuredLoss | undefined // Signed, as exportRun wrote it.
  if (!loss) {
    requireSame(told['after'] as Metrics, found)
    return
  }
  const now = lossBetween(told['before'] as Metrics, found, loss)
  if (isWithin(now)) return
  const sentence = `On this machine the export ${lossSentence(now)} against the run that it was made from. Do not use it here.`
  throw new InputError('verify-metrics', sentence)
}

function requireSame(told: Metrics, found: Metrics): void {
  for (const [name, value] of Object.entries(told)) {
    const now = found[name] ?? Number.NaN
    if (Math.abs(now - value) <= SAME_METRIC * Math.max(1, Math.abs(value))) continue
    const sentence = `On this machine the export's ${name} is ${now.toPrecision(4)}, not ${value.toPrecision(4)} as its manifest says. Do not use it before you know why.`
    throw new InputError('verify-metrics', sentence)
  }
}

/** The configuration as far as a manifest keeps it: how rows are read, split and cut. */
function configOf(fact: Fact): RunConfig {
  const { data, is_split_by_file: isSplitByFile } = fact
  const place = isSplitByFile === true ? {} : { file: '' }
  return { ...fact, data: { ...(data as object), ...place } } as unknown as RunConfig // Signed, and read as far as it goes.
}
