import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { licenceOf } from '../../../../src/main/base/licence/read-licence.ts'
import type { ExportableRun } from '../../../../src/main/export/define-exporter.ts'
import { datasheet } from '../../../../src/main/export/paper/datasheet.ts'
import { modelCard, type CardInput } from '../../../../src/main/export/paper/model-card.ts'
import { noWords } from '../../../../src/main/report/card-words.ts'
import { publishedReport } from '../../../../src/main/report/published-report.ts'
import { multiLabel, regression, reportOf, singleLabel } from '../report/reports.ts'

const cardOf = (more: Partial<CardInput> = {}): string => {
  const report = more.report ?? reportOf(singleLabel())
  const metrics = Object.fromEntries(
    Object.entries((report.evaluation as { metrics: Record<string, { value: number } | null> }).metrics).map(([name, found]) => [
      name,
      found?.value ?? Number.NaN
    ])
  )
  // What a card reads of a run.
  const run = {
    classNames: ['a', 'b | c', '<i>d'],
    problem: 'single_label_classification',
    maxLength: 128,
    metrics
  } as unknown as ExportableRun
  return modelCard({
    ...{ run, report, baseName: 'tiny', licence: licenceOf('apache-2.0', 'card', ['LICENSE']), adapter: null },
    words: noWords,
    ...{ languages: ['en'], library: 'transformers', usage: '', answers: {}, memorisation: null, beside: [] },
    replayed: { part: 'test', rows: 2000, of: 5000, after: metrics },
    ...more
  })
}
const frontOf = (card: string): Record<string, unknown> =>
  parse(/^---\n([\s\S]*?)\n---\n/.exec(card)?.[1] ?? '') as Record<string, unknown>

describe("a person's words on a model card", () => {
  test('stand beside what is written there, said to be theirs, and are read as plain text', () => {
    const words = { intended: 'Sorting letters\n\n# of the *ward*', limits: '<script>x</script>', further: '' }
    const [plain, card] = [cardOf(), cardOf({ words })]
    expect(plain).toContain('Whoever exported it named no further use.')
    expect(plain).not.toContain('in the words of whoever exported it')
    expect(card).toContain(
      '### What it is meant for, in the words of whoever exported it\n\nSorting letters\n\n\\# of the \\*ward\\*\n'
    )
    expect(card).toContain('### Where it must not be relied on, in the words of whoever exported it\n\n\\<script\\>x')
    expect(card).not.toContain('Further words')
    // Nothing that was generated is lost.
    const lines = plain.replace(' Whoever exported it named no further use.', '').split('\n')
    expect(lines.filter((line) => !card.split('\n').includes(line))).toEqual([])
  })
})

describe('the front matter of a model card', () => {
  test.each([
    ['apache-2.0', 'card', { license: 'apache-2.0' }],
    ['Apache-2.0', 'card', { license: 'apache-2.0' }],
    ['cc-by-nc-4.0', 'file', { license: 'cc-by-nc-4.0' }],
    ['house-terms', 'card', { license: 'other', license_name: 'house-terms' }],
    ['noncommercial', 'file', { license: 'other', license_name: 'noncommercial' }]
  ] as const)('names the licence %s of the %s as the hub knows it', (name, source, wanted) => {
    const front = frontOf(cardOf({ licence: licenceOf(name, source) }))
    expect(front).toMatchObject(wanted)
    expect('license_name' in front).toBe('license_name' in wanted)
  })

  test('leaves a licence out that was not found, and stays YAML whatever names hold', () => {
    const front = frontOf(cardOf({ licence: licenceOf(null, null), baseName: 'a": [x]\n---\nb', languages: ['en: x'] }))
    expect('license' in front).toBe(false)
    expect(front['language']).toEqual(['en: x'])
  })

  test.each([singleLabel(), multiLabel(), regression()])('has numbers alone in its results', (evaluation) => {
    const front = frontOf(cardOf({ report: reportOf(evaluation) })) as {
      'model-index': { results: { metrics: { value: unknown }[] }[] }[]
    }
    const values = front['model-index'][0]?.results[0]?.metrics.map(({ value }) => value) ?? []
    expect(values.length).toBeGreaterThan(3)
    for (const value of values) expect(value).toEqual(expect.any(Number))
  })
})

test('a card escapes labels, states the sample that was replayed, and what each licence in the lineage asks for', () => {
  const card = cardOf({ adapter: { name: 'letters-adapter', licence: licenceOf('cc-by-sa-4.0', 'card') } })
  expect(card).toContain('1. b \\| c')
  expect(card).toContain('2. \\<i\\>d')
  expect(card).toContain('replaying 2,000 of 5,000 test rows')
  expect(card).toContain('The base model (`tiny`) is under `apache-2.0`')
  expect(card).toContain('The adapter that it went on from (`letters-adapter`) is under `cc-by-sa-4.0`')
  expect(card).toContain('Pass what was made from it on only under the same licence.')
  expect(card).not.toMatch(/undefined|NaN|\[object/)
})

test('a published report says nothing of single rows, files and folders', () => {
  const base = reportOf(singleLabel())
  const secret = 'secret-file.csv'
  const report = {
    ...base,
    run: { ...base.run, folder: '/media/anna/runs/x' },
    data: { ...base.data, files: [secret], notes: [`${secret} is not UTF-8 and was read as Windows-1252.`] },
    model: { ...base.model, method: { ...base.model.method, settings: { r: 8, from_adapter: '/media/anna/adapters/old' } } }
  }
  const json = JSON.stringify(publishedReport(report, false))
  expect(json).not.toContain('secret')
  expect(json).not.toContain('/media/anna')
  expect(json).toContain('"from_adapter":"old"')
  expect(json).toContain('"worstErrors":[]')
  expect(publishedReport(report, true).evaluation).toEqual(base.evaluation)
  expect(datasheet(publishedReport(report, false), { problem: 'regression' }, {})).toContain('Not answered.')
})
