import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../../../src/renderer')
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(?:svelte|css|ts|html)$/.test(name))
  .map((name) => ({ name, text: readFileSync(join(root, name), 'utf8') }))

const COLOUR =
  /#[0-9a-f]{3,8}\b(?!['"]?\))|\b(?:rgba?|hsla?|oklch|lab|light-dark)\(|:\s*(?:white|black|red|green|blue|gr[ae]y)\b/i

describe('the page', () => {
  test('names colours in tokens.css and nowhere else', () => {
    const found = files
      .filter(({ name }) => !name.endsWith('tokens.css'))
      .flatMap(({ name, text }) => text.split('\n').map((line, index) => ({ at: `${name}:${index + 1}`, line })))
      .filter(({ line }) => COLOUR.test(line.replaceAll(/'#\/?[^']*'|`#\/[^`]*`/g, '')))
    expect(found).toEqual([])
  })

  test('keeps its components under 150 lines', () => {
    const long = files.filter(({ name, text }) => name.endsWith('.svelte') && text.split('\n').length > 151)
    expect(long.map(({ name }) => name)).toEqual([])
  })

  test('writes no style or script into its markup', () => {
    const found = files.filter(({ name, text }) => name.endsWith('.svelte') && /\sstyle="|\{@html/.test(text))
    expect(found.map(({ name }) => name)).toEqual([])
  })
})
