import { join } from 'node:path'
import { expect, test } from 'vitest'
import { usualMemory } from '../../../../../src/main/engine/training/usual-memory.ts'

const models = join(import.meta.dirname, '../../../../fixtures/encoders/models')
const held = 80e6

test.each(['bert-3-dropout', 'roberta-3-dropout', 'distilbert-3-dropout'])(
  'training %s takes more than what is held',
  async (name) => {
    const { usual, least } = await usualMemory(join(models, name), held)
    expect(least).toBeGreaterThan(held)
    expect(usual).toBeGreaterThanOrEqual(least)
    // Two layers, 16 wide: next to nothing.
    expect(usual).toBeLessThan(2 * held)
  }
)

// bench and docs/progress.md: LoRA on this model's letters, up to 256 tokens long, is measured with 168 MB in all.
test('training the practice model takes some tens of MB more, and less a text at a time', async () => {
  const { usual, least } = await usualMemory(join(import.meta.dirname, '../../../../../resources/sample/model'), held)
  expect(usual - held).toBeGreaterThan(30e6)
  expect(usual - held).toBeLessThan(120e6)
  expect(least).toBeLessThan(0.9 * usual)
})

test('a folder that is no model is refused', async () => {
  await expect(usualMemory(join(models, 'nothing'), held)).rejects.toMatchObject({ name: 'InputError' })
})
