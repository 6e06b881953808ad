import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import path from 'node:path'
import { ApiError } from '../../../platform/errors.ts'
import type { ApiApp } from '../../env.ts'
import { openToAnyone } from '../../gates.ts'
import { pageHeaders } from '../../pages/page.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { cardsArePlayed } from '../pages/pay-onward.ts'

const folder = path.resolve(import.meta.dirname, '../../../../examples/storefront')
const page = 'text/html; charset=utf-8'
const script = 'text/javascript; charset=utf-8'
const types: Record<string, string> = {
  'index.html': page,
  'order.html': page,
  'shop.css': 'text/css; charset=utf-8',
  'ordermill.ts': script,
  'shop.ts': script,
  'order.ts': script,
}

/** The shop loads what is its own, talks to this API, and leads on to where an order is paid. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"

/**
 * `/shop/`: the example of `examples/storefront` with this installation's publishable key, where the sandbox plays the providers. Elsewhere
 * there is none: nobody opens a shop by accident.
 */
export function registerExampleShop(app: ApiApp, { config }: ApiParts): void {
  const requireSandbox = () => {
    const { sandboxUrl: sandbox } = config
    const { publishableKey: key } = config.bootstrap
    if (config.production || !sandbox || !cardsArePlayed(config) || !key) throw new ApiError('not_found')
    return { api: '', key, sandbox, currency: 'USD' }
  }
  app.use('/shop/*', openToAnyone)
  app.get('/shop', (c) => {
    requireSandbox()
    return c.redirect('/shop/', 302)
  })
  app.get('/shop/settings.json', (c) => c.json(requireSandbox(), 200, pageHeaders(policy)))
  for (const [file, type] of Object.entries(types)) {
    app.get(file === 'index.html' ? '/shop/' : `/shop/${file}`, (c) => {
      requireSandbox()
      return c.body(contentOf(file), 200, { ...pageHeaders(policy), 'content-type': type })
    })
  }
}

/** A browser reads TypeScript without its types. */
function contentOf(file: string): string {
  const text = readFileSync(path.join(folder, file), 'utf8')
  return file.endsWith('.ts') ? stripTypeScriptTypes(text) : text
}
