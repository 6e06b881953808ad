import type { Sql } from '../../../database/database.ts'
import { readSizes } from '../../../files/picture-sizes.ts'
import type { ProductPicture } from '../../pages/buyer/product-picture.ts'

/** Finds what a page needs to show the pictures at these addresses. */
export async function readPictures(sql: Sql, publicUrl: string, urls: readonly (string | null)[]) {
  const sizes = await readSizes(sql, publicUrl, urls)
  return (url: string | null): ProductPicture | undefined =>
    url === null ? undefined : { url, sizes: sizes.get(url) ?? [] }
}

/** The picture of what an order's line was when it was ordered. */
export const imageOf = ({ product }: { product: Record<string, unknown> }): string | null =>
  typeof product.image === 'string' ? product.image : null
