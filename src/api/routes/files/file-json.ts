import path from 'node:path'
import { z } from '@hono/zod-openapi'
import { iso } from '../../../database/database.ts'
import { filePurposes } from '../../../files/file.entity.ts'
import { type FileParts, fileContentUrl } from '../../../files/files.ts'
import type { FileView } from '../../../files/read-files.ts'
import { fileLinkSchema, toFileLinkJson } from '../file-links/file-link-json.ts'

export const fileSchema = z
  .object({
    id: z.string(),
    createdTime: z.iso.datetime(),
    fileName: z.string(),
    links: z.array(fileLinkSchema),
    purpose: z.enum(filePurposes).nullable().openapi({ description: 'Null for digital goods.' }),
    title: z.string().nullable(),
    size: z.number().int().openapi({ description: 'In bytes.' }),
    type: z.string().openapi({ example: 'pdf' }),
    url: z.string().openapi({ description: 'The content; with a secret key only.' }),
    liveMode: z.boolean(),
  })
  .openapi('File')

/** A file as its merchant's server sees it. */
export const toFileJson = (parts: Pick<FileParts, 'config' | 'files'>, file: FileView): z.infer<typeof fileSchema> => ({
  id: file.id,
  createdTime: iso(file.createdAt),
  fileName: file.filename,
  links: file.links.map((link) => toFileLinkJson(parts, link)),
  purpose: file.purpose,
  title: file.title,
  size: file.size,
  type: path.extname(file.filename).slice(1).toLowerCase() || 'bin',
  url: fileContentUrl(parts.config.publicUrl, file.id),
  liveMode: file.liveMode,
})
