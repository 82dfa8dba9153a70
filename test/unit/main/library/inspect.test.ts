import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { inspectModel } from '../../../../src/main/library/inspect.ts'
import { inspectionPage } from '../../../../src/main/cli/show-inspection.ts'
import { makeTinyProject } from '../../../helpers/tiny-project.ts'

const models = join(import.meta.dirname, '../../../fixtures/encoders/models')

let root: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'attune-inspect-'))
})

afterEach(() => rm(root, { recursive: true, force: true }))

describe('a complete model folder', () => {
  test('is described with its family, size, heads and tokenizer', async () => {
    await makeTinyProject(root)
    const inspection = await inspectModel(join(root, 'model'))
    expect(inspection).toMatchObject({
      family: 'BERT',
      max_tokens: 20,
      config: { layers: 2, width: 16, heads: 2, vocabularySize: 40 },
      weights: { parameters: 5267, bytes: 4 * 5267, dtypes: { F32: { tensors: 41, parameters: 5267 } } },
      tokenizer: { vocabulary_size: 40, highest_id: 39, special_tokens: { pad: 0, mask: 4 }, pairs: true },
      extra: [],
      problems: []
    })
    expect(inspection.heads).toEqual([
      { kind: 'sequence-classification', isComplete: true, labels: 3, missing: [] },
      { kind: 'token-classification', isComplete: false, labels: null, missing: ['classifier.weight', 'classifier.bias'] },
      { kind: 'question-answering', isComplete: false, labels: null, missing: ['qa_outputs.weight', 'qa_outputs.bias'] },
      { kind: 'masked-lm', isComplete: false, labels: null, missing: expect.arrayContaining(['cls.predictions.bias']) }
    ])
    const page = inspectionPage(inspection)
    expect(page).toMatch(/^Family +BERT$/m)
    expect(page).toMatch(/^Head +classification with 3 outputs$/m)
    expect(page).toMatch(/^Head +masked words: starts new/m)
  })

  test('of which the tokenizer belongs to another model is listed with that problem', async () => {
    await makeTinyProject(root)
    await cp(join(models, '../../tokenizers/bert-uncased/tokenizer.json'), join(root, 'model/tokenizer.json'))
    const { problems, weights } = await inspectModel(join(root, 'model'))
    expect(problems.map(({ code }) => code)).toEqual(['tokenizer-vocabulary'])
    expect(weights?.parameters).toBe(5267)
  })
})

describe('a folder that is at fault', () => {
  test('still shows what could be read, with every problem once', async () => {
    const { family, weights, tokenizer, problems } = await inspectModel(join(models, 'roberta-mlm'))
    expect(family).toBe('RoBERTa')
    expect(weights?.parameters).toBeGreaterThan(0)
    expect(tokenizer).toBeNull()
    expect(problems.map(({ code }) => code)).toEqual(['tokenizer-missing'])
  })

  test('of an unknown family is named', async () => {
    await cp(join(models, 'bert-3'), root, { recursive: true })
    await writeFile(join(root, 'config.json'), '{"model_type":"gptj"}')
    const { family, weights, problems } = await inspectModel(root)
    expect(family).toBeNull()
    expect(weights?.parameters).toBe(5267)
    expect(problems[0]?.message).toMatch(/'gptj'.*bert/)
  })

  test('that does not exist is refused with one sentence', async () => {
    await expect(inspectModel(join(root, 'none'))).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringContaining('none')
    })
  })
})
