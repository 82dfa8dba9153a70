import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { Check, type KindCheck } from '../../../../../src/main/data/personal/check.ts'
import { findPersonal } from '../../../../../src/main/data/personal/find.ts'
import type { Span } from '../../../../../src/main/data/spans/span.ts'

const root = join(import.meta.dirname, '../../../../..')

function documents(): readonly { readonly title: string; readonly text: string; readonly marks: readonly Span[] }[] {
  const file = readFileSync(join(root, 'test/fixtures/personal/documents.md'), 'utf8')
  return file
    .split(/^=== /m)
    .slice(1)
    .map((part) => {
      const [title = '', ...lines] = part.split('\n')
      let text = ''
      const marks: Span[] = []
      for (const [, plain = '', label, value = ''] of lines.join('\n').matchAll(/([\s\S]*?)(?:\[\[(\w+):([^\]]*)\]\]|$)/g)) {
        text += plain
        if (label !== undefined) marks.push({ start: text.length, end: text.length + value.length, label })
        text += value
      }
      return { title, text, marks }
    })
}

function measured(): Readonly<Record<string, KindCheck>> {
  const check = new Check()
  for (const { text, marks } of documents()) check.add(text, marks, findPersonal(text))
  return check.result
}

const rounded = (part: number, of: number): string => (of === 0 ? '' : `${Math.round((100 * part) / of)} %`)

it('the rules hide and find as much of the documents written by hand as the guide says', () => {
  const { all, ...kinds } = measured()
  const rows = [...Object.entries(kinds).sort(([a], [b]) => (a < b ? -1 : 1)), ['all kinds', all] as const]
  const table = rows.map(([kind, check]) => {
    const { marked = 0, hidden = 0, found = 0, right = 0, justified = 0 } = check ?? {}
    const good = kind === 'all kinds' ? justified : right
    return `| ${[kind, marked, hidden, rounded(hidden, marked), found, good, rounded(good, found)].join(' | ')} |`
  })
  const guide = readFileSync(join(root, 'docs/guide/deidentify.md'), 'utf8').replace(/ +\|/g, ' |').replace(/\| +/g, '| ')
  expect(table.filter((line) => !guide.includes(line.replace(/\| +\|/g, '| |')))).toEqual([])
})

it('near misses give next to nothing', () => {
  const found = documents()
    .filter(({ title }) => title === 'near misses')
    .flatMap(({ text }) => findPersonal(text).map(({ start, end, label }) => `${label}: ${text.slice(start, end)}`))
  expect(found).toEqual([])
})
