import { InputError } from '../base/errors.ts'
import { counted, shownList } from '../base/wording.ts'
import type { PackFacts } from '../export/pack/facts.ts'
import { readTagNames, tagNames } from '../engine/tasks/tags.ts'
import type { AdapterPapers } from './adapter-papers.ts'
import type { StartingAdapter } from './adapter-start.ts'
import type { AnsweringFacts } from './run-model.ts'

/** How an imported adapter's outputs are read. */
export interface AdapterReading {
  readonly problem: PackFacts['problem']
  /** Classes, or kinds of passages; empty for a number, and for one that answers questions. */
  readonly classNames: readonly string[]
  /** Its keys in run.yaml; null of one that answers whole texts. */
  readonly head: Readonly<Record<string, unknown>> | null
  /** The adapter's output for each of the run's; -1 for one that it lacks. */
  readonly order: readonly number[]
  /** Tags in the order of the adapter's own outputs; null of one that marks no passages. */
  readonly outputs: readonly string[] | null
  /** When one that answers questions says that there is none; null of any other. */
  readonly answering: AnsweringFacts | null
}

export interface ReadingWishes {
  /** Names in the order of its outputs as the person gives them. */
  readonly labels: readonly string[]
  readonly isMultiLabel: boolean | null
}

/** Of an adapter that answers questions and comes without papers: none is said where it scores highest, as while training. */
const PLAIN: AnsweringFacts = { threshold: 0 }

/** Works it out from its papers, else from what its folder, the model or the person says. @throws InputError where nothing names its outputs, or they are no tags */
export function readingOfAdapter(wishes: ReadingWishes, start: StartingAdapter, papers: AdapterPapers | null): AdapterReading {
  const { fitted } = start
  const inPlace = [...Array(fitted.labels ?? 1).keys()]
  const none = { head: null, outputs: null, answering: null }
  if (fitted.head === 'question-answering') {
    if (fitted.labels === null) throw noHead(start)
    const answering = papers?.answering ?? PLAIN
    return {
      ...none,
      problem: fitted.head,
      classNames: papers?.labels ?? [],
      head: papers?.head ?? {},
      order: inPlace,
      answering
    }
  }
  if (fitted.head === 'token-classification') return { ...none, ...tagReading(start, papers) }
  const problem = papers?.problem ?? problemOf(wishes, start)
  return { ...none, problem, classNames: problem === 'regression' ? [] : namesOf(start, '"one,two,…"'), order: inPlace }
}

/** Kinds by the tags: the head is put in the order of their scheme, and tags that it lacks are never said. */
function tagReading(start: StartingAdapter, papers: AdapterPapers | null): Omit<AdapterReading, 'answering'> {
  const tags = namesOf(start, '"O,B-NAME,I-NAME,…"')
  const read = readTagNames(tags)
  if (!read) {
    const sentence = `The outputs of this adapter are ${shownList(tags)}, which are no tags of passages (O, and B-NAME, I-NAME and so on, each kind with its beginning). Name them so, in their order: --labels.`
    const inApp = `The outputs of this adapter are ${shownList(tags)}, which are no tags of passages (O, and B-NAME, I-NAME and so on, each kind with its beginning).`
    throw new InputError('adapter-labels', sentence, { file: start.adapter.folder, inApp })
  }
  const classNames = papers?.labels ?? read.types
  const order = tagNames(classNames, read.scheme).map((name) => tags.indexOf(name))
  const head = papers?.head ?? { scheme: read.scheme, labelled: 'first', decoding: 'constrained' }
  return { problem: 'token-classification', classNames, head, order, outputs: tags }
}

function problemOf({ isMultiLabel, labels }: ReadingWishes, { adapter, fitted, model }: StartingAdapter): PackFacts['problem'] {
  const told = adapter.problem ?? (fitted.hasHead ? null : model.json['problem_type'])
  if (isMultiLabel === true || (isMultiLabel === null && told === 'multi_label_classification'))
    return 'multi_label_classification'
  return fitted.labels === 1 && labels.length === 0 ? 'regression' : 'single_label_classification'
}

function namesOf(start: StartingAdapter, example: string): readonly string[] {
  const { fitted, classNames, adapter } = start
  if (classNames) return classNames
  if (fitted.labels === null) throw noHead(start)
  const sentence = `Nothing names the adapter's ${counted(fitted.labels, 'output')}. Name them in their order: --labels ${example}.`
  const inApp = `Nothing names the adapter's ${counted(fitted.labels, 'output')}. Name them in their order.`
  throw new InputError('adapter-labels', sentence, { file: adapter.folder, inApp })
}

function noHead({ adapter }: StartingAdapter): InputError {
  const sentence =
    'The adapter has no head that answers, nor has the model. Train it further on your data: name it as method.from_adapter in run.yaml.'
  const inApp = 'The adapter has no head that answers, nor has the model. Train it further on your data.'
  return new InputError('adapter-incomplete', sentence, { file: adapter.folder, inApp })
}
