import type { Membership, MembershipLevel } from '../../engine/evaluation/index.ts'
import type { Section } from '../../report/blocks.ts'
import { percent, percentRange, pointAndRange, whole } from '../../report/numbers.ts'

/** What was found of the exported model: whether it gives away which rows it was trained on. */
export interface Memorisation extends Membership {
  /** The part that stands for rows that were never trained on. */
  readonly part: 'test' | 'validation'
  /** Training rows in all, of which `members` are an even sample. */
  readonly trainingRows: number
  /** Unseen rows left out of the test because they nearly repeat a training row: how they are answered would count as unseen. */
  readonly nearDuplicates: number
  /** Training rows among which near duplicates were looked for. */
  readonly compared: number
}

const meanings: Readonly<Record<MembershipLevel, string>> = {
  none: 'Not shown: by how sure the model is, training rows could not be told from rows that it never saw.',
  some: 'Some: training rows can be told from unseen rows better than by guessing, though not surely. Think twice before you give the model to people who must not learn whose rows were in the data.',
  strong:
    'Strong: by how sure the model is, whoever holds a text can often tell whether it was in the data. Give the model only to people who may see the data, or train it less long.'
}

/** The meaning of the finding in a sentence, with what so few rows leave open. */
export function memorisationSentence({ level, outsiders, tpr }: Memorisation): string {
  const few = level === 'none' && tpr === null ? ` Only ${whole(outsiders)} unseen rows were there, too few to rule it out.` : ''
  return `${meanings[level]}${few}`
}

/** How it was tested, in sentences. */
export function memorisationDetails(found: Memorisation): readonly string[] {
  const { members, outsiders, part, trainingRows, auc, tpr, fpr, nearDuplicates, compared } = found
  const sample = members === trainingRows ? `all ${whole(members)}` : `${whole(members)} of ${whole(trainingRows)}`
  return [
    `The losses of ${sample} training rows were set beside those of ${whole(outsiders)} ${part} rows. The lower loss is that of the training row in ${pointAndRange(auc)} of all pairs (AUC; 0.5 is guessing).`,
    ...(tpr === null
      ? [`How many rows can be recognised with one false alarm in a hundred was not measured: that takes 100 unseen rows.`]
      : [
          `With at most ${percent(fpr)} false alarms, ${percent(tpr.value)} (${percentRange(tpr)}) of the training rows are recognised; guessing recognises ${percent(fpr)}.`
        ]),
    ...(nearDuplicates > 0
      ? [
          `${whole(nearDuplicates)} ${part} rows nearly repeat one of ${whole(compared)} training rows and were left out: the test result is too good by them.`
        ]
      : [`No ${part} row nearly repeats one of ${whole(compared)} training rows.`]),
    'Attack by loss (Yeom et al. 2018), judged at few false alarms (Carlini et al. 2022), intervals by bootstrap. "Some" begins where the interval leaves guessing behind, "strong" at an AUC of 0.7 or ten times as many rows recognised as false alarms; these two limits are ours. A stronger attack may find more.'
  ]
}

export const memorisationSection = (found: Memorisation): Section => ({
  title: 'Does the model give away its training rows?',
  blocks: [
    { kind: 'text', text: memorisationSentence(found) },
    { kind: 'list', items: memorisationDetails(found) }
  ]
})
