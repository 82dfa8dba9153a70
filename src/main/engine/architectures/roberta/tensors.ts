import { bertLayerNames } from '../bert-config.ts'
import type { PostNormNames } from '../encoder.ts'

export const names: PostNormNames = { prefix: 'roberta', layers: 'encoder.layer', layer: bertLayerNames }
