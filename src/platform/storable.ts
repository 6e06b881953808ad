/** Deeper than any document of ours or of a provider's; JSON of a megabyte could be nested half a million times. */
const maxDepth = 64

/** Where a JSON value holds what Postgres cannot keep, or what could be taken for a part of JavaScript. */
export type Unstorable = { path: string; problem: string }

type Visit = { value: unknown; path: string; depth: number }

/** Every value in a parsed JSON value with the way to it, without recursion: whoever sent it chose its depth. */
function* visit(value: unknown): Generator<Visit> {
  const open: Visit[] = [{ value, path: '', depth: 0 }]
  for (let next = open.pop(); next; next = open.pop()) {
    yield next
    const { value: found, path, depth } = next
    if (typeof found !== 'object' || found === null || depth > maxDepth) continue
    for (const [key, entry] of Object.entries(found)) {
      open.push({ value: entry, path: path === '' ? key : `${path}.${key}`, depth: depth + 1 })
    }
  }
}

export function isTooDeep(value: unknown): boolean {
  for (const { depth } of visit(value)) if (depth > maxDepth) return true
  return false
}

/**
 * The first text of a parsed JSON value that has a NUL or half of a surrogate pair, which no text column takes; nesting without an end;
 * or a key that names an object's prototype. Undefined where all is well.
 */
export function findUnstorable(value: unknown): Unstorable | undefined {
  for (const { value: found, path, depth } of visit(value)) {
    if (depth > maxDepth) return { path: path.slice(0, path.indexOf('.')), problem: 'is nested too deeply' }
    if (typeof found === 'string') {
      const problem = problemOf(found)
      if (problem) return { path, problem }
    } else if (typeof found === 'object' && found !== null) {
      if (Object.keys(found).some((key) => key === '__proto__' || problemOf(key) !== undefined))
        return { path, problem: 'has a key that is not allowed' }
    }
  }
  return undefined
}

/** What is wrong with a text that is to be stored; undefined where nothing is. */
export const problemOf = (text: string): string | undefined =>
  text.includes('\0') ? 'contains a NUL character' : text.isWellFormed() ? undefined : 'is not well-formed Unicode'

/**
 * A parsed JSON value whose texts and keys Postgres can keep: NUL and lone surrogates become U+FFFD. Only these two are written as escapes;
 * pairs of backslashes are passed over, so that a text about an escape stays as it is. Not for values that are nested without end.
 */
export const toStorableJson = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value).replace(/\\\\|\\u(?:0000|d[89a-f][0-9a-f]{2})/g, (written) =>
      written === '\\\\' ? written : '\\ufffd',
    ),
  )

/** True for an error of Postgres about a text that has a NUL: nothing that is stored is called that. */
export const isUnstorableText = (error: unknown): boolean =>
  error instanceof Error && (('code' in error && error.code === '22021') || isUnstorableText(error.cause))
