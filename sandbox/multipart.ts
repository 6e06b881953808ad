/** A file as a form uploads it. */
export type Upload = { filename: string; contentType: string; content: Buffer }

export const isUpload = (value: unknown): value is Upload =>
  typeof value === 'object' && value !== null && 'content' in value && Buffer.isBuffer(value.content)

/** Whether a request carries a form with files; its body is then bytes and no text. */
export const isForm = (contentType: string | undefined) => contentType?.startsWith('multipart/form-data') === true

/**
 * The fields of a `multipart/form-data` body (RFC 7578), which is given one character per byte. A field is a text or
 * an upload; what is no such form has none.
 */
export function formFields(contentType: string, body: string): Record<string, string | Upload> {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1]
  if (boundary === undefined) return {}
  const parts = `\r\n${body}`.split(`\r\n--${boundary}`).slice(1, -1)
  return Object.fromEntries(parts.flatMap((part) => fieldOf(part) ?? []))
}

function fieldOf(part: string): [[string, string | Upload]] | undefined {
  const end = part.indexOf('\r\n\r\n')
  const head = part.slice(0, end)
  const name = /\bname="([^"]*)"/.exec(head)?.[1]
  if (end < 0 || name === undefined) return undefined
  const content = Buffer.from(part.slice(end + 4), 'latin1')
  const filename = /\bfilename="([^"]*)"/.exec(head)?.[1]
  if (filename === undefined) return [[name, content.toString('utf8')]]
  const contentType = /content-type:\s*(\S+)/i.exec(head)?.[1] ?? 'application/octet-stream'
  return [[name, { filename: Buffer.from(filename, 'latin1').toString('utf8'), contentType, content }]]
}
