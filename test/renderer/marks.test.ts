import { expect, test } from 'vitest'
import { marksIn } from '../../src/renderer/src/lib/marks.ts'

test('marked passages are shown by what stands there, counted in code points', () => {
  const cell = '[{"start":2,"end":5,"label":"NAME"},{"start":6,"end":9,"label":"VERB"}]'
  expect(marksIn(cell, '🙂 Zoë saw')).toEqual([
    { label: 'NAME', passage: 'Zoë' },
    { label: 'VERB', passage: 'saw' }
  ])
  expect(marksIn('[]', 'x')).toEqual([])
})

test('a cell that is no list, or was cut for the page, is shown as it is', () => {
  for (const cell of ['', 'x', '{}', '[1]', '[null]', '[{"start":0,"end":2,"label":"N"}]', '[{"start":0,"en'])
    expect(marksIn(cell, 'x')).toBeNull()
})
