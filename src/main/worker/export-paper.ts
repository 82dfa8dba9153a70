import { basename, join } from 'node:path'
import { InputError } from '../base/errors.ts'
import { purposeConflict } from '../base/licence/purpose.ts'
import { licenceNotice, readLicence } from '../base/licence/read-licence.ts'
import { readCard } from '../base/model-card.ts'
import { readDatasheet, readDatasheetBeside } from '../config/read-datasheet.ts'
import type { ExportableRun, Exporter } from '../export/define-exporter.ts'
import { datasheetQuestions, type DatasheetAnswers } from '../export/paper/questions.ts'
import type { PaperInput } from '../export/paper/write-paper.ts'
import { readCardWords } from '../report/card-words.ts'
import type { RunReport } from '../report/run-report.ts'
import { storedReport } from '../report/stored-report.ts'
import { adapterLineage, type AdapterLineage } from './adapter-lineage.ts'
import type { ExportInput } from './export-run.ts'
import type { TrainedParts } from './trained-run.ts'

/** What an export's papers are made of, besides what its replay finds. */
export type RunPaper = Omit<
  PaperInput,
  'contents' | 'run' | 'replayed' | 'memorisation' | 'textsByLine' | 'adapter' | 'groups'
> & {
  readonly adapter: AdapterLineage | null
}

/**
 * Gathers it, and says what the licences of base model and adapter ask of the person.
 * @throws InputError where one of them speaks against what the model is meant for, unless it is exported in spite of that
 */
export async function paperOf(
  input: ExportInput,
  { config, base }: TrainedParts,
  { card }: Exporter,
  run: ExportableRun
): Promise<RunPaper> {
  const { runFolder, emit, signal } = input
  const baseName = basename(base.folder)
  const licence = await readLicence(base.folder)
  const adapter = await adapterLineage(config, signal)
  const notices = [licenceNotice(licence, baseName), adapter && licenceNotice(adapter.licence, adapter.name)]
  for (const message of notices) if (message !== null) emit({ event: 'note', code: 'licence', message })
  minded(purposeConflict([{ name: baseName, licence }, ...(adapter === null ? [] : [adapter])], input.purpose ?? 'unsaid'), input)
  const report = await readReport(runFolder)
  const { languages } = await readCard(base.folder)
  const words = await readCardWords(runFolder)
  const usage = card.usage?.(run) ?? ''
  return {
    report,
    baseName,
    licence,
    adapter,
    languages,
    library: card.library,
    usage,
    answers: await answersAbout(input, config.data),
    words
  }
}

/** A licence that speaks against the purpose is told of; without a deliberate word nothing is exported. */
function minded(conflict: string | null, { despite = false, emit }: ExportInput): void {
  if (conflict === null) return
  if (!despite)
    throw new InputError(
      'export-purpose',
      `${conflict} Nothing was exported. Confirm that you may, or change what the project is for.`
    )
  emit({ event: 'note', code: 'licence-purpose', message: conflict })
}

/** A person's answers about the data: of the file that is named, else of the one beside the data. */
async function answersAbout(
  { datasheetFile }: ExportInput,
  { file, train }: TrainedParts['config']['data']
): Promise<DatasheetAnswers> {
  const keys = datasheetQuestions.map(({ key }) => key)
  if (datasheetFile !== null) return readDatasheet(datasheetFile, keys)
  const data = file ?? train
  return data === null ? {} : readDatasheetBeside(data, keys)
}

/** The report of a finished run. @throws InputError where it is gone or damaged */
export async function readReport(runFolder: string): Promise<RunReport> {
  const report = await storedReport(runFolder)
  if (report !== null) return report
  const sentence = 'The report of this run is gone (report.json). Restore it from a backup, or train the run again.'
  throw new InputError('report-unreadable', sentence, { file: join(runFolder, 'report.json') })
}
