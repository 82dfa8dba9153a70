import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { open } from '../../../../../src/main/base/sealed/fs.ts'
import { oldOfficeOf } from '../../../../../src/main/data/source/old-office.ts'
import { compoundFile } from '../../../../helpers/compound-file.ts'

let folder: string
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'attune-office-'))))
afterAll(() => rm(folder, { recursive: true, force: true }))

async function lookAt(bytes: Buffer): Promise<unknown> {
  const path = join(folder, 'file')
  await writeFile(path, bytes)
  const handle = await open(path)
  try {
    return await oldOfficeOf(handle)
  } finally {
    await handle.close()
  }
}

const many = Array.from({ length: 40 }, (_, i) => `stream ${i}`)

test.each([
  ['what Excel encrypts', ['EncryptionInfo', 'EncryptedPackage'], {}, 'encrypted'],
  ['one of the two names alone', ['EncryptedPackage'], {}, 'other'],
  ['a workbook', ['Workbook'], {}, 'workbook'],
  ['a workbook of Excel 95', ['Book'], {}, 'workbook'],
  ['a document of Word', ['1Table', 'WordDocument'], {}, 'document'],
  ['names far down a directory in many pieces', [...many, 'EncryptionInfo', 'EncryptedPackage'], { gap: 3 }, 'encrypted'],
  ['sectors of 4,096 bytes', [...many, 'Workbook'], { sectorBytes: 4096 }, 'workbook'],
  ['a directory that goes round', many, { circular: true }, 'other']
] as const)('knows %s', async (_, names, making, found) => {
  expect(await lookAt(compoundFile(names, making))).toBe(found)
})

test('a file that is cut off, or no such file, ends nothing but the looking', async () => {
  const whole = compoundFile(['EncryptionInfo', 'EncryptedPackage'])
  for (let length = 0; length < whole.length; length += 37) {
    const found = await lookAt(whole.subarray(0, length))
    expect(length < 512 ? [null] : ['other', 'encrypted']).toContain(found)
  }
  expect(await lookAt(Buffer.from('PK\x03\x04'.padEnd(600, ' ')))).toBeNull()
})
