import type { Licence } from '../../base/licence/read-licence.ts'
import { ANSWER_KEYS } from '../../engine/evaluation/index.ts'
import { comparable, MAIN_METRICS, metricTitle, SPAN_METRICS } from '../../report/metrics.ts'
import type { RunReport } from '../../report/run-report.ts'
import type { ExportableRun } from '../define-exporter.ts'
import { quotedYaml } from './markdown.ts'
import type { CardInput } from './model-card.ts'

/** https://huggingface.co/docs/hub/model-cards: metadata; the numbers in `model-index` are those of the files, which rounding to a few bits changes. */
export function frontMatter({ run, report, baseName, licence, languages, library, replayed }: CardInput): readonly string[] {
  const names = metricNames(run, report)
  return [
    '---',
    ...(languages.length === 0 ? [] : ['language:', ...languages.map((language) => `- ${quotedYaml(language)}`)]),
    ...licenceLines(licence),
    `library_name: ${library}`,
    `pipeline_tag: ${pipelineOf(run)}`,
    `base_model: ${quotedYaml(baseName)}`,
    'tags:',
    '- attune',
    ...(names.length === 0 ? [] : ['metrics:', ...names.map((name) => `- ${name}`)]),
    ...(names.length === 0
      ? []
      : [
          'model-index:',
          `- name: ${quotedYaml(report.run.name)}`,
          '  results:',
          '  - task:',
          `      type: ${pipelineOf(run)}`,
          '    dataset:',
          '      type: private',
          `      name: ${quotedYaml(`own data, ${report.evaluation === null ? 'validation' : 'test'} rows`)}`,
          '    metrics:',
          ...names.flatMap((name) => [
            `    - type: ${name}`,
            `      value: ${replayed.after[name] ?? run.metrics[name] ?? 0}`,
            `      name: ${quotedYaml(metricTitle(name))}`
          ])
        ]),
    '---',
    ''
  ]
}

const pipelineOf = ({ marks, answering }: ExportableRun): string =>
  marks ? 'token-classification' : answering ? 'question-answering' : 'text-classification'

/** Names that the hub knows stand alone, in small letters; any other has to be called `other`, with its name beside. */
function licenceLines({ name, class: kind, source }: Licence): readonly string[] {
  if (name === null) return []
  const isNamed = source === 'card' || !OWN_NAMES.has(name)
  const isKnown = isNamed && kind !== 'custom' && kind !== 'unknown'
  return isKnown
    ? [`license: ${quotedYaml(name.toLowerCase())}`]
    : ['license: other', `license_name: ${quotedYaml(name.toLowerCase())}`]
}

/** What a text was recognised as that has no name of its own. */
const OWN_NAMES: ReadonlySet<string> = new Set(['noncommercial', 'research-only', 'llama-community'])

/** The metrics that a card tells of. */
export const metricNames = ({ metrics, problem, marks, answering }: ExportableRun, report: RunReport): readonly string[] => {
  if (answering) return ANSWER_KEYS.filter((name) => Number.isFinite(metrics[name]))
  if (marks) return SPAN_METRICS.filter((name) => Number.isFinite(metrics[name]))
  const kind = comparable(report)?.kind ?? (problem === 'regression' ? 'regression' : 'single-label')
  return MAIN_METRICS[kind].filter((name) => Number.isFinite(metrics[name]))
}
