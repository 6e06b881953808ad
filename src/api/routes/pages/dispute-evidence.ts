import { fileTypeFromBuffer } from 'file-type'
import { readDispute } from '../../../disputes/read-disputes.ts'
import { sendEvidence } from '../../../disputes/send-evidence.ts'
import { ApiError } from '../../../platform/errors.ts'
import { ProviderError } from '../../../platform/provider-error.ts'
import { type DisputeEvidence, evidenceFiles } from '../../../providers/dispute-evidence.ts'
import { askedTexts } from '../../pages/seller/dispute-cards.ts'
import type { PageApp, PageParts } from './page-app.ts'
import { act, readForm, type SentForm } from './page-form.ts'

const longestText = 20_000
/** What banks take of all files together. */
const largestFiles = 4_500_000

/** `POST /dashboard/disputes/:id/evidence`: what a seller tells the buyer's bank, once. */
export function registerDisputeEvidence(app: PageApp, parts: PageParts): void {
  app.post('/dashboard/disputes/:id/evidence', async (c) => {
    const form = await readForm(c)
    const dispute = await readDispute(parts.database, c.get('member').merchantId, c.req.param('id'))
    if (!dispute) throw new ApiError('not_found')
    return act(c, { path: `/dashboard/orders/${dispute.orderId}`, done: 'evidence-sent' }, async () => {
      const evidence = { texts: textsOf(form), files: await filesOf(form) }
      await sendEvidence(parts, dispute, evidence).catch((error: unknown) => {
        throw error instanceof ProviderError ? new ApiError('evidence_not_sent', { cause: error }) : error
      })
    })
  })
}

function textsOf(form: SentForm): DisputeEvidence['texts'] {
  const given = askedTexts.map(([name]) => [name, form.text(name).trim()] as const).filter(([, text]) => text !== '')
  if (!given.some(([name]) => name === 'other')) throw new ApiError('missing_parameter', { parameter: 'other' })
  if (given.some(([, text]) => text.length > longestText)) throw new ApiError('invalid_parameter')
  return Object.fromEntries(given)
}

/** @throws ApiError `evidence_file_refused` for what banks do not take, whatever it is called */
async function filesOf(form: SentForm): Promise<DisputeEvidence['files']> {
  const files = await Promise.all(
    evidenceFiles.map(async (kind) => {
      const file = form.file(`file-${kind}`)
      if (!file) return []
      const content = new Uint8Array(await file.arrayBuffer())
      const contentType = (await fileTypeFromBuffer(content))?.mime ?? ''
      if (!/^(application\/pdf|image\/(png|jpeg))$/.test(contentType)) throw new ApiError('evidence_file_refused')
      return [{ kind, name: file.name.slice(0, 200), contentType, content }]
    }),
  )
  const sent = files.flat()
  const bytes = sent.reduce((sum, { content }) => sum + content.length, 0)
  if (bytes > largestFiles) throw new ApiError('evidence_file_refused')
  return sent
}
