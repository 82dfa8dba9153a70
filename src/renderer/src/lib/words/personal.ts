import { count, plural } from '../format.ts'

export const personal = {
  tab: 'Personal data',
  kinds: {
    NAME: 'Names',
    ADDRESS: 'Addresses',
    DATE: 'Dates',
    AGE: 'Ages over 89',
    PHONE: 'Telephone numbers',
    EMAIL: 'E-mail addresses',
    URL: 'Web addresses',
    IP: 'Internet addresses',
    IBAN: 'Bank accounts',
    CARD: 'Payment cards',
    NHS: 'NHS numbers',
    SSN: 'US social security numbers',
    TAX_ID: 'Tax identifiers',
    SOCIAL_INSURANCE: 'Social insurance numbers',
    PASSPORT: 'Passports and identity cards',
    RECORD: 'Record and case numbers'
  } as Readonly<Record<string, string>>,
  actions: { leave: 'Leave', mask: 'Mask', pseudonymise: 'Replace', remove: 'Remove' },
  actionFor: (kind: string, column: string) => `What to do with ${kind} in ${column}`,
  all: 'All of them',
  mixed: 'Different',
  found: (passages: number, columns: number, of: number) =>
    `${plural(passages, 'passage says', 'passages say')} something of a person, in ${count(columns)} of ${plural(of, 'column', 'columns')}.`,
  rules:
    'Rules find what has a form. A rare name without a title or a place by its name alone is missed: look at what would still be visible.',
  following: (columns: readonly string[]) =>
    `${columns.join(', ')}: marks and answers point into the text, and change along with it.`,
  beside: 'Also use',
  rulesAlone: 'the rules alone',
  added: 'By the model alone',
  addedBy: (passages: number) =>
    passages === 0
      ? 'The model finds nothing that the rules do not.'
      : `${plural(passages, 'passage was', 'passages were')} found by the model alone: look at the examples before you act on them.`,
  cleaned:
    'Personal data were taken out of this version. Values that were put in their place look like them and are found again.',
  none: 'Nothing personal was found',
  noneText:
    'Rules look for names, addresses, dates, telephone and other numbers in English and German. They do not find everything.',
  ask: 'Look for personal data?',
  askText: (rows: number) => `The table has ${plural(rows, 'row', 'rows')}, which takes a while. You can go on meanwhile.`,
  look: 'Look for it',
  looking: 'Looking for personal data',
  lookingAt: (done: number, total: number) => `${count(done)} of ${plural(total, 'row', 'rows')} looked through`,
  stop: 'Stop looking',
  column: 'Column',
  kind: 'What',
  passages: 'Passages',
  rows: 'Rows',
  action: 'What to do',
  examples: 'Examples',
  examplesOf: (kind: string, column: string) => `Examples of ${kind} in ${column}`,
  titleOf: (kind: string, column: string) => `${kind} in ${column}`,
  actionAbout:
    'Replace puts another value in place: the same one for the same value everywhere, and dates move by whole weeks for each person.',
  examplesAbout: 'As they stand in your data, up to five of them.',
  line: (line: number) => `Line ${count(line)}`,
  remaining: 'Show what would still be visible',
  remainingTitle: 'What would still be visible',
  remainingAbout: 'Passages that may say something of a person once this is done: a sample from the first 2,000 rows.',
  remainingNone: 'Nothing that looks like a name or a number of somebody would be left in the first 2,000 rows.',
  apply: 'Make a clean version',
  applying: 'Writing the clean version',
  applyAbout: (passages: number) =>
    passages === 0
      ? 'Choose what to do with what was found.'
      : `${plural(passages, 'passage', 'passages')} would change, in a new version. This one stays as it is.`
}
