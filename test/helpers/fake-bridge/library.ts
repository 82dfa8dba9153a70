import type { ModelId, RunId } from '../../../src/preload/contract/common.ts'
import type { Feasibility, LibraryApi, ModelDetails, ModelFit } from '../../../src/preload/contract/library.ts'
import { LETTERS, models, PRACTICE } from './data.ts'

const HASH = '8c1f4e0b6a7d2935c0de11aa22bb33cc44dd55ee66ff77008899aabbccddeeff'
const FILES = [
  { name: 'config.json', bytes: 612, sha256: HASH },
  { name: 'model.safetensors', bytes: 90_868_376, sha256: HASH.replace('8c', '1d') },
  { name: 'tokenizer.json', bytes: 466_062, sha256: HASH.replace('8c', '7e') }
]
const CARD =
  'MiniLM is a small encoder distilled from BERT.\n\nIntended use: sentence and short text classification in English.\n\nLimits: it was trained on general texts of the web, not on medical or legal ones.'

const PERMISSIVE: ModelDetails['licence'] = {
  summary: 'Allows use, change and passing on, commercial too; its notice has to stay with the model.',
  obligations: ['Keep the copyright notice and the text of the licence with the model.'],
  isNoticed: false
}

const feasibilityOf = (model: ModelId): Feasibility =>
  model === PRACTICE
    ? { model, verdict: 'comfortable', usual: 170e6, least: 90e6, free: 6.2e9 }
    : { model, verdict: 'tight', usual: 3.4e9, least: 900e6, free: 6.2e9 }

const fitOf = (model: ModelId): ModelFit => ({
  model,
  texts: 300,
  wholeWords: model === PRACTICE ? 0.94 : 0.81,
  tokensPerWord: model === PRACTICE ? 1.08 : 1.37,
  unknown: 0,
  limit: model === PRACTICE ? 256 : 512,
  longTexts: model === PRACTICE ? 0.031 : 0,
  cutTokens: model === PRACTICE ? 0.006 : 0
})

/** A library whose import takes no time, and whose second model has one file that changed. */
export function libraryHandlers(): { readonly [Name in keyof LibraryApi]: (argument: never) => unknown } {
  return {
    look: () => {
      const { name, family, parameters, bytes, licence, languages } = models[1]!
      return { name, family, parameters, bytes, licence, languages, problem: null, mustCopy: null }
    },
    bring: () => ({ model: models[1], isKnown: false }),
    stop: () => undefined,
    details: (id: ModelId) => {
      const isBundled = id === PRACTICE
      return {
        id,
        hash: isBundled ? null : HASH,
        place: isBundled ? 'bundled' : 'referenced',
        files: isBundled ? [] : FILES,
        card: CARD,
        tags: ['encoder', 'distillation'],
        licence: PERMISSIVE,
        checkedAt: isBundled ? null : '2026-11-24T15:40:00Z'
      }
    },
    verify: () => ({ checkedAt: '2026-11-25T10:00:00Z', changes: [{ name: 'tokenizer.json', what: 'changed' }] }),
    fit: ({ model }: { model: ModelId }) => fitOf(model),
    feasibility: (model: ModelId) => feasibilityOf(model),
    adapters: () => [
      {
        run: 'r3' as RunId,
        name: 'Urgency v3',
        model: { id: PRACTICE, name: 'Practice encoder' },
        dataset: { id: LETTERS, name: 'clinical-letters.csv' },
        method: 'lora',
        bytes: 1_240_000,
        createdAt: '2026-11-24T15:40:00Z'
      }
    ]
  }
}
