/** The test report as a page that can be printed. */
export const report = {
  open: 'Report',
  title: (name: string) => `Test report: ${name}`,
  back: 'Back to the result',
  html: 'Save as HTML',
  /** In a window of our own. */
  pdf: 'Save as PDF',
  makingPdf: 'Making the PDF…',
  pdfSaved: 'The report was saved as a PDF.',
  print: 'Print',
  /** In a browser. */
  printOrPdf: 'Print or save as PDF',
  howToPdf: 'For a PDF, choose “Save as PDF” as the printer in your browser’s print dialog.'
}
