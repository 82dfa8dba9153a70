import { bert } from './bert/index.ts'
import type { Architecture } from './define-architecture.ts'
import { distilbert } from './distilbert/index.ts'
import { roberta } from './roberta/index.ts'

/** Every model family that Attune reads. */
export const architectures: readonly Architecture[] = [bert, roberta, distilbert]
