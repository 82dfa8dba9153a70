import { InputError } from '../../base/errors.ts'
import type { SpecialRole } from './special-tokens.ts'
import { specialsIn } from './template.ts'
import type { Tokenizer } from './tokenizer.ts'

export interface TokenizerNeeds {
  /** `vocab_size` of the configuration: rows of the embedding table. */
  readonly vocabSize: number
  /** How many tokens the model has positions for (`max_position_embeddings`, less the two that RoBERTa keeps for padding). */
  readonly maxPositions: number
  /** The `max_length` asked for, when there is one. */
  readonly maxLength?: number
  /** Special tokens that the task cannot do without; only `pad` by default. */
  readonly roles?: readonly SpecialRole[]
  /** Whether rows are pairs of texts. */
  readonly pairs?: boolean
  /** Names of the files, for messages. */
  readonly tokenizerFile?: string
  readonly configFile?: string
}

/** Refuses, with an InputError that names both sides, a tokenizer that does not fit the model or the settings. */
export function checkTokenizerFits(tokenizer: Tokenizer, needs: TokenizerNeeds): void {
  const { tokenizerFile = 'tokenizer.json', configFile = 'config.json' } = needs
  if (tokenizer.highestId >= needs.vocabSize) {
    const message =
      `${tokenizerFile} has token ids up to ${tokenizer.highestId}, but vocab_size in ${configFile} is ${needs.vocabSize}, so ids from ` +
      `${needs.vocabSize} have no embedding. The two files belong to different models: use the tokenizer that came with the model.`
    throw new InputError('tokenizer-vocabulary', message, { file: tokenizerFile, key: 'vocab_size' })
  }
  for (const role of needs.roles ?? ['pad']) {
    if (tokenizer.specialTokens[role] !== null) continue
    const message = `${tokenizerFile} has no ${role} token. Name it as "${role}_token" in tokenizer_config.json, or use another model.`
    throw new InputError('tokenizer-special-token', message, { file: tokenizerFile, key: `${role}_token` })
  }
  if (needs.pairs === true && tokenizer.template.pair === null) {
    const message = `${tokenizerFile} has no form for pairs of texts. Use one text column, or another model.`
    throw new InputError('tokenizer-pair', message, { file: tokenizerFile, key: 'post_processor' })
  }
  if (needs.maxLength !== undefined) checkMaxLength(tokenizer, needs.maxLength, needs, configFile)
}

function checkMaxLength(tokenizer: Tokenizer, maxLength: number, needs: TokenizerNeeds, configFile: string): void {
  if (maxLength > needs.maxPositions) {
    const message =
      `max_length is ${maxLength}, but the model has positions for only ${needs.maxPositions} tokens (${configFile}): ` +
      `set max_length to ${needs.maxPositions} or less.`
    throw new InputError('max-length-too-large', message, { key: 'max_length' })
  }
  const specials = specialsIn((needs.pairs === true ? tokenizer.template.pair : null) ?? tokenizer.template.single)
  if (maxLength > specials) return
  const message = `max_length is ${maxLength}, but ${specials} special tokens are added to each text: set it to ${specials + 1} or more.`
  throw new InputError('max-length-too-small', message, { key: 'max_length' })
}
