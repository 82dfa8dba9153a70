import type { RunSummary } from '../../../../preload/contract/runs.ts'

/** Runs narrowed by what is typed and by a tag. */
export class RunFilter {
  query = $state('')
  /** Empty: whatever their tags. */
  tag = $state('')

  tagsOf(runs: readonly RunSummary[]): readonly string[] {
    return [...new Set(runs.flatMap(({ tags }) => tags))].toSorted((a, b) => a.localeCompare(b))
  }

  found(runs: readonly RunSummary[]): readonly RunSummary[] {
    const parts = this.query.trim().toLowerCase().split(/\s+/)
    return runs.filter((run) => {
      if (this.tag !== '' && !run.tags.includes(this.tag)) return false
      const text = `${run.name} ${run.dataset.name} ${run.model.name} ${run.method} ${run.tags.join(' ')} ${run.note}`.toLowerCase()
      return parts.every((part) => text.includes(part))
    })
  }
}
