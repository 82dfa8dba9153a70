import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { lockFolder } from '../../../../src/main/shell/folder-lock.ts'

let folder: string
const lock = (text: string): Promise<void> => writeFile(join(folder, 'attune.lock'), text)

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-lock-'))
})

afterEach(() => rm(folder, { recursive: true, force: true }))

describe('the lock of a data folder', () => {
  test('that was let go says nothing of the last use', async () => {
    const { release, cutShort } = await lockFolder(folder, 'start-1')
    expect(cutShort).toBeNull()
    await release()
    expect((await lockFolder(folder, 'start-2')).cutShort).toBeNull()
  })

  test('of a process that is gone tells a crash from a restart of the PC', async () => {
    await lock('999999999 start-1')
    expect((await lockFolder(folder, 'start-1')).cutShort).toBe('program-ended')
    await lock('999999999 start-1')
    expect((await lockFolder(folder, 'start-2')).cutShort).toBe('pc-restarted')
  })

  test('is not kept by another program that has its number after a restart, and is by one in this', async () => {
    await lock(`${process.ppid} start-1`)
    await expect(lockFolder(folder, 'start-1')).rejects.toThrow('already open')
    expect((await lockFolder(folder, 'start-2')).cutShort).toBe('pc-restarted')
  })

  test('allows for a clock that was set, where a start is told by its time', async () => {
    await lock('999999999 at:1000000')
    expect((await lockFolder(folder, 'at:1000030')).cutShort).toBe('program-ended')
    await lock('999999999 at:1000000')
    expect((await lockFolder(folder, 'at:1000900')).cutShort).toBe('pc-restarted')
  })

  test('that a power cut left empty counts as one of a crash', async () => {
    await lock('')
    expect((await lockFolder(folder, 'start-1')).cutShort).toBe('program-ended')
  })
})
