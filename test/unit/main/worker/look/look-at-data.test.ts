import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lookAtData, type LookTask } from '../../../../../src/main/worker/look/look-at-data.ts'
import type { CloseFinding } from '../../../../../src/main/worker/scrutiny/scrutiny-types.ts'

let folder: string
const at = (name: string): string => join(folder, name)
const CALM = 'The patient came for a planned visit and has no complaints of any kind today'
const BAD = 'Severe pain in the chest since this morning with cold sweat and short breath'

/** 120 rows of two classes; row 7 repeats row 3 but for its case, row 9 nearly repeats row 5, row 101 has the wrong label. */
function table(): string {
  const texts = Array.from(
    { length: 120 },
    (_, i) => `${i % 2 === 0 ? CALM : BAD}, case ${(i * 7919) % 1000} of ward ${'abcdefghij'[i % 10]}${i}`
  )
  texts[7] = texts[3]!.toUpperCase()
  texts[9] = `${texts[5]} x`
  const labels = texts.map((_, i) => ((i === 101 ? i + 1 : i) % 2 === 0 ? 'routine' : 'urgent'))
  return `letter,urgency,ward\n${texts.map((text, i) => `"${text}",${labels[i]},w${i % 3}`).join('\n')}\n`
}

interface Finished {
  readonly rows: number
  readonly left_out: number
  readonly roles: object
  readonly findings: readonly (CloseFinding & { readonly fixes: readonly string[] })[]
  readonly fixed: { readonly rows: number; readonly note: string } | null
}

const look = async (task: Partial<LookTask> = {}): Promise<Finished> => {
  const done = await lookAtData(
    { data: at('letters.csv'), roles: {}, fix: null, rowsFile: null, ...task },
    () => undefined,
    new AbortController().signal
  )
  return done as unknown as Finished // Made by lookAtData.
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-look-test-'))
  await writeFile(at('letters.csv'), table())
})

afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

describe('a look at data by the command line', () => {
  test('finds what is there, with its lines, and leaves nothing behind', async () => {
    const before = (await readdir(tmpdir())).filter((name) => name.startsWith('attune-look-') && !name.includes('test'))
    const { rows, roles, findings } = await look({ rowsFile: at('rows.csv') })
    expect({ rows, roles }).toMatchObject({
      rows: 120,
      roles: { text: 'letter', answer: 'urgency', task: 'text-classification' }
    })
    const byCode = new Map(findings.map((each) => [each.code, each]))
    expect(byCode.get('duplicates')).toMatchObject({ lines: [5, 9], remarks: ['Set 1', 'Set 1'], fixes: ['drop'] })
    expect(byCode.get('near-duplicates')?.lines).toEqual(expect.arrayContaining([7, 11]))
    expect(byCode.get('doubtful-labels')).toMatchObject({
      lines: [103],
      remarks: [expect.stringMatching(/^urgent \(.*\) rather than routine/)]
    })
    const written = await readFile(at('rows.csv'), 'utf8')
    expect(written.split('\n').slice(0, 1)).toEqual(['finding,line,remark'])
    expect(written).toContain('\nduplicates,9,Set 1\n')
    const after = (await readdir(tmpdir())).filter((name) => name.startsWith('attune-look-') && !name.includes('test'))
    expect(after).toEqual(before)
  })

  test('puts right what is named in a new file, and only that', async () => {
    const source = await readFile(at('letters.csv'), 'utf8')
    const { fixed } = await look({ fix: { codes: ['duplicates', 'doubtful-labels', 'languages'], out: at('clean.csv') } })
    expect(fixed).toMatchObject({ rows: 119, note: '1 label corrected, 1 row dropped' })
    const [lines, clean] = [source, await readFile(at('clean.csv'), 'utf8')].map((text) =>
      text
        .trim()
        .split('\n')
        .map((line) => line.replaceAll('"', ''))
    )
    const expected = lines!.filter((_, i) => i !== 8).map((line, i) => (i === 101 ? line.replace(',routine,', ',urgent,') : line))
    expect(clean).toEqual(expected)
    expect(await readFile(at('letters.csv'), 'utf8')).toBe(source)
  })

  test('writes over nothing, and says what cannot be put right or is not there', async () => {
    const fix = { codes: ['duplicates'], out: at('letters.csv') }
    await expect(look({ fix })).rejects.toMatchObject({ code: 'output_exists' })
    await expect(look({ fix: { ...fix, out: at('clean.xlsx') } })).rejects.toMatchObject({ code: 'output_type' })
    await expect(look({ fix: { codes: ['leak-word-1'], out: at('new.csv') } })).rejects.toMatchObject({ code: 'usage' })
    await expect(look({ roles: { text: 'body' } })).rejects.toThrow(/no column 'body'. It has 'letter', 'urgency', 'ward'/)
    await expect(look({ roles: { text: 'urgency' } })).rejects.toMatchObject({ code: 'usage' })
    expect((await readdir(folder)).filter((name) => name.startsWith('new'))).toEqual([])
  })
})
