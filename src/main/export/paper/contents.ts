/** Which papers lie in an export beside the model. */
export interface ExportContents {
  /** README.md (model card) and datasheet.md. */
  readonly card: boolean
  /** report.html, the test report. */
  readonly report: boolean
  /** The texts of the worst errors in report.html: the only rows of the data that an export can hold. */
  readonly examples: boolean
  /** Columns of the data by whose values report.html groups the tested rows. Names of groups are content of the data. */
  readonly groups: readonly string[]
}

export const usualContents: ExportContents = { card: true, report: true, examples: false, groups: [] }
