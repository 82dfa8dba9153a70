import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseRunConfig } from '../../../../src/main/config/run-config.ts'
import { selectParameters } from '../../../../src/main/engine/training/model-definition.ts'
import { openModelFolder } from '../../../../src/main/engine/training/model-folder.ts'
import { checkNames } from '../../../../src/main/worker/check-names.ts'
import { modelDefinitionOf } from '../../../../src/main/worker/model-definition.ts'

const models = join(import.meta.dirname, '../../../fixtures/encoders/models')

/** Checks a run on a two-layer model of a family. */
async function check(method: string, training = '', family = 'bert'): Promise<void> {
  const lines = ['task: text-classification', 'model: m', 'data: { file: d.csv, text: t, label: l }', `method: ${method}`]
  const config = parseRunConfig([...lines, ...(training === '' ? [] : [`training: ${training}`])].join('\n'), 'run.yaml')
  const model = await openModelFolder(join(models, `${family}-3`))
  const definition = modelDefinitionOf(config, model, ['a', 'b', 'c'])
  checkNames(config, definition, selectParameters(definition))
}

describe('names of modules', () => {
  it.each([
    ['bert', '{ type: lora }'],
    ['roberta', '{ type: lora }'],
    ['distilbert', '{ type: lora }'],
    ['bert', '{ type: lora, target_modules: [query, output.dense] }'],
    ['bert', '{ type: lora, target_modules: all-linear, modules_to_save: [pooler, classifier, embeddings] }'],
    ['bert', "{ type: lora, target_modules: '.*(query|key)' }"],
    ['bert', "{ type: full, freeze: ['layer\\.0\\.', LayerNorm] }"],
    ['bert', '{ type: last_n, layers: 2 }']
  ])('that %s has are taken: %s', async (family, method) => {
    await expect(check(method, '', family)).resolves.toBeUndefined()
  })

  it.each([
    [
      '{ type: lora, target_modules: [query, vlaue] }',
      "method.target_modules: vlaue stands for none of the model's linear layers. Did you mean value?"
    ],
    [
      '{ type: lora, target_modules: [q_proj] }',
      "method.target_modules: q_proj stands for none of the model's linear layers. They are query, key, value, dense."
    ],
    [
      '{ type: lora, target_modules: [LayerNorm] }',
      "method.target_modules: LayerNorm stands for none of the model's linear layers. They are query, key, value, dense."
    ],
    [
      '{ type: lora, target_modules: query }',
      'method.target_modules is the regular expression query, which must match a whole path. For every layer of that name write [query].'
    ],
    [
      '{ type: lora, target_modules: [pooler.dense], layers_to_transform: [0] }',
      "method.target_modules: pooler.dense stands for none of the model's linear layers. Did you mean dense?"
    ],
    [
      '{ type: lora, modules_to_save: [poolr] }',
      "method.modules_to_save: poolr stands for none of the model's modules. Did you mean pooler?"
    ],
    [
      "{ type: full, freeze: ['layer\\.7\\.'] }",
      "method.freeze: layer\\.7\\. stands for none of the model's weights. They are word_embeddings, position_embeddings, " +
        'token_type_embeddings, LayerNorm, query, key, value, dense, classifier.'
    ],
    ['{ type: lora, layers_to_transform: [1, 2] }', "method.layers_to_transform names layer 2; the model's layers are 0 to 1."],
    ['{ type: last_n, layers: 3 }', 'method.layers is 3; the model has 2 layers. Use fewer.']
  ])('that it lacks are refused: %s', async (method, sentence) => {
    await expect(check(method)).rejects.toMatchObject({ name: 'InputError', message: sentence })
  })

  it('of parameter groups must name something that is trained', async () => {
    const groups = (modules: string): string => `{ parameter_groups: [{ modules: ${modules}, learning_rate: 0.001 }] }`
    await expect(check('{ type: lora }', groups('[query]'))).resolves.toBeUndefined()
    await expect(check('{ type: full }', groups('[encoder.layer.1, embeddings]'))).resolves.toBeUndefined()
    await expect(check('{ type: lora }', groups('[key]'))).rejects.toMatchObject({
      where: { key: 'training.parameter_groups[0].modules' },
      message: expect.stringMatching(
        /^training\.parameter_groups\[0\]\.modules: key stands for none of the weights that are trained\. /
      )
    })
  })

  it('and gradual unfreezing must stop at a layer that there is', async () => {
    const stop = (layer: number): string => `{ gradual_unfreezing: { stop_at_layer: ${layer} } }`
    await expect(check('{ type: full }', stop(1))).resolves.toBeUndefined()
    await expect(check('{ type: full }', stop(2))).rejects.toMatchObject({
      message: "training.gradual_unfreezing.stop_at_layer names layer 2; the model's layers are 0 to 1."
    })
  })
})
