import { join } from 'node:path'
import { writeFileAtomic, writeJsonAtomic } from '../base/files.ts'
import { renderHtml } from './html.ts'
import type { RunReport } from './run-report.ts'

/** Writes a run's report.json and report.html. */
export async function writeReportFiles(folder: string, report: RunReport): Promise<void> {
  await writeJsonAtomic(join(folder, 'report.json'), report)
  await writeFileAtomic(join(folder, 'report.html'), renderHtml(report))
}
