import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { renderHtml } from '../../../../src/main/report/html.ts'
import { ticks } from '../../../../src/main/report/svg.ts'
import { anyReport } from './any-report.ts'
import { maskedLm, multiLabel, regression, reportOf, singleLabel } from './reports.ts'

const VOID = new Set(['meta', '!doctype'])
const ALLOWED = new Set(
  '!doctype html head meta title style body main header h1 h2 p section div table caption thead tbody tr th td ul li strong dl dt dd figure figcaption svg line text circle polyline'.split(
    ' '
  )
)
const ATTRIBUTES = new Set(
  'lang charset http-equiv content name class id aria-labelledby aria-label role tabindex scope style viewBox x y x1 x2 y1 y2 cx cy r points text-anchor html'.split(
    ' '
  )
)

const SELF_CLOSING = new Set(['line', 'circle', 'polyline'])
const ATTRIBUTE = /\s([a-zA-Z0-9-]+)(?:="[^"<>]*")?/g

/** What is wrong with a page: unknown tags and attributes, values without quotes, tags that are not closed in order. */
function faultsOf(page: string): string[] {
  const faults: string[] = []
  const open: string[] = []
  for (const [tag, inner = ''] of page.replace(/<style>[^<]*<\/style>/, '').matchAll(/<([^>]*)>/g)) {
    const [, slash, name = '', rest = ''] = /^(\/?)([!a-z0-9]+)((?:\s[^]*)?)$/.exec(inner) ?? []
    const isKnown = [...rest.matchAll(ATTRIBUTE)].every(([, attribute = '']) => ATTRIBUTES.has(attribute))
    const left = rest.replace(ATTRIBUTE, '').trim()
    if (!ALLOWED.has(name) || !isKnown || (left !== '' && left !== '/')) faults.push(tag)
    if (slash === '/') {
      if (open.pop() !== name) faults.push(tag)
    } else if (!VOID.has(name) && !SELF_CLOSING.has(name)) open.push(name)
  }
  return [...faults, ...open]
}

describe('the report as a page', () => {
  it.each([singleLabel(), multiLabel(), regression(), maskedLm(), null])(
    'is one well-formed file that needs nothing else',
    (evaluation) => {
      const page = renderHtml(reportOf(evaluation))
      expect(faultsOf(page)).toEqual([])
      expect(page).toContain(
        `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />`
      )
      expect(page).not.toMatch(/<script|<link|<iframe|<img|url\(|@import|https?:|javascript:|\son[a-z]+=/i)
      expect(page).not.toMatch(/NaN|undefined|\[object/)
    }
  )

  it('is checked by a test that sees what it looks for', () => {
    expect(faultsOf('<p>a<script>b</script></p>')).toHaveLength(2)
    expect(faultsOf('<p onclick="x">a</p>')).toEqual(['<p onclick="x">'])
    expect(faultsOf('<p class=x>a</p>')).toEqual(['<p class=x>'])
    expect(faultsOf('<p>a')).toEqual(['p'])
  })

  it('lets no name of the person through as markup', () => {
    fc.assert(
      fc.property(anyReport, (report) => {
        expect(faultsOf(renderHtml(report))).toEqual([])
      }),
      { numRuns: 50 }
    )
  })

  it('escapes the names of classes', () => {
    const page = renderHtml(reportOf(singleLabel(['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "it's & co"])))
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(page).toContain('&quot;&gt;&lt;img')
    expect(page).toContain('it&#39;s &amp; co')
  })

  it('describes each chart in a sentence and gives its numbers as a table', () => {
    const page = renderHtml(reportOf(singleLabel()))
    const charts = [...page.matchAll(/<svg role="img" aria-label="([^"]+)"/g)]
    expect(charts).toHaveLength(3)
    for (const figure of page.split('<figure>').slice(1))
      expect(figure).toMatch(/<figcaption>[^<]{20,}<\/figcaption>[^]*?<table>/)
  })

  it('numbers the columns of a large matrix and lists the confusions of a huge one', () => {
    const square = (size: number) => {
      const names = Array.from({ length: size }, (_, c) => `c${c}`)
      return renderHtml(
        reportOf(
          singleLabel(
            names,
            names.map((_, r) => names.map((_, c) => (r === c ? 40 : r === 0 && c === 1 ? 2 : 0)))
          )
        )
      )
    }
    expect(square(12)).toContain('<th scope="row">12 c11</th>')
    expect(square(60)).toContain('The most frequent confusions:')
  })

  it('puts at most five round ticks on an axis', () => {
    expect(ticks(0, 10)).toEqual([0, 5, 10])
    expect(ticks(3, 47)).toEqual([10, 20, 30, 40])
    fc.assert(
      fc.property(
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
        (low, span) => {
          const marks = ticks(low, low + span)
          expect(marks.length).toBeLessThanOrEqual(5)
          expect(marks.length).toBeGreaterThanOrEqual(1)
          for (const mark of marks) {
            expect(mark).toBeGreaterThanOrEqual(low - span * 1e-9 - 1e-9)
            expect(mark).toBeLessThanOrEqual(low + span * (1 + 1e-9) + 1e-9)
          }
        }
      )
    )
  })
})
