import { harmless } from '../base/wording.ts'
import { metricTitle } from '../report/metrics.ts'
import { bytes, NO_BREAK, significant, whole } from '../report/numbers.ts'
import type { PackSummary } from '../worker/unpack-pack.ts'

const tasks: Readonly<Record<PackSummary['problem'], string>> = {
  single_label_classification: 'answers texts with one of its labels',
  multi_label_classification: 'answers texts with any number of its labels',
  regression: 'answers texts with a number',
  'token-classification': 'marks passages in texts',
  'question-answering': 'answers questions with a passage of a text'
}

/** What its labels are, where they are no classes. */
const named: Readonly<Partial<Record<PackSummary['problem'], string>>> = {
  'token-classification': 'Kinds',
  'question-answering': 'Questions'
}

/** What a pack holds, for a person who decides whether to import it. The licence comes first. */
export function packLines(
  pack: Omit<PackSummary, 'isNoticed' | 'licenceText' | 'files'>
): readonly (readonly [title: string, value: string])[] {
  const { part, rows, metrics } = pack.tested
  const lines = [
    ['Licence', `${pack.licence.name === null ? '' : `${pack.licence.name}: `}${pack.licence.summary}`],
    ['Holds', `${pack.holds === 'model' ? 'a model that' : 'an adapter that'} ${tasks[pack.problem]}`],
    ...(pack.labels.length === 0 ? [] : [[named[pack.problem] ?? 'Labels', pack.labels.join(', ')] as const]),
    ['Made from', `${pack.base.name} by ${pack.method}, with Attune ${pack.madeWith}`],
    ['Size', `${bytes(pack.bytes)}, ${pack.dtype}`],
    ...Object.entries(metrics).map(
      ([name, value]) => [metricTitle(name), `${significant(value, 4)} on ${whole(rows)} ${part} rows`] as const
    ),
    ['Signed by', pack.signedBy]
  ] as const
  return lines.map(([title, value]) => [title, harmless(value.replaceAll(NO_BREAK, ' '))])
}
