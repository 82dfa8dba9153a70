import type { DatasheetQuestion, DatasheetsApi } from '../../../src/preload/contract/datasheets.ts'
import { datasheetQuestions } from '../../../src/main/export/paper/questions.ts'

const answered: Readonly<Record<string, string>> = {
  title: 'Letters of the outpatient clinic, 2019 to 2025',
  purpose: 'To sort incoming letters by urgency',
  personal_data: 'Names and dates of birth were removed before',
  licence: 'Internal, not to be passed on'
}

/** Answers that are kept as long as the page is open. */
export function datasheetHandlers(): { readonly [Name in keyof DatasheetsApi]: (argument: never) => unknown } {
  let answers = answered
  return {
    get: (): readonly DatasheetQuestion[] => datasheetQuestions.map((each) => ({ ...each, answer: answers[each.key] ?? '' })),
    save: (request: Parameters<DatasheetsApi['save']>[0]) => {
      ;({ answers } = request)
    }
  }
}
