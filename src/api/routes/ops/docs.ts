import { createRequire } from 'node:module'
import path from 'node:path'
import { serveStatic } from '@hono/node-server/serve-static'
import type { ApiApp } from '../../env.ts'
import { openToAnyone } from '../../gates.ts'
import { docsPage, docsPolicy, docsScript } from '../../pages/docs-page.ts'
import { pageHeaders } from '../../pages/page.ts'

const require = createRequire(import.meta.url)
const assets = path.dirname(require.resolve('swagger-ui-dist/package.json'))
const headers = pageHeaders(docsPolicy)
const served = ['swagger-ui.css', 'swagger-ui-bundle.js']

/** `GET /docs`: the API's documentation, from files of this installation only. It holds no secrets and needs no session. */
export function registerDocs(app: ApiApp): void {
  app.use('/docs/*', openToAnyone)
  app.get('/docs', (c) => c.html(docsPage, 200, headers))
  app.get('/docs/', (c) => c.redirect('/docs', 301))
  app.get('/docs/assets/start.js', (c) =>
    c.body(docsScript, 200, { ...headers, 'content-type': 'text/javascript; charset=utf-8' }),
  )
  for (const file of served) {
    app.get(
      `/docs/assets/${file}`,
      serveStatic({
        path: path.join(assets, file),
        onFound: (_path, c) => {
          for (const [name, value] of Object.entries(headers)) c.header(name, value)
          c.header('cache-control', 'public, max-age=3600')
        },
      }),
    )
  }
}
