import { count, percent, plural } from '../format.ts'

/** Marking passages in texts. */
export const mark = {
  way: 'What to do with each text',
  ways: { sort: 'Sort into classes', mark: 'Find and mark passages' },
  queue: 'Queue',
  filter: 'Show',
  filters: {
    open: 'not finished',
    unsure: 'least sure first',
    diverse: 'most different first',
    all: 'all documents',
    finished: 'finished',
    skipped: 'skipped'
  },
  states: { open: 'not begun', started: 'begun', finished: 'finished', skipped: 'skipped' },
  ordering: 'Working out the order',
  passages: (n: number) => plural(n, 'passage', 'passages'),
  document: (position: number, total: number) => `Document ${count(position)} of ${count(total)}`,
  finishedTag: 'finished',
  surface:
    'Document to mark. Keys: arrows move by word, Shift extends, Alt moves by character, a digit marks, Tab walks marks, Delete removes, Enter finishes and goes on, Ctrl+Z undoes.',
  selected: (text: string) => `Selected: ${text}`,
  marked: (text: string, kind: string) => `${text}: ${kind}`,
  suggested: (text: string, kind: string, sure: number) => `${text}: suggested ${kind}, ${percent(sure)} sure. A accepts it.`,
  suggestedTag: (kind: string, sure: number) => `${kind}? ${percent(sure)}`,
  kinds: 'Kinds',
  noKinds: 'Name the first kind of passage, for instance “name” or “dose”.',
  newKind: 'New kind',
  add: 'Add',
  edit: (name: string) => `Rename ${name}, change its key or its guideline`,
  editTitle: (name: string) => `Kind ${name}`,
  mergeNote: (name: string) => `There is a kind ${name} already: the two become one.`,
  note: 'What belongs to it, and what does not',
  guideline: 'Guideline',
  guidelineAbout:
    'What is to be marked, where a passage begins and ends, and what is left out. It is kept with the data and written into the datasheet.',
  writeGuideline: 'Write a guideline',
  changeGuideline: 'Change',
  nested: 'Marks within marks',
  nestedAbout: 'Training takes the outer one.',
  suggestFrom: (name: string) => `Suggestions by ${name}`,
  suggesting: 'Asking the trained model',
  suggestions: (n: number) =>
    n === 0 ? 'No suggestions here.' : `${plural(n, 'suggestion', 'suggestions')}. A accepts one, Shift+A all, Delete drops one.`,
  accept: 'Accept',
  acceptAll: 'Accept all',
  redo: 'Redo',
  finish: 'Finished, next',
  next: 'Next',
  reopen: 'Not finished',
  progress: (finished: number, total: number) => `${count(finished)} of ${plural(total, 'document', 'documents')} finished.`,
  started: (n: number) =>
    `${plural(n, 'document has', 'documents have')} marks and ${n === 1 ? 'is' : 'are'} not finished: Enter finishes.`,
  pending: (n: number) => `${plural(n, 'document is', 'documents are')} not in a version of the data yet.`,
  use: 'Use these marks',
  used: (note: string) => `New version: ${note}`,
  continue: 'Continue to training'
}
