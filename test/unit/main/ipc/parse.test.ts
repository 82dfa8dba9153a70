import { expect, test } from 'vitest'
import { renameRequest } from '../../../../src/main/ipc/parse.ts'

test('a name loses what would make it look like another, and keeps what scripts and pictures need', () => {
  const renamed = (name: string): string => renameRequest({ id: 'r-1', name }).name
  expect(renamed(' urgency\u202E gnp.exe\u0000\r\n ')).toBe('urgency gnp.exe')
  expect(renamed('👩‍⚕️ می‌خواهم')).toBe('👩‍⚕️ می‌خواهم')
  for (const nothing of ['', '   ', '\u202E\u2066', '\0']) expect(() => renamed(nothing)).toThrow('Reload it')
  expect(() => renamed('x'.repeat(201))).toThrow('Reload it')
})
