import { expect, test } from 'vitest'
import type { DatasetId } from '../../src/preload/contract/common.ts'
import { createApi } from '../../src/renderer/src/lib/api.ts'
import { DatasheetState } from '../../src/renderer/src/screens/data/datasheet.svelte.ts'
import { makeFakeBridge } from '../helpers/fake-bridge/index.ts'

test('questions about data are answered section by section, and kept when they are saved', async () => {
  const api = createApi(makeFakeBridge({ filled: true, beat: 0 }))
  const sheet = new DatasheetState(api.datasheets, 'letters' as DatasetId)
  await sheet.questions.load()
  expect(sheet.sections.map(([section]) => section).slice(0, 2)).toEqual(['Motivation', 'Composition'])
  expect(sheet.answered).toBe(4)
  sheet.answer('contact', 'data@clinic.example')
  sheet.answer('title', '  ')
  expect(sheet.answered).toBe(4)
  await sheet.save()
  const again = new DatasheetState(api.datasheets, 'letters' as DatasetId)
  await again.questions.load()
  const answers = new Map((again.questions.value ?? []).map(({ key, answer }) => [key, answer.trim()]))
  expect([answers.get('contact'), answers.get('title')]).toEqual(['data@clinic.example', ''])
})
