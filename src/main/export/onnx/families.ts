import { names as bert } from '../../engine/architectures/bert/tensors.ts'
import { names as distilbert } from '../../engine/architectures/distilbert/tensors.ts'
import type { PostNormConfig, PostNormNames } from '../../engine/architectures/encoder.ts'
import { names as roberta } from '../../engine/architectures/roberta/tensors.ts'
import type { ExportableRun } from '../define-exporter.ts'

/** Module names of each family whose inference graph we build. */
const families: Readonly<Record<string, PostNormNames>> = { bert, distilbert, roberta }

export interface Family {
  readonly names: PostNormNames
  readonly config: PostNormConfig
}

/** A run's family, where its inference graph can be built. */
export function familyOf({ definition: { architecture, config } }: ExportableRun): Family | null {
  const names = families[architecture.id]
  return names ? { names, config: config as PostNormConfig } : null // Every family above has such a config.
}
