const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

/** Author, company, title, keywords, when it was made and by which program: none of it goes along. */
export const EMPTY_PROPERTIES: Readonly<Record<string, string>> = {
  'docProps/core.xml': `${XML}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"/>`,
  'docProps/app.xml': `${XML}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>`,
  'docProps/custom.xml': `${XML}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>`
}

const RELATIONSHIPS = '_rels/.rels'

/** A small picture of the first page, as it was. */
export function withoutThumbnail(parts: Map<string, Buffer>): void {
  for (const name of [...parts.keys()]) if (/^docProps\/thumbnail\./i.test(name)) parts.delete(name)
  const relationships = parts.get(RELATIONSHIPS)?.toString('utf8')
  if (relationships === undefined) return
  parts.set(RELATIONSHIPS, Buffer.from(relationships.replace(/<Relationship\b[^<>]*\/metadata\/thumbnail["'][^<>]*\/>/g, '')))
}
