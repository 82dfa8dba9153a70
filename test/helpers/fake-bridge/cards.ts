import type { CardsApi, CardWords } from '../../../src/preload/contract/cards.ts'

/** Words that are kept as long as the page is open. */
export function cardHandlers(): { readonly [Name in keyof CardsApi]: (argument: never) => unknown } {
  let words: CardWords = {
    intended: 'Sorting letters that come to the outpatient clinic, before a nurse reads them.',
    limits: '',
    further: ''
  }
  return {
    get: () => words,
    save: (request: Parameters<CardsApi['save']>[0]) => {
      ;({ words } = request)
    }
  }
}
