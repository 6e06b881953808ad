import { type BrandSettings, changeBrand } from '../merchants/brands.ts'
import type { FileParts } from './files.ts'
import { removePicture, storeLogo } from './pictures.ts'

/** What is to be changed of a brand: `logo` is drawn anew from a picture, or taken away. */
export type BrandChanges = Partial<Omit<BrandSettings, 'logo'>> & { logo?: Blob | null }

/**
 * Changes how a merchant shows itself. A logo that was replaced is removed: pages ask for the brand each time they are drawn, and nothing
 * that was sent names it. @throws ApiError `picture_refused`
 */
export async function saveBrand(
  parts: FileParts,
  merchantId: string,
  { logo: picture, ...changes }: BrandChanges,
): Promise<BrandSettings> {
  const logo = picture ? await storeLogo(parts, { merchantId, picture }) : picture
  const change = logo === undefined ? changes : { ...changes, logo }
  const { settings, formerLogo } = await store(parts, merchantId, change)
  if (formerLogo) await removePicture(parts, { merchantId, id: formerLogo.id })
  return settings
}

/** Keeps no new logo of a change that failed. */
async function store(parts: FileParts, merchantId: string, change: Partial<BrandSettings>) {
  try {
    return await parts.database.transaction((tx) => changeBrand(tx, merchantId, change))
  } catch (error) {
    if (change.logo) await removePicture(parts, { merchantId, id: change.logo.id })
    throw error
  }
}
