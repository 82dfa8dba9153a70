/** Who asks: a page of one session, and the files that it was given handles for. */
export interface Caller {
  /** The path behind a handle of this session, if it was minted for this purpose. Throws an InputError otherwise. */
  readonly fileOf: (handle: string, purpose: FilePurpose) => { readonly path: string; readonly name: string }
}

/** A finished file on its way out: `name` is one that every system can give it. */
export interface OutgoingFile {
  readonly path: string
  readonly name: string
  /** Deletes it, once it has been copied or is not wanted. */
  readonly remove: () => Promise<void>
}

/** The shell's side of the outbox. */
export interface Outgoing {
  /** Spends a ticket. Throws an InputError where it is none, or no longer. */
  readonly take: (ticket: string) => OutgoingFile
  /** Deletes what waits for a page that has been replaced. */
  readonly clear: () => Promise<void>
}

/** A table, a pack, what stands for what in clean copies, a model's folder or one with data or a CUDA pack to read, a folder to write to. */
export type FilePurpose = 'table' | 'pack' | 'mapping' | 'model-folder' | 'data-folder' | 'cuda-folder' | 'folder'

/** The routes of one domain: what arrives is unknown, so that a route without a parser does not compile. */
export type Routes<Api> = {
  readonly [Name in keyof Api]: Api[Name] extends (...args: infer _Args) => infer Result
    ? (argument: unknown, caller: Caller) => Result | Promise<Result>
    : never
}

/** Any domain's routes, once their types have done their work. */
export type AnyRoutes = Readonly<Record<string, (argument: unknown, caller: Caller) => unknown>>

/** Declares the routes of a domain; the type forces one for each method of the contract. */
export function defineRoutes<Api>(routes: Routes<Api>): Routes<Api> {
  return routes
}
