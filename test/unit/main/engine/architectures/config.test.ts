import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { architectureOf } from '../../../../../src/main/engine/training/model-folder.ts'

const models = join(import.meta.dirname, '../../../../fixtures/encoders/models')

type Json = Readonly<Record<string, unknown>>

const families = ['bert', 'roberta', 'xlm-roberta', 'camembert', 'distilbert'] as const
type Family = (typeof families)[number]

const written = async (family: Family): Promise<Json> =>
  JSON.parse(await readFile(join(models, `${family}-3`, 'config.json'), 'utf8')) as Json // A JSON object, as transformers writes it.

const read = async (family: Family, keys: Json) => {
  const json = { ...(await written(family)), ...keys }
  return architectureOf(json).readConfig(json, {})
}

/** Switches of transformers' configurations that change the arithmetic and that no family here follows. */
const refused: readonly Json[] = [
  { is_decoder: true },
  { add_cross_attention: true },
  { position_embedding_type: 'relative_key' },
  { position_embedding_type: 'relative_key_query' },
  { position_embedding_type: 'alibi' },
  { pruned_heads: { 0: [1] } },
  { quantization_config: { load_in_8bit: true } },
  { tie_word_embeddings: false }
]

/** Settings that change nothing in an encoder's forward pass, or only in tasks that a run does not have. */
const idle: readonly Json[] = [
  { chunk_size_feed_forward: 2 },
  { use_cache: false },
  { output_attentions: true },
  { output_hidden_states: true },
  { gradient_checkpointing: true },
  { problem_type: 'regression' },
  { qa_dropout: 0.9 },
  { torch_dtype: 'float16' },
  { pruned_heads: {} },
  { position_embedding_type: 'absolute' },
  { is_decoder: false, add_cross_attention: false }
]

describe.each(families)('config.json of %s', (family) => {
  test.each(refused)('is refused by the name of %j', async (keys) => {
    const [key = ''] = Object.keys(keys)
    await expect(read(family, keys)).rejects.toThrow(new RegExp(`^config\\.json: ${key} is .*Choose another model\\.$`))
  })

  test.each(idle)('reads the same with %j', async (keys) => {
    expect(await read(family, keys)).toEqual(await read(family, {}))
  })

  test('refuses an activation that it does not know, by name', async () => {
    const key = family === 'distilbert' ? 'activation' : 'hidden_act'
    await expect(read(family, { [key]: 'mish' })).rejects.toThrow(`config.json: ${key} is "mish"; Attune knows gelu,`)
  })

  test('refuses more layers than there can be, without counting them out', async () => {
    const key = family === 'distilbert' ? 'n_layers' : 'num_hidden_layers'
    await expect(read(family, { [key]: 1e8 })).rejects.toThrow(
      `config.json: ${key} is 100000000; it must be a whole number from 1 to 1000.`
    )
  })
})

/** What is honoured: [family, keys, what becomes of them]. */
const honoured: readonly (readonly [Family, Json, Json])[] = [
  ['bert', { hidden_act: 'relu' }, { activation: 'relu' }],
  ['bert', { layer_norm_eps: 1e-5 }, { epsilon: 1e-5 }],
  [
    'bert',
    { hidden_dropout_prob: 0.3, classifier_dropout: null },
    { hiddenDropout: 0.3, attentionOutputDropout: 0.3, classifierDropout: 0.3 }
  ],
  ['bert', { classifier_dropout: 0.2 }, { classifierDropout: 0.2 }],
  ['bert', { attention_probs_dropout_prob: 0.4 }, { attentionDropout: 0.4 }],
  ['bert', { initializer_range: 0.5 }, { initializerRange: 0.5 }],
  ['roberta', { pad_token_id: 3 }, { padId: 3 }],
  ['camembert', { layer_norm_eps: 1e-6 }, { epsilon: 1e-6 }],
  // DistilBERT's own code fixes its epsilon, reads positions as they are stored, and has a classifier's dropout of its own.
  ['distilbert', { layer_norm_eps: 1e-3 }, { epsilon: 1e-12 }],
  ['distilbert', { seq_classif_dropout: 0.3, classifier_dropout: 0.9 }, { classifierDropout: 0.3 }],
  ['distilbert', { sinusoidal_pos_embds: true }, {}],
  ['distilbert', { activation: 'relu' }, { activation: 'relu' }]
]

test.each(honoured)('%s honours %j', async (family, keys, expected) => {
  expect(await read(family, keys)).toEqual({ ...(await read(family, {})), ...expected })
})

test("DistilBERT takes BERT's names for its own, as transformers does", async () => {
  const { dim, n_heads, n_layers, ...rest } = await written('distilbert')
  const json = { ...rest, hidden_size: dim, num_attention_heads: n_heads, num_hidden_layers: n_layers }
  expect(architectureOf(json).readConfig(json, {})).toEqual(await read('distilbert', {}))
})
