import { join } from 'node:path'
import { ifThere } from '../base/if-there.ts'
import { readFile } from '../base/sealed/fs.ts'
import { parseRunReport } from './check-report.ts'
import type { RunReport } from './run-report.ts'

/** The report in a run's folder; null where none was written. @throws InputError for one that is damaged */
export async function storedReport(folder: string): Promise<RunReport | null> {
  const file = join(folder, 'report.json')
  const json = await ifThere(readFile(file, 'utf8'))
  return json === null ? null : parseRunReport(json, file)
}
