import type { Sql } from '../../../database/database.ts'
import { pictureUrl } from '../../../files/picture-address.ts'
import { readSizes } from '../../../files/picture-sizes.ts'
import { storePicture } from '../../../files/pictures.ts'
import type { ProductPicture } from '../../pages/buyer/product-picture.ts'
import type { PageParts } from './page-app.ts'

/** Finds what a page needs to show the pictures at these addresses. */
export async function readPictures(sql: Sql, publicUrl: string, urls: readonly (string | null)[]) {
  const sizes = await readSizes(sql, publicUrl, urls)
  return (url: string | null): ProductPicture | undefined =>
    url === null ? undefined : { url, sizes: sizes.get(url) ?? [] }
}

/** The address of a picture that somebody has sent; undefined where none was. @throws ApiError `picture_refused` */
export const storedPicture = async (
  parts: PageParts,
  { merchantId, picture }: { merchantId: string; picture: File | undefined },
): Promise<string | undefined> =>
  picture && pictureUrl(parts.config.publicUrl, await storePicture(parts, { merchantId, picture }))

/** The picture of what an order's line was when it was ordered. */
export const imageOf = ({ product }: { product: Record<string, unknown> }): string | null =>
  typeof product.image === 'string' ? product.image : null
