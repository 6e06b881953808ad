import { z } from '@hono/zod-openapi'
import { iso } from '../../../database/database.ts'
import { type FileLink, fileLinkUrl } from '../../../files/file-links.ts'
import type { FileParts } from '../../../files/files.ts'
import { metadataSchema } from '../../schemas.ts'

export const fileLinkSchema = z
  .object({
    id: z.string(),
    createdTime: z.iso.datetime(),
    expired: z.boolean(),
    expiresTime: z.iso.datetime(),
    fileId: z.string(),
    liveMode: z.boolean(),
    metadata: metadataSchema.optional(),
    url: z.string().openapi({ description: 'Whoever has it may download the file, without credentials.' }),
  })
  .openapi('FileLink')

/** A link as its merchant's server sees it. */
export const toFileLinkJson = (
  parts: Pick<FileParts, 'config' | 'files'>,
  link: FileLink,
): z.infer<typeof fileLinkSchema> => ({
  id: link.id,
  createdTime: iso(link.createdAt),
  expired: new Date(link.expiresAt).getTime() <= Date.now(),
  expiresTime: iso(link.expiresAt),
  fileId: link.fileId,
  liveMode: link.liveMode,
  ...(link.metadata ? { metadata: link.metadata } : {}),
  url: fileLinkUrl(parts, link.id),
})
