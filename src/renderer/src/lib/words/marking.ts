import { percent, plural } from '../format.ts'

/** Words of data and runs that find marked passages. */
export const marking = {
  tile: 'Find and mark',
  tileTerm: 'token classification',
  tileAbout: 'Names, dates, drugs, parties: every passage of a kind, where it stands in the text.',
  listed: 'marked passages',
  find: 'and find what is marked in',
  marksColumn: 'Column with the marks',
  asMarks: 'as marked passages',
  kindsTitle: 'Kinds',
  kind: 'Kind',
  passages: 'Passages',
  renameKinds: {
    title: 'Rename or merge kinds',
    about:
      'Choose one kind to rename it, or several to make them one. A new version is made, with what is marked and not used yet; the one before stays. A model that was trained before keeps the old names; its suggestions come under the new ones.',
    chosen: (n: number) => `${plural(n, 'kind', 'kinds')} chosen`,
    filter: 'Find a kind'
  },
  describeKinds: (n: number, largest: string, share: string) =>
    `${plural(n, 'kind', 'kinds')} of passages; ${largest} is the largest with ${share}.`,
  found: (kind: string, sure: number) => `${kind} ${percent(sure)}`,
  foundNothing: 'Nothing is marked in this text.',
  exampleTags: (n: number) =>
    n === 0 ? 'no word is tagged here' : `${plural(n, 'word carries', 'words carry')} a tag; all others are O`
}
