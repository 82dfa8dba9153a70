/** Names of the host's batch inputs. */
export const feeds = {
  inputIds: 'input_ids',
  tokenTypeIds: 'token_type_ids',
  positionIds: 'position_ids',
  attentionBias: 'attention_bias',
  firstTokens: 'first_tokens',
  /** Indices into the batch's tokens that carry a label (token-classification, masked-lm). */
  labelPositions: 'label_positions',
  /** Mean pooling, [texts, 1, steps]: 1 / length on each token of a text, 0 on padding. */
  poolWeights: 'pool_weights',
  /** Max pooling, [texts, steps, 1]: 0 on each token of a text, very negative on padding. */
  poolBias: 'pool_bias',
  /** Packed rows, [examples, longest]: where in the batch each text's tokens lie; its first token where it is shorter. */
  unpack: 'unpack'
} as const
