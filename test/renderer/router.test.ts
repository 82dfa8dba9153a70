import { expect, test } from 'vitest'
import { hrefTo, parentOf, placeOf } from '../../src/renderer/src/router.svelte.ts'

test.each([
  ['', { screen: 'home', rest: [] }],
  ['#/', { screen: 'home', rest: [] }],
  ['#/runs/3f2/errors', { screen: 'runs', rest: ['3f2', 'errors'] }],
  ['#/data/a%2Fb', { screen: 'data', rest: ['a/b'] }],
  ['#/data/%E0%A4%A', { screen: 'data', rest: ['%E0%A4%A'] }],
  ['#/nowhere/1', { screen: 'home', rest: [] }]
])('reads %s', (hash, place) => {
  expect(placeOf(hash)).toEqual(place)
})

test('writes what it reads', () => {
  expect(placeOf(hrefTo('runs', 'a/b ü', 'errors'))).toEqual({ screen: 'runs', rest: ['a/b ü', 'errors'] })
})

test.each([
  ['#/runs/3f2/errors', '#/runs/3f2'],
  ['#/runs/3f2', '#/runs'],
  ['#/runs', '#/'],
  ['#/train/letters', '#/data/letters']
])('goes up from %s to %s', (from, to) => {
  expect(parentOf(placeOf(from))).toBe(to)
})
