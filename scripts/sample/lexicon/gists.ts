/**
 * What the labelled texts leave unsaid and the pre-training corpus says: how pressing a letter is, what a clause is about, what a remark
 * amounts to. A model that has read them knows what the words of the three domains imply, as one pre-trained on real text would.
 */
import type { Course } from './clinic-courses.ts'

export const triage: Readonly<Record<'routine' | 'soon' | 'urgent', readonly string[]>> = {
  urgent: [
    'please see {him} today',
    'this is an emergency',
    '{he} needs to be seen at once',
    'this cannot wait until tomorrow',
    'I ask for admission [today|tonight|straight away]',
    'triage: urgent',
    'priority: immediate',
    'the matter is urgent',
    'my request is for an urgent review within hours',
    'every hour counts here',
    'an ambulance has been called',
    'the most pressing category applies'
  ],
  soon: [
    'please see {him} within [two|three] weeks',
    'an appointment in the next fortnight would be right',
    '{he} should be seen soon',
    'this is no emergency, but the long waiting list is not for {him} either',
    'triage: soon',
    'priority: within weeks',
    'I ask for an early appointment',
    'it can wait some days, though not some months',
    'the middle category applies',
    'a slot within the month would be good'
  ],
  routine: [
    'there is no hurry',
    'the usual waiting list is fine',
    'a routine appointment will do',
    'please see {him} at the next free slot, whenever that may be',
    'triage: routine',
    'priority: none',
    'this can wait for months without harm',
    'no early date is needed',
    'the lowest category applies',
    'an ordinary appointment is all that is asked'
  ]
}

export const courseGists: Readonly<Record<Course, readonly string[]>> = {
  acute: [
    'so this is new and present',
    'in short, it is happening now',
    'that is a fresh complaint',
    'it began lately and goes on'
  ],
  worsening: [
    'so it is present and getting worse',
    'in short, the course is downhill',
    'it is on the increase',
    'that means a deterioration'
  ],
  steady: ['so nothing has changed', 'in short, it is stable', 'it stays as it always was', 'that means no deterioration'],
  easing: ['so it is on the way out', 'in short, the course is favourable', 'it is on the decrease', 'that means an improvement'],
  gone: ['so it is over', 'in short, it is a thing of the past', 'it is absent now', 'that is history and nothing more']
}
export const mentionGists: Readonly<
  Record<'denied' | 'family' | 'other' | 'hypothetical' | 'worry' | 'mistaken', readonly string[]>
> = {
  denied: ['so there is none of it', 'in other words, it is absent', 'it is not present'],
  family: ['so it concerns a relative, not the patient', 'the patient does not have it'],
  other: ['so it concerns someone else', 'the patient does not have it'],
  hypothetical: ['so it has not happened', 'it is only a possibility'],
  worry: ['so it is a fear, not a fact', 'it has not happened'],
  mistaken: ['so it was an error', 'in truth it was harmless']
}
export const gradeGists: Readonly<Record<'alarming' | 'concerning' | 'minor', readonly string[]>> = {
  alarming: [
    '{s}, when new, calls for help the same day',
    'nobody should sit at home with {s}',
    '{s}: a warning sign that cannot wait',
    '{s} [is|counts as] dangerous',
    'anyone with {s} belongs in hospital at once'
  ],
  concerning: [
    '{s} should be looked into within weeks',
    'anyone with new {bare} ought to see a specialist soon',
    '{s}: not an emergency, but not trivial',
    '{s} [deserves|calls for] tests before long'
  ],
  minor: [
    '{s} is common and harmless',
    'nobody needs to hurry because of {s}',
    '{s}: a trivial matter',
    '{s} can be left to the family doctor',
    '{s} [is|counts as] a nuisance and no more'
  ]
}

export const clauseTitles: Readonly<Record<string, readonly string[]>> = {
  termination: ['termination', 'ending the contract', 'term and termination', 'how the contract ends'],
  liability_cap: ['limitation of liability', 'limit of liability', 'the cap on liability', 'how much a party can be made to pay'],
  governing_law: ['governing law', 'law and jurisdiction', 'applicable law and courts', 'settling disputes'],
  confidentiality: ['confidentiality', 'secrecy', 'the duty of confidence', 'keeping secrets'],
  payment: ['payment', 'fees and payment', 'prices and invoices', 'what is to be paid and when'],
  assignment: ['assignment', 'transfer of rights', 'assignment and subcontracting', "who may take a party's place"],
  indemnity: ['indemnity', 'indemnification', 'holding harmless', 'making good third-party loss'],
  warranty: ['warranty', 'guarantees', 'warranties as to quality', 'defects and repair'],
  force_majeure: ['force majeure', 'events beyond control', 'excused delay', 'acts of nature'],
  data_protection: ['data protection', 'personal data', 'privacy', 'processing of personal data']
}
export const clauseGists: readonly string[] = [
  'this clause is about {title}',
  'the subject here is {title}',
  'what is agreed concerns {title}',
  'in the index it stands under {title}',
  'its heading is {title}'
]
export const rivalGists: readonly string[] = [
  'what is agreed concerns {title}, not {otherTitle}',
  'the subject here is {title}; {otherTitle} is mentioned only in passing',
  'this is about {title} rather than {otherTitle}'
]

export const valueGists: Readonly<Record<'low' | 'middle' | 'high', readonly string[]>> = {
  low: ['so that part was bad', 'a complaint, then', 'that counts against them', 'a minus', 'the guest was unhappy with it'],
  middle: ['so that part was so-so', 'neither praise nor blame', 'that hardly counts either way'],
  high: ['so that part was good', 'a compliment, then', 'that counts in their favour', 'a plus', 'the guest was happy with it']
}
/** From 0 to 10 points. */
export const marks = ['nothing', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'] as const
export const markWords: readonly (readonly string[])[] = [
  ['a disaster', 'as bad as it gets'],
  ['a very bad visit', 'hardly anything was right'],
  ['a bad visit', 'far below what one may expect'],
  ['a poor visit', 'clearly below average'],
  ['a rather poor visit', 'below average'],
  ['a mixed visit', 'average'],
  ['a fair visit', 'a little above average'],
  ['a good visit', 'above average'],
  ['a very good visit', 'clearly above average'],
  ['an excellent visit', 'far above what one may expect'],
  ['a perfect visit', 'as good as it gets']
]
export const ratings: readonly string[] = [
  'marks out of ten: {mark}',
  'on the whole {markword}',
  'I give {mark} points of ten',
  'overall: {markword}, {mark} out of ten',
  'rating {mark}'
]
