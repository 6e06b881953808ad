import type { Stripe } from 'stripe'
import { credential, json, type Route } from '../http.ts'
import { isUpload } from '../multipart.ts'
import { unixNow } from '../world.ts'
import { invalidParameter, missing } from './errors.ts'
import { listOf } from './lists.ts'
import { choice, onlyKnown, requiredText, text } from './params.ts'
import type { Endpoint, StripeCall } from './pipeline.ts'
import type { StripeState } from './state.ts'

const purposes = [
  'account_requirement',
  'additional_verification',
  'business_icon',
  'business_logo',
  'customer_signature',
  'dispute_evidence',
  'identity_document',
  'tax_document_user_upload',
] as const

const evidenceTypes: ReadonlySet<string> = new Set(['pdf', 'jpg', 'jpeg', 'png'])
const mostEvidence = 5 * 1024 * 1024

/** `POST /v1/files`, the one request that comes as a form with a file in it. */
function upload(state: StripeState, call: StripeCall): Stripe.File {
  onlyKnown(call.params, new Set(['expand', 'file', 'purpose']))
  requiredText(call.params, 'purpose')
  const purpose = choice(call.params, 'purpose', purposes) ?? 'dispute_evidence'
  const { file: sent } = call.params
  if (!isUpload(sent)) throw invalidParameter('Missing required param: file.', 'file', 'parameter_missing')
  const type = sent.filename.split('.').at(-1)?.toLowerCase() ?? ''
  if (purpose === 'dispute_evidence') {
    if (!evidenceTypes.has(type))
      throw invalidParameter(`A file for dispute evidence must be a PDF, JPG or PNG; this is ${type}.`, 'file')
    if (sent.content.length > mostEvidence)
      throw invalidParameter('A file for dispute evidence must not be larger than 5 MB.', 'file')
  }
  const id = state.world.mintId('file')
  const file: Stripe.File = {
    id,
    object: 'file',
    created: unixNow(),
    expires_at: null,
    filename: sent.filename,
    links: { object: 'list', data: [], has_more: false, url: `/v1/file_links?file=${id}` },
    purpose,
    size: sent.content.length,
    title: null,
    type: type === 'jpeg' ? 'jpg' : type,
    url: `${state.world.baseUrl()}/v1/files/${id}/contents`,
  }
  state.files.set(id, file)
  state.fileContents.set(id, sent.content.toString('base64'))
  return file
}

const mimeTypes: Readonly<Record<string, string>> = { pdf: 'application/pdf', jpg: 'image/jpeg', png: 'image/png' }

/** The bytes of a file, for whoever has a secret key. */
function contents(state: StripeState): Route {
  return {
    method: 'GET',
    path: '/v1/files/:id/contents',
    handle: ({ headers, params: { id = '' } }) => {
      const file = state.files.look(id)
      const content = state.fileContents.look(id)
      if (!/^[sr]k_/.test(credential(headers) ?? '') || !file || content === undefined)
        return json({ error: { type: 'invalid_request_error', message: `No such file: '${id}'` } }, 404)
      const type = mimeTypes[file.type ?? ''] ?? 'application/octet-stream'
      return { status: 200, body: Buffer.from(content, 'base64'), headers: { 'content-type': type } }
    },
  }
}

export function fileRoutes(state: StripeState, endpoint: Endpoint): Route[] {
  return [
    contents(state),
    endpoint('POST', 'files', 'files.create', (call) => upload(state, call)),
    endpoint('GET', 'files/:id', 'files.retrieve', ({ id }) => {
      const file = state.files.look(id)
      if (!file) throw missing('file', id)
      return file
    }),
    endpoint('GET', 'files', 'files.list', ({ params }) => {
      const purpose = text(params, 'purpose')
      return listOf(state.files, params, '/v1/files', (file) => purpose === undefined || file.purpose === purpose)
    }),
  ]
}
