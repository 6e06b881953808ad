import { isUtf8 } from 'node:buffer'
import { fileTypeFromBuffer } from 'file-type'
import { type FileKind, fileKinds, isProgram, refusedDeclarations, refusedExtensions } from './file-kinds.ts'

/** How much of a file's beginning is looked at. */
export const headBytes = 4100

export type Recognition =
  | { outcome: 'accepted'; contentType: string }
  /** The content is not what the name or the declared type says. */
  | { outcome: 'mismatch' }
  /** A web page, a script or a program. */
  | { outcome: 'refused' }

const unknownBinary = 'application/octet-stream'

/** Types that every browser derives alike from a name; of the others (CSV, audio, archives) there are too many spellings. */
const preciselyDeclared = /^(application\/(pdf|epub\+zip)|image\/(png|jpeg|gif|webp|avif))$/

/** What a page or a script begins with. */
const pageOrScript =
  /^(#!|<\?php|<(!doctype\s+(html|svg)|html|head|body|script|style|iframe|svg|math|xsl:|x:stylesheet)\b)/i

/** Where a text begins after spaces, comments and XML declarations; one pass, because an attacker chooses how many there are. */
function afterPreamble(text: string): string {
  let rest = text.trimStart()
  for (;;) {
    const isComment = rest.startsWith('<!--')
    if (!isComment && !/^<\?xml/i.test(rest)) return rest
    // An empty comment may be as short as `<!-->`.
    const end = isComment ? rest.indexOf('-->', 2) : rest.indexOf('>')
    if (end < 0) return rest
    rest = rest.slice(end + (isComment ? 3 : 1)).trimStart()
  }
}

/**
 * Decides by its first bytes what a file is, and whether it is what it claims to be. Whatever is accepted is only ever served
 * as an attachment, not sniffed and sandboxed, so that a file which is several types at once runs nowhere.
 */
export async function recognizeFile(input: {
  head: Uint8Array
  filename: string
  declaredType: string
}): Promise<Recognition> {
  const { head } = input
  const extension = /\.([^.]+)$/.exec(input.filename)?.[1]?.toLowerCase()
  const claimed = fileKinds.find(({ extensions }) => extension !== undefined && extensions.includes(extension))
  const declaredType = input.declaredType.toLowerCase()
  const declared = preciselyDeclared.test(declaredType)
    ? fileKinds.find(({ contentType }) => contentType === declaredType)
    : undefined
  const found = (await fileTypeFromBuffer(head))?.mime
  const asText = textOf(head)

  for (const kind of [claimed, declared]) {
    if (kind && !fits(kind, found, asText)) return { outcome: 'mismatch' }
  }
  const page = asText !== undefined && pageOrScript.test(afterPreamble(asText))
  const refused =
    page ||
    (found !== undefined && isProgram(found)) ||
    (extension !== undefined && refusedExtensions.has(extension)) ||
    refusedDeclarations.test(declaredType)
  if (refused) return { outcome: 'refused' }
  if (claimed) return { outcome: 'accepted', contentType: claimed.contentType }
  const known = fileKinds.find(({ contentType }) => contentType === found)
  return { outcome: 'accepted', contentType: known?.contentType ?? unknownBinary }
}

function fits(kind: FileKind, found: string | undefined, asText: string | undefined): boolean {
  // Some texts begin like something binary, such as "BM" or "ID3"; a text is judged as one.
  if (kind.content === 'text') return asText !== undefined
  return found !== undefined && kind.content.includes(found)
}

/** The beginning as text, or undefined when it is none: no NUL, and UTF-8 but for a character that the cut has split, or Latin-1. */
function textOf(head: Uint8Array): string | undefined {
  const [first, second] = head
  const utf16 =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : undefined
  if (utf16) return new TextDecoder(utf16).decode(head)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what tells binary data from text.
  if (/[\x00-\x08\x0e-\x1a\x1c-\x1f]/.test(Buffer.from(head).toString('latin1'))) return undefined
  return new TextDecoder(isUtf8(head) || head.length >= headBytes ? 'utf-8' : 'latin1').decode(head)
}
