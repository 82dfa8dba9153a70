import { describe, expect, test } from 'vitest'
import type { DatasetId, ModelId } from '../../src/preload/contract/common.ts'
import type { Feasibility, ModelFit } from '../../src/preload/contract/library.ts'
import type { ModelSummary } from '../../src/preload/contract/models.ts'
import { FitsState } from '../../src/renderer/src/screens/train/fits.svelte.ts'

const shares: Readonly<Record<string, number>> = { a: 0.8, b: 0.94 }
const models = ['a', 'b', 'gone'].map((id) => ({ id })) as unknown as ModelSummary[] // Only their ids are looked at.
const data = 'd' as DatasetId

function fits(asked: string[]): FitsState {
  return new FitsState({
    feasibility: async (model) => {
      if (shares[model] === undefined) throw new Error('The folder is gone.')
      return { model, verdict: 'tight', usual: 3e9, least: 1e9, free: 4e9 } satisfies Feasibility
    },
    fit: async ({ model }) => {
      asked.push(model)
      const wholeWords = shares[model]
      if (wholeWords === undefined) throw new Error('The folder is gone.')
      return {
        model,
        texts: 1,
        wholeWords,
        tokensPerWord: 1,
        unknown: 0,
        limit: 9,
        longTexts: 0,
        cutTokens: 0
      } satisfies ModelFit
    }
  })
}

describe('the fit of models to the open data', () => {
  test('is asked for once, and names the one that keeps the most words whole', async () => {
    const asked: string[] = []
    const state = fits(asked)
    await state.look(data, models)
    await state.look(data, models)
    expect(asked).toEqual(['a', 'b', 'gone'])
    expect(state.best).toBe('b')
    expect(state.of('gone' as ModelId)).toBeUndefined()
    expect(state.feasibilityOf('a' as ModelId)?.verdict).toBe('tight')
    expect(state.feasibilityOf('gone' as ModelId)).toBeUndefined()
  })

  test('calls nothing best where there is one model alone', async () => {
    const state = fits([])
    await state.look(data, models.slice(0, 1))
    expect(state.best).toBeNull()
  })
})
