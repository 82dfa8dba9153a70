import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { noWords, readCardWords, writeCardWords } from '../../../../src/main/report/card-words.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-card-words-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe("a person's words for a model card", () => {
  test('are kept with the run as they are, and leave no file where none is said', async () => {
    expect(await readCardWords(folder)).toEqual(noWords)
    await writeCardWords(folder, { intended: ' Sorting letters\n\nof the ward ', limits: '', further: 'Ask Dr. Ruiz.' })
    expect(await readCardWords(folder)).toEqual({
      intended: 'Sorting letters\n\nof the ward',
      limits: '',
      further: 'Ask Dr. Ruiz.'
    })
    await writeCardWords(folder, { intended: ' ', limits: '', further: '' })
    expect(await readdir(folder)).toEqual([])
  })

  test.each([
    ['[]', 'it is no object'],
    ['{"intended": 3}', 'intended is no text'],
    ['{"indented": "x"}', "it has no part 'indented'; its parts are intended, limits, further"],
    [JSON.stringify({ limits: 'x'.repeat(4001) }), 'limits has more than 4000 characters'],
    ['{', 'JSON']
  ])('are refused where the file is no card: %s', async (json, why) => {
    await writeFile(join(folder, 'card.json'), json)
    await expect(readCardWords(folder)).rejects.toMatchObject({ code: 'card-unreadable', message: expect.stringContaining(why) })
  })
})
