import { expect, it } from 'vitest'
import { freePort } from '../../boot/services/ports.ts'
import { s3Storage } from './s3.ts'

// Removes the risk that a bucket that is down is taken for a mistake of ours, or for the database being down.
it('says that the bucket does not answer', async () => {
  const storage = s3Storage({
    bucket: 'files',
    region: 'eu-central-1',
    endpoint: `http://127.0.0.1:${await freePort()}`,
    forcePathStyle: true,
    accessKeyId: 'key',
    secretAccessKey: 'secret',
  })
  await expect(storage.open('a-file')).rejects.toMatchObject({ provider: 's3', outcome: 'unavailable' })
})
