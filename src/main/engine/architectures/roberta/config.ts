import { InputError } from '../../../base/errors.ts'
import { readBertConfig } from '../bert-config.ts'
import type { ConfigJson } from '../config-fields.ts'
import type { DropoutOverrides } from '../define-architecture.ts'
import type { PostNormConfig } from '../encoder.ts'

export type RobertaConfig = PostNormConfig

/**
 * Reads RoBERTa's config.json. Positions are numbered from pad_token_id + 1, so the longest sequence is shorter than the table by that much;
 * the table itself keeps max_position_embeddings rows.
 */
export function readConfig(json: ConfigJson, overrides: DropoutOverrides): RobertaConfig {
  const config = readBertConfig(json, overrides, 1)
  if (config.maxPositions <= config.padId + 1) {
    const sentence = `config.json: max_position_embeddings is ${config.maxPositions}, too few for positions that start at pad_token_id + 1 = ${config.padId + 1}.`
    throw new InputError('config-invalid', sentence, { file: 'config.json', key: 'max_position_embeddings' })
  }
  return config
}
