import { many } from './words.ts'

/** What a report says of marked passages. */
export const spans = {
  nothingThere: (rows: number) => `Nothing is marked in the ${many(rows, 'test document')}: there was nothing to find.`,
  found: (found: number, there: number, name: string | null, rows: number, share: string, interval: string, range: string) =>
    `Found ${found} of ${there} ${name ?? ''}${name === null ? '' : ' '}passages in ${many(rows, 'unseen document')} (${share}, ${interval} ${range}).`,
  foundRange: (found: number, there: number, name: string | null, rows: number, interval: string, range: string) =>
    `Finds ${range} of ${name === null ? 'the' : name} passages (${interval}; ${found} of ${there} in ${many(rows, 'unseen document')} here).`,
  said: (found: number, said: number) =>
    said === 0
      ? 'It marks nothing at all.'
      : `Of the ${many(said, 'passage')} it marks, ${found} ${found === 1 ? 'is' : 'are'} exactly right.`,
  f1: (own: string, range: string) => `F1 over all passages: ${own} (${range})`,
  dictionary: 'Dictionary',
  few: {
    sentence: 'Some kinds occur in very few of the documents to learn from.',
    evidence: (kinds: string) => `Training documents with them: ${kinds}.`,
    suggestion: 'Mark more of them, or merge kinds that are handled alike.'
  },
  imbalance: {
    sentence: 'Some kinds are far rarer than others.',
    evidence: (common: string, most: number, rare: string, fewest: number) =>
      `${common} occurs in ${many(most, 'training document')}, ${rare} in ${fewest}.`,
    suggestion: 'Mark more passages of the rare kinds, and look at the figures of each kind.',
    weighted: 'Kinds are already weighted; more passages of the rare kinds would help most.'
  },
  fewDocuments: (rows: number) => `The test has only ${many(rows, 'document')}: look at the intervals before the numbers.`,
  strictNote: 'A passage counts as found where its first and last character and its type are right (strict, as seqeval counts).',
  typesNote: 'Found: of the passages of a type. Right: of the passages marked as it.',
  noPassages: 'no passage',
  noErrors: 'Every passage was found, and none invented.',
  errorsNote:
    'Rows are lines of the data file. Places are characters of the text from 0, as the app counts them (UTF-16); the last is not part of the passage.',
  flawless: (documents: number, all: number) =>
    `${documents} of ${many(all, 'document')} ${documents === 1 ? 'is' : 'are'} wholly right.`,
  place: (type: string, start: number, end: number) => `${type} ${start}–${end}`,
  errorCounts: (missed: number, invented: number, boundary: number, type: number) =>
    `Missed: ${missed}. Invented: ${invented}. Cut wrongly: ${boundary}. Wrong type: ${type}.`,
  kinds: { missed: 'missed', invented: 'invented', boundary: 'cut wrongly', type: 'wrong type' },
  headings: { types: 'Each type', matching: 'When nearly right counts' },
  columns: {
    type: 'Type',
    passages: 'Passages',
    rule: 'Counts as right',
    correct: 'Right',
    partial: 'Half right',
    incorrect: 'Wrong',
    missed: 'Missed',
    spurious: 'Invented'
  },
  rules: {
    strict: 'the whole passage, right type (strict)',
    exact: 'the whole passage, any type (exact)',
    partial: 'any overlap, counted half (partial)',
    type: 'any overlap, right type (type)'
  }
} as const
