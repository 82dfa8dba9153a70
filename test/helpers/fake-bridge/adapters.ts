import type { AdapterCandidate, AdaptersApi, ImportedAdapter } from '../../../src/preload/contract/adapters.ts'
import type { AdapterId, ModelId } from '../../../src/preload/contract/common.ts'
import { PRACTICE } from './data.ts'
import { answerTo } from './results.ts'
import { attributionOf } from './review.ts'

const MINILM = 'minilm' as ModelId

const imported: ImportedAdapter = {
  id: 'a-7d1f0c2b4e6a8091aa' as AdapterId,
  name: 'urgency-lora',
  model: { id: MINILM, name: 'MiniLM-L6-H384-uncased' },
  rank: 16,
  layers: 12,
  classNames: ['urgent', 'soon', 'routine'],
  isMultiLabel: false,
  licence: 'Apache-2.0',
  bytes: 1_182_000,
  sha256: '4be1a6c09d2f77e1b8330c5d9e6f10427788c9d0e1f2a3b4c5d6e7f8091a2b3c',
  addedAt: '2026-11-24T15:40:00Z',
  made: null,
  problem: null
}
const stranded: ImportedAdapter = {
  ...imported,
  id: 'a-11223344556677889900' as AdapterId,
  name: 'topics-lora',
  model: { id: 'gone' as ModelId, name: 'ward-encoder' },
  classNames: Array.from({ length: 14 }, (_, i) => `topic ${i + 1}`),
  isMultiLabel: true,
  licence: null,
  problem: 'Its model, ward-encoder, is no longer in the library. Import that model again.'
}

/** One that came in a pack: its maker tested it. */
export const packedAdapter: ImportedAdapter = {
  ...imported,
  id: 'a-99887766554433221100' as AdapterId,
  name: 'urgency-ward-3',
  made: {
    tested: {
      part: 'test',
      rows: 122,
      metrics: [
        { id: 'accuracy', title: 'Accuracy', value: 0.8525 },
        { id: 'balanced_accuracy', title: 'Balanced accuracy', value: 0.8012 },
        { id: 'macro_f1', title: 'Macro-F1', value: 0.8104 }
      ]
    },
    signedBy: '316a a88e 9b1a dbdd',
    madeWith: '0.1.0'
  }
}

const candidate: AdapterCandidate = {
  name: 'urgency-lora',
  baseName: 'MiniLM-L6-H384-uncased',
  rank: 16,
  bytes: 1_182_000,
  licence: 'Apache-2.0',
  isMultiLabel: null,
  bases: [
    { model: MINILM, name: 'MiniLM-L6-H384-uncased', isNamed: true, labels: 3, classNames: null },
    { model: PRACTICE, name: 'Practice encoder', isNamed: false, labels: 3, classNames: null }
  ],
  problem: null
}

/** Two adapters that were made elsewhere, one of which lost its model; a folder is an adapter's where the scene says so. */
export function adapterHandlers(
  isFilled: boolean,
  found: Partial<AdapterCandidate> | null,
  isPacked = false
): { readonly [Name in keyof AdaptersApi]: (argument: never) => unknown } {
  const all = isFilled ? [stranded, imported, ...(isPacked ? [packedAdapter] : [])] : []
  return {
    look: () => found && { ...candidate, ...found },
    bring: () => ({ adapter: imported, isKnown: false }),
    list: () => all,
    remove: (id: AdapterId) => void all.splice(0, all.length, ...all.filter((each) => each.id !== id)),
    answer: ({ texts }: { texts: readonly string[] }) => texts.map(answerTo),
    attribute: attributionOf
  }
}
