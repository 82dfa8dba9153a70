import type { ReportBlock, ReportPage } from '../../preload/contract/results.ts'
import type { Block, Cell } from '../report/blocks.ts'
import { percent, significant, whole } from '../report/numbers.ts'
import { buildPage } from '../report/page.ts'
import type { RunReport } from '../report/run-report.ts'
import { page as words } from '../report/words.ts'

/** The report as the page draws it: charts as the tables behind them, each with its sentence. */
export function reportPage(report: RunReport): ReportPage {
  const { title, subtitle, headline, sections } = buildPage(report)
  return {
    title,
    subtitle,
    headline: headline.text,
    sections: sections.map((section) => ({ title: section.title, blocks: section.blocks.flatMap(blockOf) }))
  }
}

const textOf = (cell: Cell): string => (typeof cell === 'string' ? cell : cell.text)

function blockOf(block: Block): readonly ReportBlock[] {
  switch (block.kind) {
    case 'text':
    case 'list':
      return [block]
    case 'facts':
      return [{ kind: 'table', columns: [], rows: block.rows.map(([name, value]) => [name, value]) }]
    case 'findings':
      return [
        {
          kind: 'list',
          items: block.findings.map(({ sentence, evidence, suggestion }) => `${sentence} ${evidence} ${suggestion}`)
        }
      ]
    case 'table':
      return [
        {
          kind: 'table',
          columns: block.columns.map(({ title }) => title),
          rows: block.rows.map((row) => row.map(textOf))
        }
      ]
    case 'matrix':
      return [
        {
          kind: 'table',
          columns: ['', ...block.names],
          rows: block.counts.map((line, row) => [block.names[row] ?? '', ...line.map(whole)])
        }
      ]
    case 'reliability':
      return [
        { kind: 'text', text: block.sentence },
        {
          kind: 'table',
          columns: [words.columns.said, words.columns.was, words.columns.count],
          rows: block.bins
            .filter(({ count }) => count > 0)
            .map(({ confidence, accuracy, count }) => [percent(confidence ?? 0), percent(accuracy ?? 0), whole(count)])
        }
      ]
    case 'curves':
      return [
        { kind: 'text', text: block.sentence },
        {
          kind: 'table',
          columns: [words.columns.step, block.metric],
          rows: block.validation.map(({ step, value }) => [whole(step), significant(value, 3)])
        }
      ]
  }
}
