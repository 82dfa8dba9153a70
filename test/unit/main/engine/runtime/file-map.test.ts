import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fileMapper, type FindFunction } from '../../../../../src/main/engine/runtime/c-api/file-map.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-map-'))
  await writeFile(join(folder, 'weights.bin'), 'weights')
})
afterAll(() => rm(folder, { recursive: true }))

/** A system that answers each call with what is told, and the calls it got. */
function fakeSystem(answers: Readonly<Record<string, number>>): { readonly find: FindFunction; readonly calls: unknown[][] } {
  const calls: unknown[][] = []
  const find: FindFunction =
    (_library, name) =>
    (...values) => {
      calls.push([name, ...values])
      return answers[name] ?? 0
    }
  return { find, calls }
}

describe('on Windows', () => {
  const answers = { CreateFileW: 11, CreateFileMappingW: 22, MapViewOfFile: 0x7ff0_0000, UnmapViewOfFile: 1, CloseHandle: 1 }

  it('opens the file for reading beside others, maps it whole, and keeps only the view', () => {
    const { find, calls } = fakeSystem(answers)
    const mapper = fileMapper('win32', find)
    expect(mapper?.map('C:\\weights.bin', 7)).toBe(0x7ff0_0000)
    expect(calls).toEqual([
      ['CreateFileW', 'C:\\weights.bin', 0x80000000, 7, 0, 3, 0x80, 0],
      ['CreateFileMappingW', 11, 0, 2, 0, 0, 0],
      ['MapViewOfFile', 22, 4, 0, 0, 0],
      ['CloseHandle', 22],
      ['CloseHandle', 11]
    ])
    mapper?.unmap(0x7ff0_0000, 7)
    expect(calls.at(-1)).toEqual(['UnmapViewOfFile', 0x7ff0_0000])
  })

  it('maps nothing where a call fails, and leaves no handle open', () => {
    const noFile = fakeSystem({ ...answers, CreateFileW: 2 ** 64 })
    expect(fileMapper('win32', noFile.find)?.map('x', 7)).toBe(0)
    expect(noFile.calls.map(([name]) => name)).toEqual(['CreateFileW'])
    const noMapping = fakeSystem({ ...answers, CreateFileMappingW: 0 })
    expect(fileMapper('win32', noMapping.find)?.map('x', 7)).toBe(0)
    expect(noMapping.calls.map(([name]) => name)).toEqual(['CreateFileW', 'CreateFileMappingW', 'CloseHandle'])
  })
})

describe('on Linux and macOS', () => {
  it('maps the file for reading, and nothing where the system refuses', () => {
    const { find, calls } = fakeSystem({ mmap: 4096 })
    expect(fileMapper('linux', find)?.map(join(folder, 'weights.bin'), 7)).toBe(4096)
    expect(calls[0]?.slice(0, 5)).toEqual(['mmap', 0, 7, 1, 2])
    expect(fileMapper('darwin', fakeSystem({ mmap: 2 ** 64 }).find)?.map(join(folder, 'weights.bin'), 7)).toBe(0)
  })
})

it('is not there where the system lacks a call', () => {
  const find: FindFunction = () => {
    throw new Error('not found')
  }
  expect(fileMapper('linux', find)).toBeNull()
  expect(fileMapper('win32', find)).toBeNull()
})
