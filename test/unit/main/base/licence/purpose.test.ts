import { expect, test } from 'vitest'
import { purposeConflict, type Purpose } from '../../../../../src/main/base/licence/purpose.ts'
import { licenceOf } from '../../../../../src/main/base/licence/read-licence.ts'

const found = (name: string | null, purpose: Purpose): string | null =>
  purposeConflict([{ name: 'MiniLM', licence: licenceOf(name, name === null ? null : 'card') }], purpose)

test.each([
  ['cc-by-nc-4.0', ['commercial']],
  ['llama-2-research-only-license', ['inside', 'commercial']],
  ['cc-by-nd-4.0', ['commercial']],
  ['apache-2.0', []],
  ['gpl-3.0', []],
  // Neither can be told: the notice says to read it, or to ask.
  ['house-terms', []],
  [null, []]
] as const)('the licence %s speaks against %j alone', (name, against) => {
  const purposes = ['unsaid', 'research', 'inside', 'commercial'] as const
  expect(purposes.filter((purpose) => found(name, purpose) !== null)).toEqual(against)
})

test('says what the purpose is, and which licence is in its way', () => {
  expect(found('cc-by-nc-4.0', 'commercial')).toBe(
    'The result is meant to be sold or given to others, and a licence speaks against that. Licence of MiniLM (cc-by-nc-4.0): Does not allow commercial use, of the model or of what was made from it.'
  )
  const adapter = { name: 'letters-lora', licence: licenceOf('cc-by-nc-4.0', 'card') }
  expect(purposeConflict([{ name: 'MiniLM', licence: licenceOf('mit', 'card') }, adapter], 'commercial')).toContain(
    'Licence of letters-lora'
  )
})
