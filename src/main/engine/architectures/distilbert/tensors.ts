import type { PostNormNames } from '../encoder.ts'

export const names: PostNormNames = {
  prefix: 'distilbert',
  layers: 'transformer.layer',
  layer: {
    attention: 'attention',
    query: 'q_lin',
    key: 'k_lin',
    value: 'v_lin',
    attentionOutput: 'attention.out_lin',
    attentionNorm: 'sa_layer_norm',
    up: 'ffn.lin1',
    down: 'ffn.lin2',
    outputNorm: 'output_layer_norm'
  }
}
