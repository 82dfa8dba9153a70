import { join } from 'node:path'
import { writeFile } from '../../base/sealed/fs.ts'
import { renderHtml } from '../../report/html.ts'
import { publishedReport } from '../../report/published-report.ts'
import type { RunReport } from '../../report/run-report.ts'
import { columnGroupSections, type ColumnGroups } from '../../report/subgroups.ts'
import type { ExportContents } from './contents.ts'
import { datasheet } from './datasheet.ts'
import { memorisationSection } from './memorisation.ts'
import { modelCard, type CardInput } from './model-card.ts'

export interface PaperInput extends Omit<CardInput, 'beside' | 'report'> {
  readonly report: RunReport
  readonly contents: ExportContents
  /** How the tested rows were answered in groups, by each column that was asked for. */
  readonly groups: readonly ColumnGroups[]
  /** Texts of tested rows by their numbers; asked for where examples are wanted alone. */
  readonly textsByLine: () => ReadonlyMap<number, string>
}

const DATASHEET = 'datasheet.md'
const REPORT = 'report.html'

/** Writes the papers that were asked for into an export's folder: README.md, datasheet.md, report.html. Without examples no row is in any of them; without groups, no cell. */
export async function writePaper(folder: string, input: PaperInput): Promise<void> {
  const { contents, groups, memorisation, run, answers } = input
  const withExamples = contents.report && contents.examples
  const report = publishedReport(input.report, withExamples)
  if (contents.card) {
    const beside = [DATASHEET, ...(contents.report ? [REPORT] : [])]
    await writeFile(join(folder, 'README.md'), modelCard({ ...input, report, beside }))
    await writeFile(join(folder, DATASHEET), datasheet(report, run, answers))
  }
  if (!contents.report) return
  const more = [...columnGroupSections(groups), ...(memorisation === null ? [] : [memorisationSection(memorisation)])]
  await writeFile(join(folder, REPORT), renderHtml(report, { errors: withExamples ? input.textsByLine() : 'none', more }))
}
