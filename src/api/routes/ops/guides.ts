import { ApiError } from '../../../platform/errors.ts'
import type { ApiApp } from '../../env.ts'
import { openToAnyone } from '../../gates.ts'
import { type Guide, readPicture } from '../../guides/read-guides.ts'
import { createSearch } from '../../guides/search-docs.ts'
import type { DocumentName } from '../../openapi/documents.ts'
import type { Document } from '../../openapi/json-schema.ts'
import { foundPage, guidePage, guidesPage } from '../../pages/guide-pages.ts'
import { pageHeaders, sendPage } from '../../pages/page.ts'

const longestQuery = 200

/**
 * `/docs/guides`, `/docs/guides/{name}` and `/docs/search?q=`: the guides of this installation, and a search of them and of every operation.
 * Nothing of it leaves this server, and it works without JavaScript.
 */
export function registerGuides(
  app: ApiApp,
  guides: readonly Guide[],
  readDocument: (name: DocumentName) => Document,
): void {
  let search: ReturnType<typeof createSearch> | undefined
  for (const path of ['/docs/guides', '/docs/guides/:name', '/docs/search']) app.use(path, openToAnyone)
  app.get('/docs/guides', (c) => sendPage(c, guidesPage(guides)))
  app.get('/docs/guides/:name', (c) => {
    const name = c.req.param('name')
    const picture = readPicture(name)
    if (picture !== undefined)
      return c.body(picture, 200, {
        ...pageHeaders("default-src 'none'; style-src 'unsafe-inline'; sandbox"),
        'content-type': 'image/svg+xml',
      })
    const guide = guides.find((each) => each.name === name)
    if (!guide) throw new ApiError('not_found')
    return sendPage(c, guidePage(guide))
  })
  app.get('/docs/search', (c) => {
    search ??= createSearch(guides, {
      ordermill: readDocument('ordermill'),
      'digital-river': readDocument('digital-river'),
      'checkout-links': readDocument('checkout-links'),
    })
    const words = (c.req.query('q') ?? '').slice(0, longestQuery)
    return sendPage(c, foundPage(words, search(words)))
  })
}
