import { expect, test } from 'vitest'
import type { DatasetId } from '../../src/preload/contract/common.ts'
import { createApi } from '../../src/renderer/src/lib/api.ts'
import { CopiesState } from '../../src/renderer/src/screens/data/copies/copies.svelte.ts'
import { CleanVersion } from '../../src/renderer/src/screens/data/personal/clean-version.svelte.ts'
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

async function looked(options: FakeOptions = {}) {
  const copies = new CopiesState(createApi(makeFakeBridge({ filled: true, beat: 0, ...options })))
  await copies.chooseFolder()
  await copies.look()
  return copies
}

test('copies are written only as they were looked at, and kinds that only a model knows stay unless chosen', async () => {
  const copies = await looked()
  expect([copies.isCurrent, copies.changed, copies.actionFor('DRUG')]).toEqual([true, 301, 'leave'])
  copies.choose('NAME', 'leave')
  expect([copies.isCurrent, copies.changed]).toEqual([false, 137])
  await copies.look()
  copies.goThrough('ward', false)
  expect([copies.isCurrent, copies.isGoneThrough('ward')]).toEqual([false, false])
  copies.do('remove')
  expect([copies.actionFor('NAME'), copies.changed]).toEqual(['remove', 301])
})

test('what stands for what is kept only where something is replaced, under a passphrase that was typed twice', async () => {
  const copies = await looked()
  copies.mapping.isKept = true
  expect([copies.replaces, (await copies.write())?.mapping]).toEqual([false, null])
  copies.choose('NAME', 'pseudonymise')
  expect([copies.replaces, copies.isReady]).toEqual([true, false])
  copies.mapping.passphrase = copies.mapping.again = 'four words and more'
  await copies.look()
  expect([copies.isReady, (await copies.write())?.mapping]).toEqual([true, 'Letters 2026 mapping.age'])
  copies.mapping.again = 'four words'
  expect(copies.isReady).toBe(false)
})

test('an earlier mapping is gone on from with its own passphrase, typed once', async () => {
  const copies = await looked()
  copies.do('pseudonymise')
  await copies.mapping.chooseKnown()
  expect(copies.isReady).toBe(false)
  copies.mapping.passphrase = 'short'
  await copies.look()
  expect([copies.isReady, copies.report?.known]).toEqual([true, 212])
  copies.mapping.forgetKnown()
  expect([copies.isCurrent, copies.mapping.wish.passphrase]).toEqual([false, null])
})

test('a clean version that replaces asks for a passphrase only where something is kept, and what failed leaves what was typed', async () => {
  const api = createApi(makeFakeBridge({ filled: true, beat: 0, failing: { 'personal:apply': 'The passphrase is wrong.' } }))
  const summary = await api.data.get(LETTERS)
  const personal = new PersonalState(api.personal, LETTERS)
  personal.begin(summary)
  await personal.look()
  expect(personal.replaces).toBe(true)
  const clean = new CleanVersion(api, personal, summary)
  expect([clean.group, clean.mapping.isReady]).toEqual([summary.roles.group, true])
  clean.mapping.isKept = true
  expect(clean.mapping.isReady).toBe(false)
  clean.mapping.passphrase = clean.mapping.again = 'four words and more'
  expect([await clean.make(), clean.failure?.message, clean.mapping.passphrase]).toEqual([
    null,
    'The passphrase is wrong.',
    'four words and more'
  ])
  personal.chooseAll('mask')
  expect(personal.replaces).toBe(false)
})

test('what is kept beside one version is offered to go on from in another', async () => {
  const api = createApi(makeFakeBridge({ filled: true, beat: 0 }))
  const summary = await api.data.get(LETTERS)
  const personal = new PersonalState(api.personal, LETTERS)
  personal.begin(summary)
  await personal.look()
  const first = new CleanVersion(api, personal, summary)
  first.mapping.isKept = true
  first.mapping.passphrase = first.mapping.again = 'four words and more'
  const made = await first.make()
  const next = new CleanVersion(api, personal, summary)
  await next.mapping.load()
  const [kept] = next.mapping.beside
  expect(kept).toMatchObject({ dataset: made?.id })
  next.mapping.goOnFrom(kept!)
  expect([next.mapping.isReady, next.mapping.wish.known]).toEqual([false, { dataset: made?.id }])
  await api.mappings.destroy(made!.id)
  expect(await api.mappings.of(made!.id)).toBe(null)
})
