import type { ModelId } from '../../../src/preload/contract/common.ts'
import type { PackCandidate, PackId, PacksApi } from '../../../src/preload/contract/packs.ts'
import { packedAdapter } from './adapters.ts'
import { models } from './data.ts'

const LICENCE = `Creative Commons Attribution-NonCommercial 4.0 International

You are free to share and adapt the material under these terms: you must give appropriate credit, and you may not use it for commercial purposes. No additional restrictions may be applied. The licensor gives no warranties.`

const candidate: PackCandidate = {
  id: 'p-fake' as PackId,
  name: 'urgency-ward-3',
  holds: 'model',
  on: null,
  answers: { problem: 'single_label_classification', labels: ['routine', 'soon', 'urgent'], pairs: false },
  base: 'MiniLM-L6-H384-uncased',
  method: 'LoRA',
  maxTokens: 256,
  dtype: 'fp32',
  bytes: 91_400_000,
  tested: {
    part: 'test',
    rows: 122,
    metrics: [
      { id: 'accuracy', title: 'Accuracy', value: 0.8525 },
      { id: 'balanced_accuracy', title: 'Balanced accuracy', value: 0.8012 },
      { id: 'macro_f1', title: 'Macro-F1', value: 0.8104 },
      { id: 'mcc', title: 'MCC', value: 0.7231 }
    ]
  },
  licence: {
    name: 'cc-by-nc-4.0',
    summary: 'Forbids commercial use, whatever is made from it included.',
    isNoticed: true,
    text: LICENCE
  },
  madeWith: '0.1.0',
  signedBy: '316a a88e 9b1a dbdd',
  isOwn: false,
  staysPlain: false,
  problem: null
}

/** Packs that open at once; `found`: what differs in this one. */
export function packsHandlers(found: Partial<PackCandidate> = {}): {
  readonly [Name in keyof PacksApi]: (argument: never) => unknown
} {
  return {
    open: () => ({ ...candidate, ...found }),
    stop: () => undefined,
    keep: () =>
      found.holds === 'adapter'
        ? { adapter: { ...packedAdapter, name: candidate.name }, isKnown: false }
        : {
            model: { ...models[1], id: 'm-pack' as ModelId, name: candidate.name, answers: candidate.answers },
            isKnown: false
          },
    drop: () => undefined
  }
}
