import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ifThere } from '../../../../src/main/base/if-there.ts'

test('what is not there is nothing; any other refusal is thrown', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'attune-there-'))
  try {
    await writeFile(join(folder, 'file'), 'x')
    expect(await ifThere(readdir(folder))).toEqual(['file'])
    expect(await ifThere(readdir(join(folder, 'missing')))).toBeNull()
    expect(await ifThere(stat(join(folder, 'file', 'below')))).toBeNull()
    const refused = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' })
    await expect(ifThere(Promise.reject(refused))).rejects.toBe(refused)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
