import { listed } from '../base/wording.ts'
import { whole } from '../report/numbers.ts'
import type { FinishedEvent } from '../worker/protocol.ts'
import { numberAt, textAt } from './facts.ts'

type Fact = readonly [title: string, value: string]

/** What an imported adapter is. */
export function adapterFacts(finished: FinishedEvent): Fact[] {
  const names: unknown = finished['class_names']
  const classes = Array.isArray(names) ? names.map(String) : []
  const trainedOn = textAt(finished, 'base_name')
  return [
    ['Adapter', textAt(finished, 'out') ?? ''],
    ['Model', `${textAt(finished, 'base') ?? ''}${trainedOn === null ? '' : ` (made from ${trainedOn})`}`],
    ['LoRA', `rank ${whole(numberAt(finished, 'rank') ?? 0)}, on ${whole(numberAt(finished, 'layers') ?? 0)} layers`],
    [
      'Answers',
      classes.length === 0
        ? 'a number'
        : `${listed(classes, 12)}${finished['problem'] === 'multi_label_classification' ? ' (any of them)' : ''}`
    ],
    ['SHA-256', textAt(finished, 'sha256') ?? ''],
    ['Tested', 'not yet']
  ]
}
