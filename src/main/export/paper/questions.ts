/** A question of *Datasheets for Datasets* (Gebru et al. 2021, CACM 64/12) that only a person can answer. */
export interface DatasheetQuestion {
  /** Its key in NAME.datasheet.yaml. */
  readonly key: string
  readonly section: DatasheetSection
  readonly question: string
}

export const datasheetSections = [
  'Motivation',
  'Composition',
  'Collection process',
  'Preprocessing and labelling',
  'Uses',
  'Distribution',
  'Maintenance'
] as const
export type DatasheetSection = (typeof datasheetSections)[number]

export const datasheetQuestions = [
  { key: 'title', section: 'Motivation', question: 'What are the data called?' },
  { key: 'purpose', section: 'Motivation', question: 'For what purpose were the data brought together?' },
  { key: 'creators', section: 'Motivation', question: 'Who brought them together, and on whose behalf?' },
  { key: 'funding', section: 'Motivation', question: 'Who paid for it?' },
  { key: 'instances', section: 'Composition', question: 'What does one row stand for?' },
  { key: 'selection', section: 'Composition', question: 'Are they all such rows or a sample, and how was it drawn?' },
  {
    key: 'personal_data',
    section: 'Composition',
    question: 'Can people be identified from the rows, directly or together with other data?'
  },
  {
    key: 'sensitive_data',
    section: 'Composition',
    question: 'Do they hold what is confidential or sensitive, such as health or legal matters?'
  },
  { key: 'collection', section: 'Collection process', question: 'How were they collected, and from what?' },
  { key: 'period', section: 'Collection process', question: 'Over what time?' },
  {
    key: 'consent',
    section: 'Collection process',
    question: 'Were the people asked or told, and on what legal ground are the data used?'
  },
  { key: 'ethical_review', section: 'Collection process', question: 'Was there an ethical review?' },
  {
    key: 'cleaning',
    section: 'Preprocessing and labelling',
    question: 'What was removed or changed before the rows came to Attune?'
  },
  {
    key: 'labelled_by',
    section: 'Preprocessing and labelling',
    question: 'Who labelled the rows, and how were they trained for it?'
  },
  {
    key: 'labelling_rules',
    section: 'Preprocessing and labelling',
    question: 'By which rules were they labelled, and how well did people agree?'
  },
  { key: 'intended_uses', section: 'Uses', question: 'What may the data, and models made from them, be used for?' },
  { key: 'unsuitable_uses', section: 'Uses', question: 'What must they not be used for?' },
  { key: 'licence', section: 'Distribution', question: 'Under which licence or terms are the data?' },
  { key: 'access', section: 'Distribution', question: 'Who may have them?' },
  { key: 'contact', section: 'Maintenance', question: 'Whom can one ask about them?' },
  { key: 'updates', section: 'Maintenance', question: 'Will they be corrected or extended, and how long are they kept?' }
] as const satisfies readonly DatasheetQuestion[]

export type DatasheetKey = (typeof datasheetQuestions)[number]['key']

/** What a person answered; questions without an answer are left out. */
export type DatasheetAnswers = Readonly<Partial<Record<DatasheetKey, string>>>
