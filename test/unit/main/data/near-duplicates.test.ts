import { expect, test } from 'vitest'
import { nearDuplicates } from '../../../../src/main/data/near-duplicates.ts'

const letter =
  'The patient was seen on Monday in the outpatient clinic. She reports less pain in the left knee since the injection and walks without a stick. We advise physiotherapy twice a week and see her again in six weeks.'

test('names texts that nearly repeat another, whatever case and white space, and no other', () => {
  const others = [
    letter,
    'A short note.',
    ...Array.from({ length: 300 }, (_, i) => `Invoice ${i} of the company ${i * 7} for parts delivered in week ${i % 52}.`)
  ]
  const texts = [
    letter.replace('Monday', 'Friday'),
    letter.toUpperCase().replaceAll(' ', '  '),
    `${letter.slice(0, 70)} Nothing else of it is the same; the rest speaks of other matters altogether, at some length and in other words.`,
    'A short note.',
    'Something else.',
    ''
  ]
  expect(nearDuplicates(texts, others)).toEqual([true, true, false, true, false, false])
  expect(nearDuplicates(texts, [])).toEqual(texts.map(() => false))
})
