import { afterAll, beforeAll, expect, test } from 'vitest'
import { formWith, startFiles, type TestFiles } from '../../../../test/files-api.ts'
import { sweepPendingFiles } from '../../../files/receive-file.ts'

let api: TestFiles

beforeAll(async () => {
  api = await startFiles()
})
afterAll(() => api.close())

// Removes the risk that crashes fill the disk with files nobody can reach, or that the sweep takes an upload that still runs.
test('what a crash in the middle of an upload has left is swept after a day', async () => {
  const { secret } = await api.addSeller()
  for (const filename of ['kept.pdf', 'crashed.pdf', 'running.pdf']) {
    const body = formWith('%PDF-1.7', filename)
    const answer = await fetch(`${api.origin}/v2/digital/upload`, { method: 'POST', headers: secret, body })
    expect(answer.status).toBe(201)
  }
  await api.sql(`update files set state = 'pending' where filename <> 'kept.pdf'`)
  await api.sql(`update files set created_at = now() - interval '25 hours' where filename <> 'running.pdf'`)
  const crashed = (await api.rows()).find(({ filename }) => filename === 'crashed.pdf')
  expect(await sweepPendingFiles(api.parts)).toBe(1)
  expect((await api.rows()).map(({ filename }) => filename).sort()).toEqual(['kept.pdf', 'running.pdf'])
  expect(api.stored().some((file) => file.endsWith(String(crashed?.id)))).toBe(false)
})
