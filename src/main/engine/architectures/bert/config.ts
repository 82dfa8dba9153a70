import { readBertConfig } from '../bert-config.ts'
import type { ConfigJson } from '../config-fields.ts'
import type { DropoutOverrides } from '../define-architecture.ts'
import type { PostNormConfig } from '../encoder.ts'

export type BertConfig = PostNormConfig

export const readConfig = (json: ConfigJson, overrides: DropoutOverrides): BertConfig => readBertConfig(json, overrides, 0)
