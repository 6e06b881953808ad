import type { ByteRange } from './storage.ts'

export type RequestedRange = { outcome: 'whole' } | { outcome: 'part'; range: ByteRange } | { outcome: 'unsatisfiable' }

/**
 * What a `Range` header asks for of a file of `size` bytes (RFC 9110, 14). Several ranges at once and other units are answered
 * with the whole file, as is a part of a file that has changed meanwhile (`If-Range`).
 */
export function requestedRange(
  size: number,
  headers: { range: string | undefined; ifRange: string | undefined; etag: string },
): RequestedRange {
  const { range, ifRange, etag } = headers
  if (range === undefined || (ifRange !== undefined && ifRange !== etag)) return { outcome: 'whole' }
  if (!/^bytes=/i.test(range) || range.includes(',')) return { outcome: 'whole' }
  const [, first = '', last = ''] = /^bytes=\s*(\d*)-(\d*)\s*$/i.exec(range) ?? []
  if (first === '' && last === '') return { outcome: 'unsatisfiable' }
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1)
  return start > end ? { outcome: 'unsatisfiable' } : { outcome: 'part', range: { start, end } }
}
