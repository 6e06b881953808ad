import { z } from '@hono/zod-openapi'
import { pictureUrl } from '../files/picture-address.ts'
import type { BrandSettings } from '../merchants/brands.ts'
import { nameSchema } from '../parties/address.ts'
import { idParam } from './schemas.ts'

/** Buyers follow it from the page on which they pay. */
const webAddress = z.url({ protocol: /^https?$/, hostname: z.regexes.domain }).max(2000)

/** What a merchant may say of its brand; null takes it back. */
export const brandFields = {
  displayName: nameSchema.min(1).max(100).nullable(),
  accent: z
    .string()
    .regex(/^#[0-9a-fA-F]{6}$/, 'must be a colour such as #1a6b34')
    .toLowerCase()
    .nullable(),
  termsUrl: webAddress.nullable(),
  privacyUrl: webAddress.nullable(),
  imprint: z.string().trim().min(1).max(2000).nullable(),
  supportEmail: z.email().max(254).nullable(),
}

export const brandChangesSchema = z.object({ ...brandFields, logoFileId: idParam.nullable() }).partial()

export const brandSchema = z.object({ ...brandFields, logoUrl: z.string().nullable() }).openapi('Brand')

export const toBrandJson = ({ logo, ...brand }: BrandSettings, publicUrl: string): z.infer<typeof brandSchema> => ({
  ...brand,
  logoUrl: logo && pictureUrl(publicUrl, logo.id),
})
