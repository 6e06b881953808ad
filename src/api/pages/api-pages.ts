import { html } from 'hono/html'
import type { Guide } from '../guides/read-guides.ts'
import { curlOf } from '../openapi/curl-of.ts'
import type { DocumentName } from '../openapi/documents.ts'
import type { Answer, Document, MediaType, Parameter, Schema } from '../openapi/json-schema.ts'
import { type DocumentedOperation, type Field, fieldsOf, operationsOf, typeOf } from '../openapi/operations-of.ts'
import { docsBar } from './guide-pages.ts'
import type { Html, Page } from './page.ts'

const names: Record<DocumentName, string> = {
  ordermill: 'Ordermill',
  'digital-river': 'Digital River’s paths',
  'checkout-links': 'Checkout links',
}

/** Where a document is listed. */
const addressOf = (of: DocumentName) => (of === 'ordermill' ? '/docs' : `/docs?of=${of}`)

/** The guides and every operation of one document, closed by what they are about. Their rows keep the addresses that swagger-ui gave them. */
export function apiPage(of: DocumentName, document: Document, guides: readonly Guide[]): Page {
  const all = operationsOf(of, document)
  const tags = (document.tags ?? []).map((tag) => ({ ...tag, operations: all.filter((each) => each.tag === tag.name) }))
  return {
    title: 'Documentation',
    header: docsBar(''),
    scripts: ['docs'],
    body: html`<h1>Documentation</h1>
<div id="found" role="status"></div>
<h2>Guides</h2>
<ul class="links">${guides.map(({ name, title }) => html`<li><a href="/docs/guides/${name}">${title}</a></li>`)}</ul>
<h2>The API</h2>
<nav class="tabs" aria-label="Documents"><ul>${Object.entries(names).map(
      ([name, title]) =>
        html`<li><a href="${addressOf(name as DocumentName)}"${name === of ? html` aria-current="page"` : ''}>${title}</a></li>`,
    )}</ul></nav>
<p class="soft">${document.info.description ?? ''}</p>
${tags.map(
  ({
    name,
    description,
    operations,
  }) => html`<details><summary><strong>${name}</strong> <span class="soft small">${description} ${operations.length}</span></summary>
<ul class="rows">${operations.map(
    ({ id, address, method, path, operation }) =>
      html`<li id="/${encodeURIComponent(name)}/${id}"><a href="${address}">${operation.summary ?? id}</a><code>${method} ${path}</code></li>`,
  )}</ul></details>`,
)}
<p class="small">The same for machines: <a href="/openapi.json">OpenAPI</a>. To send requests from this page:
<a href="/docs/try${of === 'ordermill' ? '' : `?of=${of}`}">try it out</a>.</p>`,
  }
}

/** One operation: its words, who may call it, its parameters and fields, an example, and the request for a terminal. */
export function operationPage(document: Document, described: DocumentedOperation): Page {
  const { of, id, method, path, tag, operation } = described
  const { summary = id, description, parameters = [], requestBody, responses } = operation
  const fragment = `#/${encodeURIComponent(tag)}/${id}`
  return {
    title: summary,
    header: docsBar(''),
    body: html`<p class="crumb"><a href="${addressOf(of)}">${names[of]}</a> › <a href="${addressOf(of)}${fragment}">${tag}</a></p>
<h1>${summary}</h1>
<p><code>${method} ${path}</code></p>
${description ? html`<p>${description}</p>` : ''}
<p class="soft">${whoMay(described)}</p>
${parameters.length > 0 ? html`<h2>Parameters</h2>${parameterTable(document, parameters)}` : ''}
${mediaOf(requestBody?.content).map(([type, media]) => html`<h2>Body</h2><p class="soft">${type}</p>${partsOf(document, media)}`)}
<h2>In a terminal</h2>
<pre tabindex="0"><code>${curlOf(document, described)}</code></pre>
<h2>Answers</h2>
${Object.entries(responses).map(([status, answer]) => answerOf(document, status, answer))}
<p><a href="/docs/try${of === 'ordermill' ? '' : `?of=${of}`}${fragment}">Try it out</a></p>`,
  }
}

const keysOf: Record<string, string> = {
  secretKey: 'a secret key',
  publishableKey: 'a publishable key',
  session: 'the session of somebody who has signed in',
}

function whoMay({ operation: { security = [] } }: DocumentedOperation): string {
  const ways = security.flatMap((way) => Object.keys(way)).map((way) => keysOf[way] ?? way)
  return ways.length > 0 ? `Needs ${ways.join(' or ')}.` : 'Needs no key.'
}

const mediaOf = (content: Record<string, MediaType> = {}) => Object.entries(content)

const parameterTable = (document: Document, parameters: readonly Parameter[]) =>
  fieldTable(
    parameters.map(({ name, in: place, description = '', schema = {} }) => ({
      name,
      type: typeOf(document, schema),
      required: place === 'path',
      words: place === 'query' ? description : `${description} (${place})`,
    })),
  )

const partsOf = (document: Document, { schema, example }: MediaType): Html => html`${fieldsOr(document, schema)}
${example === undefined ? '' : html`<pre tabindex="0"><code>${JSON.stringify(example, null, 2)}</code></pre>`}`

const fieldsOr = (document: Document, schema: Schema | undefined) => {
  const fields = schema ? fieldsOf(document, schema) : []
  return fields.length > 0 ? fieldTable(fields) : ''
}

const fieldTable = (fields: readonly Field[]) => html`<div class="scroll" tabindex="0"><table>
<thead><tr><th scope="col">Name</th><th scope="col">Type</th><th scope="col">What it is</th></tr></thead>
<tbody>${fields.map(
  ({ name, type, required, words }) =>
    html`<tr><td><code>${name}</code>${required ? html` <span class="soft small">required</span>` : ''}</td><td class="small">${type}</td><td>${words}</td></tr>`,
)}</tbody></table></div>`

function answerOf(document: Document, status: string, answer: Answer): Html {
  const shared = answer.$ref?.split('/').at(-1)
  const said = shared ? (document.components.responses?.[shared] ?? answer) : answer
  const media = mediaOf(said.content)
  const words = html`<strong>${status}</strong> ${said.description ?? ''}`
  if (media.length === 0 || Number(status) >= 400) return html`<p>${words}</p>`
  return html`<details><summary>${words}</summary>${media.map(([, each]) => partsOf(document, each))}</details>`
}
