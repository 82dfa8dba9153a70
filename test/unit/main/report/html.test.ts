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

/** Every tag of a page, parsed strictly: quoted attributes only, and nothing left over. */
function tagsOf(page: string): { readonly name: string; readonly attributes: readonly string[]; readonly closes: boolean }[] {
  const markup = page.replace(/<style>[^<]*<\/style>/, '')
  return [...markup.matchAll(/<([^>]*)>/g)].map(([, inner = '']) => {
    const [, slash = '', name = '', rest = ''] = /^(\/?)([!a-z0-9]+)((?:\s[^]*)?)$/.exec(inner) ?? []
    const attributes = [...rest.matchAll(/\s([a-zA-Z0-9-]+)(?:="[^"<>]*")?/g)]
    const left = rest
      .replace(/\s([a-zA-Z0-9-]+)(?:="[^"<>]*")?/g, '')
      .trim()
      .replace(/^\/$/, '')
    expect(left, inner).toBe('')
    return { name, attributes: attributes.map(([, attribute = '']) => attribute), closes: slash === '/' }
  })
}

/** Asserts that only known tags and attributes occur and that every tag is closed in order. */
function expectWellFormed(page: string): void {
  const open: string[] = []
  const selfClosing = new Set(['line', 'circle', 'polyline'])
  for (const { name, attributes, closes } of tagsOf(page)) {
    expect(ALLOWED, name).toContain(name)
    for (const attribute of attributes) expect(ATTRIBUTES, `${name} ${attribute}`).toContain(attribute)
    if (closes) expect(open.pop()).toBe(name)
    else if (!VOID.has(name) && !selfClosing.has(name)) open.push(name)
  }
  expect(open).toEqual([])
}

describe('the report as a page', () => {
  it.each([singleLabel(), multiLabel(), regression(), maskedLm(), null])(
    'is one well-formed file that needs nothing else',
    (evaluation) => {
      const page = renderHtml(reportOf(evaluation))
      expectWellFormed(page)
      expect(page).toContain(
        `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`
      )
      expect(page).not.toMatch(/<script|<link|<iframe|<img|url\(|@import|https?:|javascript:|\son[a-z]+=/i)
      expect(page).not.toMatch(/NaN|undefined|\[object/)
    }
  )

  it('lets no name of the person through as markup', () => {
    fc.assert(
      fc.property(anyReport, (report) => {
        expectWellFormed(renderHtml(report))
      }),
      { numRuns: 80 }
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
