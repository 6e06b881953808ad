import { compress } from 'hono/compress'
import type { ApiApp } from '../../env.ts'
import { openToAnyone } from '../../gates.ts'
import { type DocumentName, toDocuments } from '../../openapi/documents.ts'
import type { Document } from '../../openapi/json-schema.ts'
import type { ApiParts } from '../../route-dependencies.ts'

/** `GET /openapi.json`, `/openapi/digital-river.json`, `/openapi/checkout-links.json`: the contract of every route, as OpenAPI 3.1. Returns what reads a document. */
export function registerOpenApi(app: ApiApp, parts: ApiParts): (name: DocumentName) => Document {
  app.openAPIRegistry.registerComponent('securitySchemes', 'secretKey', {
    type: 'http',
    scheme: 'bearer',
    description: "A merchant server's key, `sk_…`. It never leaves the server.",
  })
  app.openAPIRegistry.registerComponent('securitySchemes', 'publishableKey', {
    type: 'http',
    scheme: 'bearer',
    description: "A storefront's key, `pk_…`. It may stand in a page.",
  })
  app.openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: 'ordermill_session',
    description: 'A signed-in person: `POST /v2/sessions`.',
  })
  // Written once, by the first request: by then every route is registered.
  let documents: Record<DocumentName, Document> | undefined
  const read = (name: DocumentName) => {
    documents ??= toDocuments(
      app.getOpenAPI31Document({
        openapi: '3.1.0',
        info: {
          title: 'Ordermill',
          version: '2',
          description:
            "Orders, payments, fulfilment and revenue. Amounts are decimal numbers in the currency's major unit.",
          license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
        },
        servers: [{ url: parts.config.publicUrl }],
      }) as unknown as Document,
    )
    return documents[name]
  }
  app.get('/openapi.json', openToAnyone, compress(), (c) => c.json(read('ordermill')))
  app.get('/openapi/digital-river.json', openToAnyone, compress(), (c) => c.json(read('digital-river')))
  app.get('/openapi/checkout-links.json', openToAnyone, compress(), (c) => c.json(read('checkout-links')))
  return read
}
