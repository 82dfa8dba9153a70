import type { CardsApi } from '../../../preload/contract/cards.ts'
import type { Cards } from '../../services/cards.ts'
import { defineRoutes, type Routes } from '../define.ts'
import { cardRun, cardWords } from '../parse/cards.ts'

export interface CardServices {
  readonly cards: Cards
}

export const cardsRoutes = ({ cards }: CardServices): Routes<CardsApi> =>
  defineRoutes<CardsApi>({
    get: (run) => cards.get(cardRun(run)),
    save: (request) => {
      const { run, words } = cardWords(request)
      return cards.save(run, words)
    }
  })
