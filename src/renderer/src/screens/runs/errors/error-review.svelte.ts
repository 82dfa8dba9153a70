import type { DatasetId, RunId } from '../../../../../preload/contract/common.ts'
import type { PassageVerdict } from '../../../../../preload/contract/passages.ts'
import type { VerdictSummary } from '../../../../../preload/contract/results.ts'
import { attuneError, type AttuneError } from '../../../lib/api.ts'
import { JudgedRows } from './judged-rows.svelte.ts'

/** An error as a list shows it. */
export interface ErrorRow {
  readonly key: string
  readonly verdict: PassageVerdict | null
}

/** Who tells of a run's errors, reads their documents and keeps verdicts on them. */
export interface ErrorSource<Row, Review, Filter extends object, Document> {
  readonly review: (id: RunId) => Promise<Review>
  readonly errors: (
    request: Filter & { readonly id: RunId; readonly from: number; readonly count: number }
  ) => Promise<{ readonly total: number; readonly rows: readonly Row[] }>
  readonly judge: (request: { readonly id: RunId; readonly key: string; readonly verdict: PassageVerdict | null }) => Promise<VerdictSummary>
  readonly revise: (id: RunId) => Promise<DatasetId>
  readonly document: (row: Row) => Promise<Document>
  /** Whether a document is the one of an error. */
  readonly shows: (document: Document, row: Row) => boolean
}

/** The errors of a run, one by one, one of them open in its document. */
export class ErrorReview<
  Row extends ErrorRow,
  Review extends { readonly verdicts: VerdictSummary },
  Filter extends object,
  Document
> extends JudgedRows<Row, Review, Filter, string> {
  readonly #source: ErrorSource<Row, Review, Filter, Document>
  #document = $state.raw<Document | null>(null)
  #unread = $state.raw<AttuneError | null>(null)
  /** The open error's document; null while it is on its way. */
  readonly document = $derived.by((): Document | null => {
    const { open } = this
    return open && this.#document !== null && this.#source.shows(this.#document, open) ? this.#document : null
  })

  constructor(source: ErrorSource<Row, Review, Filter, Document>, id: RunId, every: Filter) {
    const { review, errors: rows, judge, revise } = source
    super({ review, rows, judge, revise, keyOf: ({ key }) => key, isSame: (before, next) => before === next }, id, every)
    this.#source = source
  }

  override get failure(): AttuneError | null {
    return super.failure ?? this.#unread
  }

  /** Reads the document of an error, unless it is there. */
  async readDocument(row: Row): Promise<void> {
    if (this.#document !== null && this.#source.shows(this.#document, row)) return
    try {
      const document = await this.#source.document(row)
      if (this.open?.key !== row.key) return
      this.#document = document
      this.#unread = null
    } catch (thrown) {
      if (this.open?.key === row.key) this.#unread = attuneError(thrown)
    }
  }
}
