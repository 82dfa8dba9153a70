import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { LibraryWatch } from '../../../../src/main/services/library-watch.ts'

let folder: string
let watch: LibraryWatch
const look = vi.fn(async () => true)

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-library-watch-'))
  look.mockReset().mockResolvedValue(true)
  watch = await LibraryWatch.open({ folders: [join(folder, 'a'), join(folder, 'b')], look, log: () => undefined, quiet: 60 })
})
afterEach(async () => {
  await watch.dispose()
  await rm(folder, { recursive: true, force: true })
})

it('looks once after a burst of changes, in folders that it has made', async () => {
  for (let i = 0; i < 5; i++) await writeFile(join(folder, i % 2 === 0 ? 'a' : 'b', `${i}.json`), '{}')
  await vi.waitFor(() => expect(look).toHaveBeenCalledOnce())
  await pause(200)
  expect(look).toHaveBeenCalledOnce()
})

it('looks again while what it saw is not whole, but not for ever', async () => {
  look.mockResolvedValueOnce(false).mockResolvedValueOnce(false)
  await mkdir(join(folder, 'b', 'a-1'))
  await vi.waitFor(() => expect(look).toHaveBeenCalledTimes(3))
  look.mockResolvedValue(false)
  await mkdir(join(folder, 'b', 'a-2'))
  await vi.waitFor(() => expect(look).toHaveBeenCalledTimes(13), 3000)
  await pause(200)
  expect(look).toHaveBeenCalledTimes(13)
})

it('is told nothing once it is closed', async () => {
  await watch.dispose()
  await writeFile(join(folder, 'a', 'x.json'), '{}')
  await pause(150)
  expect(look).not.toHaveBeenCalled()
})
