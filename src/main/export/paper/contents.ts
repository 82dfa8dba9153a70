/** Which papers lie in an export beside the model. */
export interface ExportContents {
  /** README.md (model card) and datasheet.md. */
  readonly card: boolean
  /** report.html, the test report. */
  readonly report: boolean
  /** The texts of the worst errors in report.html: the only rows of the data that an export can hold. */
  readonly examples: boolean
}

export const usualContents: ExportContents = { card: true, report: true, examples: false }
