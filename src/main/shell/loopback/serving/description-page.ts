import { createHash } from 'node:crypto'

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; }
code, pre { font: 0.875rem/1.5 ui-monospace, monospace; }
h2, h2 code { font-size: 1.125rem; margin-top: 2rem; }
pre { overflow-x: auto; padding: 0.75rem; border: 1px solid; border-radius: 0.375rem; }
table { border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: 0.25rem 1rem 0.25rem 0; }
`

/** Headers of the page: nothing is loaded, run or framed; its one style is named by its hash. */
export const PAGE_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'"
].join('; ')

interface Operation {
  readonly summary: string
  readonly requestBody?: object
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: object }>>
}

/** An OpenAPI description as far as it is looked at here. */
export interface Description {
  readonly openapi: string
  readonly security: readonly object[]
  readonly info: { readonly title: string; readonly version: string; readonly description: string }
  readonly servers: readonly { readonly url: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly securitySchemes: object; readonly schemas: Readonly<Record<string, unknown>> }
}

/** The description as a page of one file: no script, no picture, nothing from elsewhere. */
export function descriptionPage({ info, servers, paths, components }: Description): string {
  const url = servers[0]?.url ?? ''
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => operationPart(`${method.toUpperCase()} ${path}`, operation))
  )
  const call = `curl ${url}/v1/predict \\
  -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" \\
  -d '{"texts": ["The first text.", "The second text."]}'`
  return `<!doctype html>
<html lang="en" translate="no">
<head><meta charset="utf-8"><title>${escaped(info.title)}</title><style>${STYLE}</style></head>
<body>
<h1>${escaped(info.title)}</h1>
<p>${escaped(info.description)}</p>
<p>Every address but this one needs the token that was shown when the server started, as <code>Authorization: Bearer TOKEN</code>. Web pages are not answered.</p>
<h2>A call</h2>
<pre>${escaped(call)}</pre>
${operations.join('\n')}
<h2>What is sent and answered</h2>
${Object.entries(components.schemas)
  .map(([name, schema]) => `<h3>${escaped(name)}</h3>\n<pre>${escaped(JSON.stringify(schema, null, 2))}</pre>`)
  .join('\n')}
<p>The whole description in OpenAPI 3.1, with the labels of the model, is at <code>${escaped(url)}/openapi.json</code> (with the token).</p>
</body>
</html>
`
}

function operationPart(title: string, { summary, responses }: Operation): string {
  const rows = Object.entries(responses).map(
    ([status, { description }]) => `<tr><th>${escaped(status)}</th><td>${escaped(description)}</td></tr>`
  )
  return `<h2><code>${escaped(title)}</code></h2>\n<p>${escaped(summary)}</p>\n<table>${rows.join('')}</table>`
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? '')
