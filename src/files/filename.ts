const maxCharacters = 200
const fallback = 'file'

/**
 * The name under which a file is shown and saved: no folders, no control or direction-changing characters, 200 characters at
 * most with the extension kept. It is never part of a path on our side.
 */
export function cleanFilename(name: string): string {
  const cleaned = withoutEdges(
    name
      // How browsers send these three in multipart/form-data.
      .replace(/%(0d|0a|22)/gi, (code) => decodeURIComponent(code))
      .replaceAll('\\', '/')
      .replace(/^.*\//s, '')
      .toWellFormed()
      .normalize('NFC')
      // Controls, and what is invisible or turns the direction of writing: a name must not look like another one.
      .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\uFFFD]/gu, '')
      .replace(/\s+/g, ' '),
  )
  if (cleaned === '') return fallback
  const characters = [...cleaned]
  if (characters.length <= maxCharacters) return cleaned
  const extension = [...(/\.[^.]{1,20}$/.exec(cleaned)?.[0] ?? '')]
  return [...characters.slice(0, maxCharacters - extension.length), ...extension].join('')
}

/** Without the dots and spaces at both ends, in one pass: a pattern for the end would look at each run of a long name again. */
function withoutEdges(name: string): string {
  const isEdge = (at: number) => name[at] === '.' || name[at] === ' '
  let from = 0
  let to = name.length
  while (from < to && isEdge(from)) from += 1
  while (to > from && isEdge(to - 1)) to -= 1
  return name.slice(from, to)
}

/** `Content-Disposition` of a download by RFC 6266: a plain name for old clients, the true one for all others. */
export function attachment(filename: string): string {
  const plain = filename.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const encoded = encodeURIComponent(filename).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`
}
