import { listFiles } from '../../../files/list-files.ts'
import { discardFile, keepFile, type ReceivedFile, receiveFile } from '../../../files/receive-file.ts'
import { ApiError } from '../../../platform/errors.ts'
import { fileListPage } from '../../pages/seller/file-list-page.ts'
import { fileParts } from '../files/multipart-files.ts'
import { sendDashboard } from './dashboard-session.ts'
import type { PageApp, PageParts } from './page-app.ts'
import { act } from './page-form.ts'

const pageSize = 25

/** `/dashboard/files`: a seller's uploads. With JavaScript the form sends to the API and shows its progress. */
export function registerFilePages(app: PageApp, parts: PageParts): void {
  app.get('/dashboard/files', async (c) => {
    const member = c.get('member')
    const after = c.req.query('after') || undefined
    const page = { limit: pageSize, startingAfter: after }
    const { hasMore, files } = await listFiles(parts.database.sql, member.merchantId, page)
    const older = hasMore ? files.at(-1)?.id : undefined
    const maxBytes = parts.config.uploadMaxBytes
    return sendDashboard(c, 'files', fileListPage({ member, files, older, after, maxBytes }))
  })

  app.post('/dashboard/files', (c) =>
    act(c, { path: '/dashboard/files', done: 'uploaded' }, () => receive(parts, c.req.raw, c.get('member').merchantId)),
  )
}

/** Stores the form's one file, streaming; with a second one nothing of it is kept. @throws ApiError what receiving throws */
async function receive(parts: PageParts, request: Request, merchantId: string): Promise<void> {
  let received: ReceivedFile | undefined
  try {
    for await (const part of fileParts(request)) {
      if (received) throw new ApiError('too_many_files')
      received = await receiveFile(parts, { merchantId, ...part })
    }
    if (!received) throw new ApiError('file_required')
    await keepFile(parts, received)
  } catch (error) {
    if (received) await discardFile(parts, received)
    throw error
  }
}
