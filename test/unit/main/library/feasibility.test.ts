import { expect, test } from 'vitest'
import { verdictOf } from '../../../../src/main/library/feasibility.ts'

test.each([
  [1e9, 0.5e9, 2e9, 'comfortable'],
  [1.1e9, 0.5e9, 2e9, 'tight'],
  [3e9, 2e9, 2e9, 'tight'],
  [3e9, 2.1e9, 2e9, 'impossible']
])('a usual run of %d bytes and a smallest of %d, where %d are free, is %s', (usual, least, free, verdict) => {
  expect(verdictOf({ usual, least, free })).toBe(verdict)
})
