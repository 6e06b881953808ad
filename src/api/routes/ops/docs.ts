import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Context } from 'hono'
import { compress } from 'hono/compress'
import { ApiError } from '../../../platform/errors.ts'
import type { ApiApp } from '../../env.ts'
import { openToAnyone } from '../../gates.ts'
import type { Guide } from '../../guides/read-guides.ts'
import type { DocumentName } from '../../openapi/documents.ts'
import type { Document } from '../../openapi/json-schema.ts'
import { operationsOf } from '../../openapi/operations-of.ts'
import { apiPage, operationPage } from '../../pages/api-pages.ts'
import { tryPage, tryPolicy, tryScript } from '../../pages/docs-page.ts'
import { pageHeaders, sendPage } from '../../pages/page.ts'

const require = createRequire(import.meta.url)
const assets = path.dirname(require.resolve('swagger-ui-dist/package.json'))
const headers = pageHeaders(tryPolicy)
const served = { 'swagger-ui.css': 'text/css', 'swagger-ui-bundle.js': 'text/javascript' }

/**
 * `GET /docs`, `/docs/operations/{id}`, `/docs/try`: the API's documentation, from files of this installation only. It holds no secrets and
 * needs no session.
 */
export function registerDocs(
  app: ApiApp,
  guides: readonly Guide[],
  readDocument: (name: DocumentName) => Document,
): void {
  app.use('/docs/*', openToAnyone)
  for (const pattern of ['/docs', '/docs/guides/*', '/docs/guides', '/docs/search', '/docs/operations/*'])
    app.use(pattern, compress())
  app.get('/docs', (c) => {
    const of = documentOf(c)
    return sendPage(c, apiPage(of, readDocument(of), guides))
  })
  app.get('/docs/', (c) => c.redirect('/docs', 301))
  app.get('/docs/operations/:id', (c) => {
    const of = documentOf(c)
    const document = readDocument(of)
    const described = operationsOf(of, document).find(({ id }) => id === c.req.param('id'))
    if (!described) throw new ApiError('not_found')
    return sendPage(c, operationPage(document, described))
  })
  registerTrying(app)
}

function documentOf(c: Context): DocumentName {
  const of = c.req.query('of')
  return of === 'digital-river' || of === 'checkout-links' ? of : 'ordermill'
}

/** swagger-ui, for whoever wants to send requests from a page. */
function registerTrying(app: ApiApp): void {
  app.get('/docs/try', (c) => c.html(tryPage, 200, headers))
  app.get('/docs/assets/start.js', (c) =>
    c.body(tryScript, 200, { ...headers, 'content-type': 'text/javascript; charset=utf-8' }),
  )
  for (const [file, type] of Object.entries(served)) {
    // Packed once, by the first who asks.
    let packed: Uint8Array<ArrayBuffer> | undefined
    app.get(`/docs/assets/${file}`, (c) => {
      const isPacked = /\bgzip\b/.test(c.req.header('accept-encoding') ?? '')
      const read = () => new Uint8Array(readFileSync(path.join(assets, file)))
      const packing = () => {
        packed ??= new Uint8Array(gzipSync(read()))
        return packed
      }
      return c.body(isPacked ? packing() : read(), 200, {
        ...headers,
        'content-type': `${type}; charset=utf-8`,
        'cache-control': 'public, max-age=86400',
        vary: 'Accept-Encoding',
        ...(isPacked ? { 'content-encoding': 'gzip' } : {}),
      })
    })
  }
}
