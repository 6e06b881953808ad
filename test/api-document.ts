import { isDigitalRiverPath } from '../src/api/digital-river.ts'
import type { Document } from '../src/api/openapi/json-schema.ts'

const names = ['/openapi.json', '/openapi/digital-river.json', '/openapi/checkout-links.json']

/** Every operation of an API once, as its routes are: what answers at two addresses stands at ours. */
export async function wholeDocument(url: string): Promise<Document> {
  const [own, theirs, links] = (await Promise.all(
    names.map(async (name) => (await fetch(`${url}${name}`)).json()),
  )) as [Document, Document, Document]
  const theirsAlone = Object.entries(theirs.paths).filter(([path]) => isDigitalRiverPath(path))
  return {
    ...own,
    paths: { ...own.paths, ...links.paths, ...Object.fromEntries(theirsAlone) },
    components: {
      ...own.components,
      schemas: { ...theirs.components.schemas, ...links.components.schemas, ...own.components.schemas },
    },
  }
}
