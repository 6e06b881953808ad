import type { X509Certificate } from 'node:crypto'
import { ProviderError } from '../../platform/provider-error.ts'
import { readCertificates } from './paypal-certificates.ts'

/** `missing`: PayPal has no such certificate. `unavailable`: it could not be had now. */
type Found = X509Certificate[] | 'missing' | 'unavailable'

const longestFile = 65_536
const keptMs = 24 * 3_600_000
const failureKeptMs = 30_000
const mostKept = 32
const mostAtOnce = 4

/**
 * Fetches certificates, each once for a day; what cannot be had is asked for again after half a minute. Addresses come from whoever sends:
 * many of them at once are nobody's webhooks, and are put off. @throws ProviderError `unavailable`
 */
export function createCertificateStore(timeoutMs: number): (url: URL) => Promise<Found> {
  const kept = new Map<string, { found: Promise<Found>; until: number }>()
  let underWay = 0
  const fetchOnce = async (url: URL): Promise<Found> => {
    underWay += 1
    try {
      return await fetchCertificates(url, timeoutMs)
    } finally {
      underWay -= 1
    }
  }
  return async ({ href }) => {
    const known = kept.get(href)
    if (known && known.until > Date.now()) return known.found
    if (underWay >= mostAtOnce) throw new ProviderError('paypal', 'unavailable', 'certificates_busy', { outage: false })
    const found = fetchOnce(new URL(href))
    const entry = { found, until: Date.now() + keptMs }
    kept.delete(href)
    kept.set(href, entry)
    const [oldest] = kept.keys()
    if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest)
    if (typeof (await found) === 'string') entry.until = Date.now() + failureKeptMs
    return found
  }
}

async function fetchCertificates({ href }: URL, timeoutMs: number): Promise<Found> {
  const { request } = await import('undici')
  try {
    const { statusCode, body } = await request(href, { method: 'GET', signal: AbortSignal.timeout(timeoutMs) })
    const chunks: Buffer[] = []
    let size = 0
    for await (const chunk of body) {
      size += chunk.length
      // Leaving the loop ends the connection.
      if (size > longestFile) return 'unavailable'
      chunks.push(chunk)
    }
    if (statusCode === 404) return 'missing'
    // A redirect leads to an address that nobody has looked at.
    if (statusCode !== 200) return 'unavailable'
    const certificates = readCertificates(Buffer.concat(chunks).toString('latin1'))
    return certificates.length > 0 ? certificates : 'unavailable'
  } catch {
    return 'unavailable'
  }
}
