import { defined } from '../base/assert.ts'
import { InputError } from '../base/errors.ts'
import { answerMetrics, entityMetrics, type FoundMark } from '../engine/evaluation/index.ts'
import { readTags } from '../engine/training/read-tags.ts'
import { factOf } from '../export/check-files.ts'
import type { Fact } from '../export/manifest.ts'
import { readAnswering } from '../export/answering/answering-file.ts'
import { readMarks } from '../export/marks/marks-file.ts'
import type { PredictedPart } from '../report/predictions.ts'
import type { Runtime } from '../engine/runtime/port.ts'
import { openExport, tellIfRetired, type CheckedExport } from './export-folder.ts'
import { finite, metricsOf, readLogits } from './judge.ts'
import { readScores } from './compare-questions.ts'
import { readingOfFile } from './mark-reading.ts'
import { isWithin, lossBetween, lossSentence, type MeasuredLoss } from './lost-metric.ts'
import { exporterOfManifest, openExported } from './open-exported.ts'
import { answeredBy, type Answered } from './opened-export.ts'
import { namedRows, type ReplayedRows } from './own-rows.ts'
import { markingOf } from './prepare-marks.ts'
import { readingOfAnswering } from './question-reading.ts'
import type { FinishedEvent, TrainerEvent } from './protocol.ts'
import { labelledRows } from './tested-labels.ts'
import { markedRows } from './tested-marks.ts'
import { askedRows } from './tested-questions.ts'

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
  const found = await openExport(folder, signal)
  tellIfRetired(found, input.emit)
  const metrics = dataFile === null ? null : await measure(input, found, dataFile)
  const { files, manifest, signedBy, status, reviews } = found
  return { event: 'finished', folder, files, entries: manifest.entries.length, signed_by: signedBy, metrics, status, reviews }
}

async function measure(
  input: VerifyInput,
  { manifest, format, config, reading }: CheckedExport,
  dataFile: string
): Promise<Readonly<Record<string, number>>> {
  const [data, told] = [factOf(manifest, 'data'), factOf(manifest, 'replay')]
  const exporter = exporterOfManifest(format, input.folder)
  if (exporter.replay === 'adapter') {
    const sentence =
      'This export is an adapter: what it answers depends on its base model. Its files are checked without the data; a merged export can be measured.'
    throw new InputError('verify-adapter', sentence, { file: input.folder })
  }
  const { problem, classNames } = reading
  const part = told['part'] as PredictedPart // Signed, as exportRun wrote it.
  const { rows, metricsOf } = await measuring({ config, reading }, input, dataFile, part)
  if (rows.hash !== data['tested']) {
    const sentence =
      'These are not the rows that the export was tested on. Name the same file as in training, unchanged, or the test file where there was one.'
    throw new InputError('verify-data', sentence, { file: dataFile })
  }
  const runtime = await input.openRuntime()
  try {
    const about = { config, problem, classNames }
    const model = await openExported(exporter, runtime, input.folder, input.cacheFolder, about)
    const tell = (done: number, total: number): void => input.emit({ event: 'progress', phase: 'testing', done, total })
    const answered = await answeredBy(model, rows.texts, rows.pairs, input.signal, tell).finally(() => model.dispose())
    const metrics = finite(metricsOf(answered))
    requireAsTold(told, metrics)
    return metrics
  } finally {
    await runtime.dispose()
  }
}

interface Measuring {
  readonly rows: ReplayedRows
  readonly metricsOf: (answered: Answered) => Readonly<Record<string, number>>
}

/** The rows that a person names, and how answers to them are judged. */
async function measuring(
  { config, reading: { classNames, calibration } }: Pick<CheckedExport, 'config' | 'reading'>,
  { folder, signal }: VerifyInput,
  dataFile: string,
  part: PredictedPart
): Promise<Measuring> {
  if (config.task === 'question-answering') {
    const rows = await namedRows(config, classNames, dataFile, part, askedRows, signal)
    const reading = readingOfAnswering(await readAnswering(folder))
    return { rows, metricsOf: (answered) => answerMetrics(rows.judged(readScores({ answered, reading }), reading.threshold)) }
  }
  const marking = markingOf(config, classNames)
  if (!marking) {
    const rows = await namedRows(config, classNames, dataFile, part, labelledRows, signal)
    const answersIn = ({ logits }: Answered): Float64Array =>
      readLogits(rows.kind, logits, rows.classes, calibration, { shift: 0, scale: 1 })
    return { rows, metricsOf: (answered) => metricsOf(rows.judged(answersIn(answered), calibration)) }
  }
  const reading = readingOfFile(await readMarks(folder))
  const rows = await namedRows(config, classNames, dataFile, part, markedRows(marking, reading.learned), signal)
  const said = ({ examples, logits }: Answered): FoundMark[][] => readTags(defined(examples.tagged, 'units'), logits, reading)
  return { rows, metricsOf: (answered) => entityMetrics(rows.judged(said(answered))) }
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
