import { describe, expect, test } from 'vitest'
import { readConfig } from '../platform/config.ts'
import { newId } from '../platform/ids.ts'
import { cleanFilename } from './filename.ts'
import { fileIdOfUrl, fileUrl } from './files.ts'
import { diskStorage } from './storage/disk.ts'

const at = (publicUrl: string) => ({
  config: readConfig({ DATABASE_URL: 'postgres://db/x', REDIS_URL: 'redis://r', PUBLIC_URL: publicUrl }, []),
})

describe('the address of a file', () => {
  test('R268 is recognised as ours, also with a path or a slash in the public address', () => {
    const id = newId('file')
    for (const publicUrl of ['https://shop.test', 'https://shop.test/', 'https://shop.test/orders']) {
      expect(fileIdOfUrl(at(publicUrl), fileUrl(at(publicUrl), id))).toBe(id)
    }
    expect(fileIdOfUrl(at('https://shop.test'), `https://shop.test/api/v2/digital/files/${id}`)).toBe(id)
  })

  test('is not that of another site or another thing', () => {
    const id = newId('file')
    for (const url of [
      `https://evil.test/v2/digital/files/${id}`,
      `https://shop.test.evil.test/v2/digital/files/${id}`,
      `https://shop.test/v2/digital/files/${id}/x`,
      'https://shop.test/v2/digital/files/..',
      'a text',
      '',
    ]) {
      expect(fileIdOfUrl(at('https://shop.test'), url)).toBeUndefined()
    }
  })
})

test('a display name has no control characters, no folders and 200 characters at most', () => {
  expect(cleanFilename('a\u0000b\r\nc\u202E.pdf')).toBe('abc.pdf')
  expect(cleanFilename('C:\\fakepath\\book.pdf')).toBe('book.pdf')
  expect(cleanFilename(' . ')).toBe('file')
  expect(cleanFilename('\ud800.pdf')).toBe('pdf')
  expect([...cleanFilename(`${'🙂'.repeat(300)}.pdf`)]).toHaveLength(200)
})

test('the disk takes no key that leads elsewhere', async () => {
  const storage = diskStorage('.ordermill')
  for (const key of ['../x', 'uploads/../../x', '/etc/passwd', 'uploads//x', 'uploads/a\u0000b', '']) {
    await expect(storage.open(key)).rejects.toThrow('not a storage key')
  }
})
