/** The test report as a page that can be printed. */
export const report = {
  open: 'Report',
  title: (name: string) => `Test report: ${name}`,
  back: 'Back to the result',
  html: 'Save as HTML',
  print: 'Print or save as PDF'
}
