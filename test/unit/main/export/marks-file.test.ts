import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { learnedScores, marksFile, readMarks, writeMarks } from '../../../../src/main/export/marks/marks-file.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-marks-file-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const options = { scheme: 'BIO', labelled: 'first', decoding: 'constrained', crf: false } as const
const plain = { kinds: ['NAME'], options, temperature: 1.5, learned: null, maxLength: 128, stride: 32 }

describe('marks.json', () => {
  test('holds what the scheme allows, and is read back as it was written', async () => {
    const marks = marksFile(plain)
    const never = -10_000
    expect(marks.transitions).toEqual({
      between: [
        [0, 0, never],
        [0, 0, 0],
        [0, 0, 0]
      ],
      start: [0, 0, never],
      end: [0, 0, 0]
    })
    expect(learnedScores(marks)).toBeNull()
    await writeMarks({ marks }, folder)
    expect(await readMarks(folder)).toEqual(marks)
  })

  test('holds nothing that is not allowed where tags are told one by one, and what a conditional random field learned', () => {
    const free = marksFile({ ...plain, options: { ...options, decoding: 'independent' } })
    expect(free.transitions.between.flat()).toEqual(new Array(9).fill(0))
    const ones = (length: number): Float64Array => new Float64Array(length).fill(1)
    const learned = { tags: 3, between: ones(9), start: ones(3), end: ones(3) }
    const crf = marksFile({ ...plain, learned })
    expect(crf.crf).toBe(true)
    expect(crf.transitions.between[0]).toEqual([1, 1, -10_000])
    expect(learnedScores(crf)?.end).toEqual([1, 1, 1])
  })

  test.each([
    ['is missing', null],
    ['is not valid JSON', '{'],
    ['does not say what is needed to read passages', '{"tags": ["O"]}'],
    ['does not say what is needed to read passages', 'null']
  ])('is refused where it %s', async (why, content) => {
    await rm(join(folder, 'marks.json'), { force: true })
    if (content !== null) await writeFile(join(folder, 'marks.json'), content)
    await expect(readMarks(folder)).rejects.toThrow(why)
  })

  test('is refused where its tags are not those of its kinds', async () => {
    await writeMarks({ marks: marksFile(plain) }, folder)
    const text = await readFile(join(folder, 'marks.json'), 'utf8')
    await writeFile(join(folder, 'marks.json'), text.replace('"I-NAME"', '"I-NAMES"'))
    await expect(readMarks(folder)).rejects.toThrow('names other tags than its kinds have')
  })
})
