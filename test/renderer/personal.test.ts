import { expect, test } from 'vitest'
import type { DatasetId } from '../../src/preload/contract/common.ts'
import { createApi } from '../../src/renderer/src/lib/api.ts'
import { PersonalState } from '../../src/renderer/src/screens/data/personal/personal.svelte.ts'
import { makeFakeBridge, type FakeOptions } from '../helpers/fake-bridge/index.ts'

const LETTERS = 'letters' as DatasetId

async function opened(options: FakeOptions = {}) {
  const api = createApi(makeFakeBridge({ filled: true, beat: 0, ...options }))
  const summary = await api.data.get(LETTERS)
  return { personal: new PersonalState(api.personal, LETTERS), summary }
}

test('what was found is masked, but ids that hold rows together are replaced and answers are left', async () => {
  const { personal, summary } = await opened()
  personal.begin(summary)
  await personal.look()
  expect(personal.passages).toBe(4266)
  expect(personal.findings.map((finding) => [finding.column, personal.actionFor(finding)]).slice(0, 2)).toEqual([
    ['patient_id', 'pseudonymise'],
    ['letter', 'mask']
  ])
  expect([personal.common, personal.changed]).toEqual([null, 4266])
  personal.chooseAll('leave')
  expect([personal.common, personal.changed]).toEqual(['leave', 0])
  const [, names] = personal.findings
  personal.choose(names!, 'remove')
  expect(personal.changed).toBe(1684)
  expect((await personal.apply()).note).toMatch(/^Personal data: /)
})

test('a large table is looked through only when that is asked for', async () => {
  const { personal, summary } = await opened({ rows: 1_000_000 })
  personal.begin(summary)
  expect(personal.isAsked).toBe(false)
  await personal.look()
  expect([personal.isAsked, personal.findings.length]).toEqual([true, 8])
})

test('a scan that was given up can be asked for again', async () => {
  const { personal } = await opened({
    failing: { 'personal:scan': 'You stopped looking for personal data.' },
    failingCode: 'stopped'
  })
  await personal.look()
  expect(personal.isAsked).toBe(false)
})
