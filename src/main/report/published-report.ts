import { basename } from 'node:path'
import type { RunReport, SettingValue } from './run-report.ts'

/**
 * The report as it may leave the machine: without the folder of the run and the names of files, and without what it says of single rows (their numbers,
 * labels and answers) unless `withErrors`.
 */
export function publishedReport(report: RunReport, withErrors: boolean): RunReport {
  const { run, data, model, evaluation } = report
  const kept =
    withErrors || evaluation === null || evaluation.kind === 'masked-lm' ? evaluation : { ...evaluation, worstErrors: [] }
  const notes = data.notes.map((note) => data.files.reduce((text, name) => text.replaceAll(name, 'A file'), note))
  return {
    ...report,
    run: { ...run, folder: '', files: [] },
    model: { ...model, method: { ...model.method, settings: withoutPlace(model.method.settings) } },
    data: { ...data, files: [], notes },
    evaluation: kept
  }
}

/** Of the adapter that a run went on from, its name alone. */
function withoutPlace(settings: Readonly<Record<string, SettingValue>>): Readonly<Record<string, SettingValue>> {
  const { from_adapter: adapter } = settings
  return typeof adapter === 'string' ? { ...settings, from_adapter: basename(adapter) } : settings
}
