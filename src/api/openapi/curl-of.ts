import type { Document } from './json-schema.ts'
import type { DocumentedOperation } from './operations-of.ts'

/** The request of an operation's example for a terminal. */
export function curlOf({ servers }: Document, { method, path, operation }: DocumentedOperation): string {
  const parameters = operation.parameters ?? []
  const filled = path.replace(/\{(\w+)\}/g, (whole, name) => {
    const example = parameters.find((each) => each.in === 'path' && each.name === name)?.example
    return example === undefined ? whole : encodeURIComponent(String(example))
  })
  const [type, media] = Object.entries(operation.requestBody?.content ?? {})[0] ?? []
  const [way = {}] = operation.security ?? []
  const lines = [
    `curl ${method === 'GET' ? '' : `-X ${method} `}'${servers[0]?.url ?? ''}${filled}'`,
    ...('secretKey' in way ? ["-H 'Authorization: Bearer sk_…'"] : []),
    ...('publishableKey' in way ? ["-H 'Authorization: Bearer pk_…'"] : []),
    ...('session' in way ? ["-b 'ordermill_session=…'"] : []),
    ...(parameters.some(({ name }) => name === 'Idempotency-Key') ? ['-H "Idempotency-Key: $(uuidgen)"'] : []),
    ...(type ? [`-H 'Content-Type: ${type}'`] : []),
    ...(type === 'application/json' && media?.example !== undefined
      ? [`-d '${JSON.stringify(media.example).replaceAll("'", String.raw`'\''`)}'`]
      : []),
    ...(type === 'text/csv' ? ["--data-binary '@file.csv'"] : []),
    ...(type === 'multipart/form-data' ? ["-F 'file=@file.pdf'"] : []),
  ]
  return lines.join(' \\\n  ')
}
