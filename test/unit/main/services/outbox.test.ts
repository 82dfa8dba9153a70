import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Outbox } from '../../../../src/main/services/outbox.ts'

let folder: string
let clock: number
let outbox: Outbox

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-outbox-'))
  clock = 0
  outbox = new Outbox(join(folder, 'outbox'), () => clock)
  await outbox.prepare()
})
afterEach(async () => {
  await outbox.clear()
  await rm(folder, { recursive: true, force: true })
})

const left = (): Promise<string[]> => readdir(join(folder, 'outbox'))

async function offered(name = 'letters.csv'): Promise<string> {
  const path = outbox.newPath('.csv')
  await writeFile(path, 'a,b')
  return outbox.offer(path, name)
}

describe('the outbox', () => {
  test('gives a file once, under a name that every system can give it', async () => {
    const ticket = await offered('../aux.csv')
    const file = outbox.take(ticket)
    expect(file.name).toBe('_aux.csv')
    expect(() => outbox.take(ticket)).toThrow('no longer waiting')
    await file.remove()
    expect(await left()).toEqual([])
  })

  test('gives none after ten minutes, and deletes it', async () => {
    const ticket = await offered()
    clock += 600
    expect(() => outbox.take(ticket)).toThrow('no longer waiting')
    await expect.poll(left).toEqual([])
  })

  test('takes nothing that lies elsewhere: it would be deleted', async () => {
    const own = join(folder, 'own.csv')
    await writeFile(own, 'a,b')
    await mkdir(join(folder, 'outbox', 'inner'))
    for (const path of [own, join(folder, 'outbox', '..', 'own.csv'), join(folder, 'outbox', 'inner', 'a.csv')])
      expect(() => outbox.offer(path, 'own.csv')).toThrow('Only files of the outbox')
    expect(await readdir(folder)).toContain('own.csv')
  })

  test('is empty after it was cleared, and after a start', async () => {
    const ticket = await offered()
    await outbox.clear()
    expect(() => outbox.take(ticket)).toThrow('no longer waiting')
    expect(await left()).toEqual([])
    await writeFile(outbox.newPath(), 'left behind')
    await outbox.prepare()
    expect(await left()).toEqual([])
  })
})
