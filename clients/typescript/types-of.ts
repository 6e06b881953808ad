import openapiTS, { astToString } from 'openapi-typescript'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
type Operation = { security?: Record<string, unknown>[] }
type Document = { paths: Record<string, Record<string, Operation>> }

const head =
  '// Made from /openapi.json by `npx vitest run clients/typescript -u`; a test says when it is older than the document.\n\n'

/** The types of a document as TypeScript: of all that is called by a key, without examples, which say nothing of types. */
export async function typesOf(document: object): Promise<string> {
  const called = withKeys(withoutExamples(document as Json) as unknown as Document)
  return (
    head +
    astToString(await openapiTS(called as unknown as Parameters<typeof openapiTS>[0])).replace(
      /^export type \$defs = .*\n/m,
      '',
    )
  )
}

function withKeys(document: Document): Document {
  const isCalled = ({ security = [] }: Operation) =>
    security.some((way) => 'secretKey' in way || 'publishableKey' in way)
  const paths = Object.entries(document.paths).flatMap(([path, item]) => {
    const kept = Object.entries(item).filter(([, operation]) => isCalled(operation))
    return kept.length > 0 ? [[path, Object.fromEntries(kept)] as const] : []
  })
  return { ...document, paths: Object.fromEntries(paths) }
}

/** A property may be named `example`, too: that one stays. */
function withoutExamples(value: Json, isProperties = false): Json {
  if (Array.isArray(value)) return value.map((each) => withoutExamples(each))
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([name]) => isProperties || name !== 'example')
  return Object.fromEntries(kept.map(([name, each]) => [name, withoutExamples(each, name === 'properties')]))
}
