import type { ApiApp } from '../../env.ts'
import { openToAnyone } from '../../gates.ts'
import type { ApiParts } from '../../route-dependencies.ts'

/** `GET /openapi.json`: the contract of every route, as OpenAPI 3.1. */
export function registerOpenApi(app: ApiApp, parts: ApiParts): void {
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
  const create = () =>
    app.getOpenAPI31Document({
      openapi: '3.1.0',
      info: {
        title: 'Ordermill',
        version: '2',
        description:
          "Orders, payments, fulfilment and revenue. Amounts are decimal numbers in the currency's major unit.",
      },
      servers: [{ url: parts.config.publicUrl }],
    })
  // Written once, by the first request: by then every route is registered.
  let document: ReturnType<typeof create> | undefined
  app.get('/openapi.json', openToAnyone, (c) => {
    document ??= create()
    return c.json(document)
  })
}
