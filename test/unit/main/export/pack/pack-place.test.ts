import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { packPath, packsIn } from '../../../../../src/main/export/pack/pack-place.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-pack-place-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('a folder that is to be checked', () => {
  it('holds the packs that lie in it, and none where it is an export itself', async () => {
    for (const name of ['b.attune', 'a.ATTUNE', 'notes.txt']) await writeFile(join(folder, name), '')
    await mkdir(join(folder, 'folder.attune'))
    expect(await packsIn(folder)).toEqual(['a.ATTUNE', 'b.attune'])
    expect(await packPath(folder, 'b.attune')).toBe(join(folder, 'b.attune'))
    await writeFile(join(folder, 'manifest.json'), '{}')
    expect(await packsIn(folder)).toEqual([])
  })

  it('is refused where it holds neither, and a pack that is gone or a link', async () => {
    await expect(packsIn(folder)).rejects.toMatchObject({ code: 'verify-nothing' })
    await expect(packPath(folder, 'gone.attune')).rejects.toMatchObject({ code: 'verify-nothing' })
    await writeFile(join(folder, 'real.attune'), '')
    await symlink(join(folder, 'real.attune'), join(folder, 'link.attune'))
    await expect(packPath(folder, 'link.attune')).rejects.toMatchObject({ code: 'verify-nothing' })
  })
})
