import type { Block, Cell, Section, Table } from './blocks.ts'
import { topConfusions } from './confusions.ts'
import { STYLE } from './html-style.ts'
import { html, nothing } from './markup.ts'
import type { Markup } from './markup.ts'
import { harmless } from '../base/wording.ts'
import { className } from './names.ts'
import { NO_BREAK, percent, percentNumber, significant, whole } from './numbers.ts'
import { buildPage, type PageOptions } from './page.ts'
import type { RunReport } from './run-report.ts'
import { reliabilityChart, stepChart } from './svg.ts'
import { page as words } from './words.ts'

const CONTENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'"

/** The test report as one HTML file that needs nothing else: no script, no link, no remote resource, and no text of any row unless `errors` holds some. */
export function renderHtml(report: RunReport, options: PageOptions = {}): string {
  const page = buildPage(report, options)
  const style: Markup = { markup: `<style>${STYLE}</style>` } // Our own constant; no part of it comes from the report.
  const { text, tone } = page.headline
  const body = html`<main>
    <header>
      <h1>${page.title}</h1>
      <p class="quiet">${page.subtitle}</p>
    </header>
    <p class="headline ${tone}">${text}</p>
    ${page.sections.map(section)}
  </main>`
  const head = html`<meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${{ markup: CONTENT_POLICY }}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${page.title}: ${harmless(report.run.name)}</title>
    ${style}`
  const { markup } = html`<!doctype html>
    <html lang="en">
      <head>
        ${head}
      </head>
      <body>
        ${body}
      </body>
    </html>`
  return `${markup}\n`
}

const LONG_TABLE = 20

function section({ title, blocks }: Section, index: number): Markup {
  const id = `section-${index + 1}`
  const isLong = blocks.some((each) => each.kind === 'table' && each.rows.length > LONG_TABLE)
  const drawn = blocks.map((each) => block(each, title))
  return html`<section aria-labelledby="${id}" class="${isLong ? 'long' : 'short'}">
    <h2 id="${id}">${title}</h2>
    ${drawn}
  </section>`
}

function block(each: Block, title: string): Markup {
  switch (each.kind) {
    case 'text':
      return html`<p class="${each.isQuiet ? 'quiet' : 'plain'}">${each.text}</p>`
    case 'list':
      return html`<ul>
        ${each.items.map((item) => html`<li>${item}</li>`)}
      </ul>`
    case 'facts':
      return html`<dl>
        ${each.rows.map(
          ([name, value]) =>
            html`<dt>${name}</dt>
              <dd>${value}</dd>`
        )}
      </dl>`
    case 'findings':
      return findings(each)
    case 'table':
      return table(each, title)
    case 'matrix':
      return matrix(each, title)
    case 'reliability':
      return reliability(each, title)
    case 'curves':
      return curves(each, title)
  }
}

type BlockOf<Kind extends Block['kind']> = Extract<Block, { kind: Kind }>

function findings(each: BlockOf<'findings'>): Markup {
  const items = each.findings.map(
    ({ sentence, evidence, suggestion }) =>
      html`<li>
        <p><strong>${sentence}</strong></p>
        <p>${evidence}</p>
        <p>${suggestion}</p>
      </li>`
  )
  return html`<ul class="findings">
    ${items}
  </ul>`
}

/** A region that can be scrolled by keyboard where a table is wider than the page. */
function scrolling(label: string, inner: Markup): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}">${inner}</div>`
}

function cell(content: Cell, align: 'left' | 'right', isFirst: boolean): Markup {
  const { text, tone } = typeof content === 'string' ? { text: content, tone: 'plain' } : content
  const classes = `${align} ${tone}`
  return isFirst ? html`<th scope="row" class="${classes}">${text}</th>` : html`<td class="${classes}">${text}</td>`
}

function table({ caption, columns, rows }: Table, label: string): Markup {
  const head = columns.map(({ title, align }) => html`<th scope="col" class="${align}">${title}</th>`)
  const body = rows.map(
    (row) =>
      html`<tr>
        ${row.map((content, c) => cell(content, columns[c]?.align ?? 'left', c === 0))}
      </tr>`
  )
  const title =
    caption === null
      ? nothing
      : html`<caption>
          ${caption}
        </caption>`
  return scrolling(
    label,
    html`<table>
      ${title}
      <thead>
        <tr>
          ${head}
        </tr>
      </thead>
      <tbody>
        ${body}
      </tbody>
    </table>`
  )
}

