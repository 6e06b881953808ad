import { createRoute } from '@hono/zod-openapi'
import { openFile, readFile } from '../../../files/files.ts'
import { saveBrand } from '../../../files/save-brand.ts'
import { readBrandSettings } from '../../../merchants/brands.ts'
import { ApiError } from '../../../platform/errors.ts'
import { brandChangesSchema, brandSchema, toBrandJson } from '../../brand-json.ts'
import type { ApiApp } from '../../env.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, json, jsonBody, secretKey } from '../../schemas.ts'

const largestPicture = 10_000_000

/** `/v2/brand`: how the caller shows itself to its buyers. */
export function registerBrand(app: ApiApp, parts: ApiParts): void {
  const shared = {
    tags: ['Merchants'],
    security: secretKey,
    middleware: requireKey(parts.keys, 'secret'),
    path: '/v2/brand',
  }
  const { publicUrl } = parts.config

  app.openapi(
    createRoute({
      ...shared,
      method: 'get',
      summary: 'Read the own brand',
      responses: { 200: json(brandSchema, 'The brand; null where nothing was said.'), ...errorResponses },
    }),
    async (c) => {
      const em = parts.database.em()
      return c.json(toBrandJson(await readBrandSettings({ em }, c.get('caller').merchantId), publicUrl), 200)
    },
  )
  app.openapi(
    createRoute({
      ...shared,
      method: 'patch',
      summary: 'Change the own brand',
      request: jsonBody(brandChangesSchema),
      responses: { 200: json(brandSchema, 'The brand as it is now.'), ...errorResponses },
    }),
    async (c) => {
      const { merchantId } = c.get('caller')
      const { logoFileId, ...said } = c.req.valid('json')
      const changes = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined))
      const logo =
        typeof logoFileId === 'string' ? await pictureOf(parts, { merchantId, fileId: logoFileId }) : logoFileId
      const brand = await saveBrand(parts, merchantId, { ...changes, ...(logo === undefined ? {} : { logo }) })
      return c.json(toBrandJson(brand, publicUrl), 200)
    },
  )
}

/** What an own uploaded file holds. @throws ApiError `picture_refused` before a large one is read, `not_found` */
async function pictureOf(parts: ApiParts, owner: { merchantId: string; fileId: string }): Promise<Blob> {
  const refuse = (error: unknown): never => {
    throw error instanceof ApiError ? new ApiError(error.code, { parameter: 'logoFileId' }) : error
  }
  const file = await readFile(parts.database.sql, owner).catch(refuse)
  if (file.size > largestPicture) throw new ApiError('picture_refused', { parameter: 'logoFileId' })
  return new Response(await openFile(parts, file)).blob()
}
