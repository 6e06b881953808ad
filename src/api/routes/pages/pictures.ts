import { openFile } from '../../../files/files.ts'
import { readPicture } from '../../../files/pictures.ts'
import type { PageApp, PageParts } from './page-app.ts'

/** `/pictures/{id}`: a picture of a product, for anybody and on any site. It never changes: another picture has another address. */
export function registerPictures(app: PageApp, parts: PageParts): void {
  app.get('/pictures/:id', async (c) => {
    const picture = await readPicture(parts.database.sql, c.req.param('id'))
    return c.body(await openFile(parts, picture), 200, {
      'content-type': picture.contentType,
      'content-length': String(picture.size),
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
    })
  })
}
