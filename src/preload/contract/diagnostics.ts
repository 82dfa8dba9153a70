/** A package that Attune ships. */
export interface ShippedPackage {
  readonly name: string
  readonly version: string
  readonly licence: string
}

/** What this installation is made of. */
export interface Installation {
  /** SHA-256 over the files of the program: the same on every PC with the same Attune. */
  readonly build: string
  readonly packages: readonly ShippedPackage[]
}

export interface DiagnosticsApi {
  installation(): Installation
  /** The texts of a package's licence; empty where it brought none. */
  licence(name: string): string
  /** The whole text of the diagnostics file, to be read before it is saved: ids, counts and codes, no names and no texts of the person. */
  preview(): string
  /** Writes what `preview` showed; resolves to the ticket of the file. */
  save(): string
}
