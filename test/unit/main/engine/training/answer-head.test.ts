import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openModelFolder, storedTensors } from '../../../../../src/main/engine/training/model-folder.ts'
import { selectParameters } from '../../../../../src/main/engine/training/model-definition.ts'
import { full } from '../../../../../src/main/engine/peft/full/index.ts'
import type { PeftMethod } from '../../../../../src/main/engine/peft/define-method.ts'

const fixtures = join(import.meta.dirname, '../../../../fixtures')
const head = 'question-answering'
const tensors = ['qa_outputs.weight', 'qa_outputs.bias']

describe('the head that finds answers', () => {
  it.each(['bert', 'roberta', 'distilbert'])('of %s goes on from a checkpoint that has it', async (family) => {
    const model = await openModelFolder(join(fixtures, `questions/models/${family}-questions`), { answerHead: true })
    expect([...storedTensors(model, head, 2, null)]).toEqual(expect.arrayContaining(tensors))
    expect(model.unknown).toEqual([])
  })

  it('starts new where the checkpoint has another one', async () => {
    const model = await openModelFolder(join(fixtures, 'encoders/models/bert-3'), { answerHead: true })
    const stored = storedTensors(model, head, 2, null)
    const { architecture, config } = model
    const method = full as PeftMethod<unknown>
    const options = { freeze: [], freeze_embeddings: false }
    const { parameters } = selectParameters({ architecture, config, head, labels: 2, method, options, stored })
    const made = parameters.filter(({ origin }) => origin === 'new')
    expect(made.map(({ name, shape }) => [name, shape])).toEqual([
      ['qa_outputs.weight', [2, 16]],
      ['qa_outputs.bias', [2]]
    ])
  })

  it('drops out at the rate of its own family: none but for DistilBERT', async () => {
    const rate = async (family: string): Promise<number> =>
      (await openModelFolder(join(fixtures, `questions/models/${family}-questions-dropout`), { answerHead: true })).config
        .classifierDropout
    expect([await rate('bert'), await rate('distilbert')]).toEqual([0, 0.3])
  })
})