const WIDEST_MATRIX = 40
const NAMED_COLUMNS = 8
const CONFUSIONS = 30

/** Counts, shaded by their share of the row. With many classes the columns are numbered, and beyond 40 only the confusions are listed. */
function matrix({ names, counts }: BlockOf<'matrix'>, label: string): Markup {
  if (names.length > WIDEST_MATRIX) return confusions(names, counts, label)
  const numbered = names.length > NAMED_COLUMNS
  const head = names.map((name, c) => html`<th scope="col" class="right">${numbered ? String(c + 1) : className(name, 24)}</th>`)
  const body = counts.map((line, row) => {
    const all = Math.max(
      1,
      line.reduce((sum, count) => sum + count, 0)
    )
    const cells = line.map(
      (count, c) => html`<td class="${c === row ? 'diagonal' : 'other'}" style="--share:${count / all}">${whole(count)}</td>`
    )
    const name = className(names[row] ?? '')
    return html`<tr>
      <th scope="row">${numbered ? `${row + 1} ${name}` : name}</th>
      ${cells}
    </tr>`
  })
  return scrolling(
    label,
    html`<table class="matrix">
      <thead>
        <tr>
          <td></td>
          ${head}
        </tr>
      </thead>
      <tbody>
        ${body}
      </tbody>
    </table>`
  )
}

function confusions(names: readonly string[], counts: readonly (readonly number[])[], label: string): Markup {
  const { columns } = words
  const rows = topConfusions(counts, CONFUSIONS).map(({ label: from, answer, count }) => [
    className(names[from] ?? ''),
    className(names[answer] ?? ''),
    whole(count)
  ])
  const shown: Table = {
    kind: 'table',
    caption: words.confusionTop,
    columns: [
      { title: columns.from, align: 'left' },
      { title: columns.into, align: 'left' },
      { title: columns.times, align: 'right' }
    ],
    rows
  }
  return table(shown, label)
}

function figure(sentence: string, charts: readonly (Markup | null)[]): Markup {
  return html`<figure>
    ${charts.filter((chart) => chart !== null)}
    <figcaption>${sentence}</figcaption>
  </figure>`
}

function reliability({ sentence, bins }: BlockOf<'reliability'>, label: string): Markup {
  const { columns } = words
  const rows = bins
    .filter(({ count }) => count > 0)
    .map(({ low, high, count, confidence, accuracy }) => [
      `${percentNumber(low)}–${percentNumber(high)}${NO_BREAK}%`,
      percent(confidence ?? 0),
      percent(accuracy ?? 0),
      whole(count)
    ])
  const right = (title: string) => ({ title, align: 'right' }) as const
  const shown: Table = {
    kind: 'table',
    caption: null,
    columns: [right(columns.confidence), right(columns.said), right(columns.was), right(columns.count)],
    rows
  }
  return html`${figure(sentence, [reliabilityChart(sentence, bins)])}${table(shown, label)}`
}

const CURVE_ROWS = 30

function curves(each: BlockOf<'curves'>, label: string): Markup {
  const { sentence, training, validation, validationLoss, metric, bestStep } = each
  const { columns } = words
  const toPoints = (points: BlockOf<'curves'>['validation']) => points.map(({ step, value }) => ({ x: step, y: value }))
  const steps = [...training, ...validation, ...validationLoss].map(({ step }) => step)
  const axis = { from: Math.min(...steps), to: Math.max(...steps), bestStep }
  const loss = stepChart(
    sentence,
    [
      { label: columns.trainingLoss, points: training.map((point) => ({ x: point.step, y: point.loss })), hasMarkers: false },
      { label: words.validationLoss, points: toPoints(validationLoss), hasMarkers: true }
    ],
    axis
  )
  const chosen = stepChart(metric, [{ label: metric, points: toPoints(validation), hasMarkers: true }], axis)
  const every = Math.max(1, Math.ceil(validation.length / CURVE_ROWS))
  const kept = validation.filter(({ step }, i) => i % every === 0 || step === bestStep || i === validation.length - 1)
  const shown: Table = {
    kind: 'table',
    caption: null,
    columns: [
      { title: columns.step, align: 'right' },
      { title: metric, align: 'right' }
    ],
    rows: kept.map(({ step, value }) => [whole(step), significant(value, 3)])
  }
  return html`${figure(sentence, [loss, chosen])}${kept.length === 0 ? nothing : table(shown, label)}`
}
