import { createRoute, z } from '@hono/zod-openapi'
import { disputeStates } from '../../../disputes/dispute.state-machine.ts'
import { listDisputes, readDispute } from '../../../disputes/read-disputes.ts'
import { sendEvidence } from '../../../disputes/send-evidence.ts'
import { openFile, readFile } from '../../../files/files.ts'
import { ApiError } from '../../../platform/errors.ts'
import { evidenceFiles, evidenceTexts } from '../../../providers/dispute-evidence.ts'
import type { ApiApp } from '../../env.ts'
import { requireKey } from '../../middleware/require-key.ts'
import type { ApiParts } from '../../route-dependencies.ts'
import { errorResponses, idParam, json, jsonBody, listOf, pageQuery, secretKey } from '../../schemas.ts'
import { createdQuery, readPeriod } from '../../time-filter.ts'
import { disputeSchema, toDisputeJson } from './dispute-json.ts'

/** What banks take of one text, and of all files together. */
const longestText = 20_000
const largestFiles = 4_500_000

const evidenceSchema = z
  .object({
    ...Object.fromEntries(evidenceTexts.map((name) => [name, z.string().trim().min(1).max(longestText).optional()])),
    files: z
      .array(z.object({ kind: z.enum(evidenceFiles), fileId: idParam }))
      .max(evidenceFiles.length)
      .default([])
      .openapi({ description: 'Stored files (PDF, JPEG or PNG), one of a kind, 4.5 MB together.' }),
  })
  .openapi('DisputeEvidence')

type Evidence = Partial<Record<(typeof evidenceTexts)[number], string>> & {
  files: { kind: (typeof evidenceFiles)[number]; fileId: string }[]
}

/** `GET /v2/disputes`, `GET /v2/disputes/{id}`, and `POST /v2/disputes/{id}/evidence`, which the buyer's bank takes once. */
export function registerDisputes(app: ApiApp, parts: ApiParts): void {
  const shared = { tags: ['Disputes'], security: secretKey, middleware: requireKey(parts.keys, 'secret') }
  const params = z.object({ id: idParam })
  const find = async (merchantId: string, id: string) => {
    const dispute = await readDispute(parts.database, merchantId, id)
    if (!dispute) throw new ApiError('not_found')
    return dispute
  }
  app.openapi(
    createRoute({
      ...shared,
      method: 'get',
      path: '/v2/disputes',
      summary: 'List disputes',
      request: {
        query: pageQuery.extend({
          orderId: idParam.optional(),
          state: z.enum(disputeStates).optional(),
          ...createdQuery,
        }),
      },
      responses: { 200: json(listOf(disputeSchema), 'Newest first.'), ...errorResponses },
    }),
    async (c) => {
      const { limit, startingAfter, endingBefore, orderId, state, ...times } = c.req.valid('query')
      const filter = { orderId, state, created: readPeriod(times) }
      const { merchantId } = c.get('caller')
      const { hasMore, rows } = await listDisputes(parts.database, merchantId, filter, {
        limit,
        startingAfter,
        endingBefore,
      })
      return c.json({ hasMore, data: rows.map(toDisputeJson) }, 200)
    },
  )
  app.openapi(
    createRoute({
      ...shared,
      method: 'get',
      path: '/v2/disputes/{id}',
      summary: 'Read a dispute',
      request: { params },
      responses: { 200: json(disputeSchema, 'The dispute.'), ...errorResponses },
    }),
    async (c) => c.json(toDisputeJson(await find(c.get('caller').merchantId, c.req.valid('param').id)), 200),
  )
  app.openapi(
    createRoute({
      ...shared,
      method: 'post',
      path: '/v2/disputes/{id}/evidence',
      summary: 'Send evidence to the buyer’s bank, once',
      request: { params, ...jsonBody(evidenceSchema) },
      responses: { 200: json(disputeSchema, 'The dispute.'), ...errorResponses },
    }),
    async (c) => {
      const { merchantId } = c.get('caller')
      const { files, ...texts } = c.req.valid('json') as Evidence
      const dispute = await find(merchantId, c.req.valid('param').id)
      await sendEvidence(parts, dispute, { texts, files: await readEvidenceFiles(parts, merchantId, files) })
      return c.json(toDisputeJson(await find(merchantId, dispute.id)), 200)
    },
  )
}

/** @throws ApiError `not_found` for somebody else's file, `invalid_parameter` for one that banks do not take, or too many bytes */
async function readEvidenceFiles(parts: ApiParts, merchantId: string, wanted: Evidence['files']) {
  const refuse = (index: number, message: string): never => {
    throw new ApiError('invalid_parameter', { parameter: `files.${index}`, message })
  }
  let bytes = 0
  return Promise.all(
    wanted.map(async ({ kind, fileId }, index) => {
      if (wanted.findIndex((other) => other.kind === kind) !== index)
        refuse(index, 'There is another file of this kind.')
      const file = await readFile(parts.database.sql, { merchantId, fileId })
      bytes += file.size
      if (!/^(application\/pdf|image\/(png|jpeg))$/.test(file.contentType))
        refuse(index, 'Banks take PDF, JPEG and PNG.')
      if (bytes > largestFiles) refuse(index, 'Banks take 4.5 MB in all.')
      const content = new Uint8Array(await new Response(await openFile(parts, file)).arrayBuffer())
      return { kind, name: file.filename, contentType: file.contentType, content }
    }),
  )
}
