import { describe, expect, test } from 'vitest'
import { barsDrawing, histogramDrawing } from '../../../src/renderer/src/charts/drawings/bars.ts'
import { linesDrawing } from '../../../src/renderer/src/charts/drawings/lines.ts'
import { roundTicks, written, type Palette } from '../../../src/renderer/src/charts/drawings/svg.ts'

const palette: Palette = {
  text: 'black',
  quiet: 'gray',
  hairline: 'silver',
  surface: 'white',
  accent: 'blue',
  series: ['#1', '#2', '#3', '#4', '#5', '#6'],
  font: 'sans-serif'
}

const allOf = (svg: string, pattern: RegExp): string[] => [...svg.matchAll(pattern)].map((match) => match[1] ?? '')

describe('round ticks', () => {
  test.each([
    [0, 1, [0, 0.25, 0.5, 0.75, 1]],
    [0, 276, [0, 100, 200]],
    [0.23, 1.61, [0.5, 1, 1.5]],
    [-3, 3, [-2, 0, 2]],
    [7, 7, [7]]
  ])('from %d to %d', (low, high, ticks) => {
    expect(roundTicks(low, high)).toEqual(ticks)
  })

  test('are never more than five', () => {
    for (let high = 1; high < 5000; high += 7) {
      const ticks = roundTicks(0, high)
      expect(ticks.length).toBeLessThanOrEqual(5)
      expect(ticks.length).toBeGreaterThanOrEqual(2)
    }
  })
})

test('a name cannot break out of the drawing', () => {
  expect(written('</text><script>"&\u0001\ud800', {})).toBe('<text>&lt;/text&gt;&lt;script&gt;&quot;&amp;\uFFFD\uFFFD</text>')
})

test('lines stand where their points are, with a gap bridged and what is no number left out', () => {
  const line = { id: 'a', label: 'A', step: [0, 50, 100], value: [0, NaN, 10], colour: 7 }
  const svg = linesDrawing({ title: 'Loss', description: 'Falls.', xTitle: 'step', lines: [line], extent: [0, 100] }, palette)
  // The box is from 64 to 588 across and from 312 to 40 upwards.
  expect(allOf(svg, / d="([^"]*)"/g)).toEqual(['M64.0 312.0L588.0 40.0'])
  expect(svg).toContain('<path d="M64.0 312.0L588.0 40.0" fill="none" stroke="#2"')
  expect(allOf(svg, />([^<]+)<\/text>/g)).toEqual([
    'Loss',
    '0',
    '2.5',
    '5',
    '7.5',
    '10',
    '0',
    '25',
    '50',
    '75',
    '100',
    'step',
    'A 10'
  ])
})

test('a flat line and no line at all are drawn', () => {
  const line = { id: 'a', label: '', step: [1, 2], value: [3, 3], colour: 0, marker: true }
  const drawing = { title: 'Rate', description: '', xTitle: 'step', extent: [0, 2] } as const
  expect(linesDrawing({ ...drawing, lines: [line] }, palette)).not.toMatch(/NaN|Infinity/)
  expect(linesDrawing({ ...drawing, lines: [] }, palette)).not.toMatch(/NaN|Infinity/)
})

test('bars start at zero, as long as their counts', () => {
  const svg = barsDrawing(
    {
      title: 'Classes',
      description: '',
      bars: [
        { name: 'a', value: 30 },
        { name: 'b', value: 10 }
      ]
    },
    palette
  )
  expect(allOf(svg, /<rect x="190"[^>]*width="([\d.]+)"/g)).toEqual(['260', '86.67'])
  expect(svg).toContain('30 (75\u00a0%)')
  const bins = [
    { from: 0, to: 5, count: 2 },
    { from: 5, to: 10, count: 4 }
  ]
  const histogram = histogramDrawing({ title: 'Length', description: '', xTitle: 'words', bins, edge: String }, palette)
  expect(allOf(histogram, /<rect x="[^>]*height="([\d.]+)" fill="#1"/g)).toEqual(['110', '220'])
})
