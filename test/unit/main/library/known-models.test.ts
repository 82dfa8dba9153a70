import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { knownModels } from '../../../../src/main/library/known-models.ts'

interface Size {
  readonly vocabulary: number
  readonly width?: number
  readonly layers?: number
  /** Positions, and kinds of segments (DistilBERT has none). */
  readonly positions?: number
  readonly segments?: number
  readonly pooler?: boolean
}

/** The numbers of each model's config.json; where they were read stands in docs/get-a-model.md. */
const SIZES: Readonly<Record<string, Size>> = {
  'all-MiniLM-L6-v2': { vocabulary: 30_522, width: 384, layers: 6 },
  'distilbert-base-uncased': { vocabulary: 30_522, layers: 6, segments: 0, pooler: false },
  'distilroberta-base': { vocabulary: 50_265, layers: 6, positions: 514, segments: 1 },
  'bert-base-uncased': { vocabulary: 30_522 },
  'bert-base-cased': { vocabulary: 28_996 },
  'roberta-base': { vocabulary: 50_265, positions: 514, segments: 1 },
  'bert-large-uncased': { vocabulary: 30_522, width: 1024, layers: 24 },
  'roberta-large': { vocabulary: 50_265, width: 1024, layers: 24, positions: 514, segments: 1 },
  'bert-base-german-cased': { vocabulary: 30_000 },
  'gbert-base': { vocabulary: 31_102 },
  'camembert-base': { vocabulary: 32_005, positions: 514, segments: 1 },
  'bert-base-chinese': { vocabulary: 21_128 },
  'distilbert-base-multilingual-cased': { vocabulary: 119_547, layers: 6, segments: 0, pooler: false },
  'bert-base-multilingual-cased': { vocabulary: 119_547 },
  'xlm-roberta-base': { vocabulary: 250_002, positions: 514, segments: 1 },
  'xlm-roberta-large': { vocabulary: 250_002, width: 1024, layers: 24, positions: 514, segments: 1 },
  Bio_ClinicalBERT: { vocabulary: 28_996 },
  'BiomedNLP-BiomedBERT-base-uncased-abstract-fulltext': { vocabulary: 30_522 },
  'legal-bert-base-uncased': { vocabulary: 30_522 }
}

/** Embeddings with their norm; in each layer four square projections, two of four times the width and two norms, all with biases; the pooler. */
function parametersOf({ vocabulary, width: h = 768, layers = 12, positions = 512, segments = 2, pooler = true }: Size): number {
  const embeddings = (vocabulary + positions + segments) * h + 2 * h
  const layer = 4 * (h * h + h) + (4 * h * h + 4 * h) + (4 * h * h + h) + 4 * h
  return embeddings + layers * layer + (pooler ? h * h + h : 0)
}

describe('the models to get', () => {
  test.each(knownModels)('$name: as many parameters as its configuration makes', ({ name, parameters }) => {
    const size = SIZES[name]
    expect(size, `no size of ${name} is known`).toBeDefined()
    expect(Math.abs(parametersOf(size!) / parameters - 1)).toBeLessThan(0.008)
  })

  test('each have a line that says where their facts were read', async () => {
    const page = await readFile(join(import.meta.dirname, '../../../../docs/get-a-model.md'), 'utf8')
    for (const { publisher, name, licence } of knownModels) {
      const line = page.split('\n').find((each) => each.startsWith(`| ${publisher}/${name} `))
      expect(line, `${publisher}/${name} has no line`).toBeDefined()
      expect(line).toContain(`| ${licence ?? 'not found'} `)
    }
  })
})
