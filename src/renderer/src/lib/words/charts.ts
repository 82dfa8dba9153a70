/** What can be done with any chart. */
export const charts = {
  save: 'Save',
  png: 'As a picture (PNG)',
  svg: 'As a drawing (SVG)',
  csv: 'The numbers (CSV)',
  pngShort: 'PNG',
  csvShort: 'CSV'
}
