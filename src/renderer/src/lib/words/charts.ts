/** What can be done with any chart. */
export const charts = {
  save: 'Save',
  saveNamed: (title: string) => `Save ${title}`,
  png: 'As a picture (PNG)',
  svg: 'As a drawing (SVG)',
  csv: 'The numbers (CSV)',
  className: 'class',
  from: 'from',
  to: 'to'
}
