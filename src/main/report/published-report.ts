import type { RunReport } from './run-report.ts'

/**
 * The report as it may leave the machine: without the folder of the run and the names of files, and without what it says of single rows (their numbers,
 * labels and answers) unless `withErrors`.
 */
export function publishedReport(report: RunReport, withErrors: boolean): RunReport {
  const { run, data, evaluation } = report
  const kept =
    withErrors || evaluation === null || evaluation.kind === 'masked-lm' ? evaluation : { ...evaluation, worstErrors: [] }
  const notes = data.notes.map((note) => data.files.reduce((text, name) => text.replaceAll(name, 'A file'), note))
  return { ...report, run: { ...run, folder: '', files: [] }, data: { ...data, files: [], notes }, evaluation: kept }
}
