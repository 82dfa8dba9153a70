import { listed } from '../base/wording.ts'
import { bytes, NO_BREAK, quantity, whole } from '../report/numbers.ts'
import type { FailedEvent } from '../worker/protocol.ts'
import { reportFailure } from './failure.ts'
import { factLines } from './facts.ts'
import { inspectModel, type FoundHead, type Inspection } from '../library/inspect.ts'
import type { Output } from './output.ts'

/** `attune inspect PATH` for a model's folder. Resolves to the exit code: 2 where the model cannot be trained. */
export async function showInspection(folder: string, output: Output): Promise<number> {
  const inspection = await inspectModel(folder)
  const [first, ...others] = inspection.problems
  if (!output.isJson) output.print(inspectionPage(inspection))
  if (!first) {
    if (output.isJson) output.event({ event: 'finished', ...inspection })
    return 0
  }
  // The last problem is said by the failure itself, on standard error.
  for (const { message } of others) output.tell(message)
  const failure: FailedEvent = { event: 'failed', exitCode: 2, ...first, detail: first.message }
  return reportFailure(output.isJson ? { ...failure, ...{ inspection } } : failure, output, null)
}

type Fact = readonly [title: string, value: string]

export function inspectionPage({
  folder,
  family,
  config,
  max_tokens,
  class_names,
  weights,
  heads,
  extra,
  tokenizer
}: Inspection): string {
  const rows: (Fact | false | null)[] = [
    ['Folder', folder],
    family !== null && ['Family', family],
    config && [
      'Size',
      `${config.layers} layers, ${config.width} wide, ${config.heads} attention heads, ${whole(config.vocabularySize)} tokens`
    ],
    max_tokens !== null && ['Longest text', `${whole(max_tokens)} tokens, special tokens included`],
    weights && ['Weights', weightsLine(weights)],
    ...heads.map((head): Fact => ['Head', headLine(head)]),
    class_names && ['Classes', listed(class_names, 12)],
    extra.length > 0 && [
      'Not used',
      `${whole(extra.length)} tensors that ${family ?? 'the family'} does not have: ${listed(extra, 6)}`
    ],
    tokenizer && ['Tokenizer', tokenizerLine(tokenizer)]
  ]
  return `${factLines(rows.filter((row): row is Fact => Array.isArray(row))).replaceAll(NO_BREAK, ' ')}\n`
}

function weightsLine({ parameters, bytes: size, dtypes, files }: NonNullable<Inspection['weights']>): string {
  const types = Object.entries(dtypes).map(([dtype, { tensors }]) => `${whole(tensors)} tensors in ${dtype}`)
  const where = files.length === 1 ? (files[0]?.file ?? '') : `${files.length} files`
  return `${quantity(parameters)} parameters, ${bytes(size)}, ${types.join(', ')} (${where})`
}

const kindTitles: Readonly<Record<FoundHead['kind'], string>> = {
  'sequence-classification': 'classification',
  'token-classification': 'marking of passages',
  'question-answering': 'answers in texts',
  'masked-lm': 'masked words'
}

function headLine({ kind, isComplete, labels, missing }: FoundHead): string {
  const outputs = labels === null ? '' : ` with ${labels} outputs`
  return isComplete ? `${kindTitles[kind]}${outputs}` : `${kindTitles[kind]}: starts new (not stored: ${listed(missing, 3)})`
}

function tokenizerLine({ vocabulary_size, special_tokens, pairs }: NonNullable<Inspection['tokenizer']>): string {
  const roles = Object.entries(special_tokens).flatMap(([role, id]) => (id === null ? [] : [`${role} ${id}`]))
  return `${whole(vocabulary_size)} tokens, special: ${roles.join(', ')}${pairs ? '; reads pairs of texts' : ''}`
}
