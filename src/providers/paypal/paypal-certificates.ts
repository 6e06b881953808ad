import { X509Certificate } from 'node:crypto'
import { rootCertificates } from 'node:tls'
import { paypalRoot } from './paypal-roots.ts'
import { type PayPalSettings, paypalHosts } from './paypal-settings.ts'

const folder = '/v1/notifications/certs/'
const name = /^[\w-]{1,100}$/

/**
 * The address of a certificate, if it is one of PayPal's: whoever asks for another one wants us to call somebody else, or to believe them.
 * Where the API is the sandbox's, so are its certificates.
 */
export function certificateUrl(given: string, { apiBase }: Pick<PayPalSettings, 'apiBase'>): URL | undefined {
  const url = URL.parse(given)
  if (!url || given.length > 300 || url.username || url.password || url.search || url.hash) return undefined
  const base = new URL(apiBase)
  const isPayPal = url.protocol === 'https:' && url.port === '' && paypalHosts.has(url.hostname)
  const isSandbox = !paypalHosts.has(base.hostname) && url.origin === base.origin
  if (!isPayPal && !isSandbox) return undefined
  const start = isPayPal ? folder : `${base.pathname.replace(/\/$/, '')}${folder}`
  return url.pathname.startsWith(start) && name.test(url.pathname.slice(start.length)) ? url : undefined
}

const mostCertificates = 8
const pem = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]{1,16000}-----END CERTIFICATE-----/g

/** The certificates of a PEM file, the one that signs first; none where one of them cannot be read. */
export function readCertificates(file: string): X509Certificate[] {
  const blocks = file.match(pem) ?? []
  if (blocks.length > mostCertificates) return []
  try {
    return blocks.map((block) => new X509Certificate(block))
  } catch {
    return []
  }
}

const isValidAt = ({ validFromDate, validToDate }: X509Certificate, at: Date): boolean =>
  validFromDate <= at && at <= validToDate

const issued = (issuer: X509Certificate, certificate: X509Certificate): boolean =>
  issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)

/** Whether a certificate signs in the name of PayPal at that time, by what it says of itself. */
export function isPayPals(certificate: X509Certificate, at: Date): boolean {
  const names = certificate.subject.split('\n').filter((line) => line.startsWith('CN='))
  return names.length === 1 && /^CN=[a-z0-9.-]*\.paypal\.com$/.test(names[0] ?? '') && isValidAt(certificate, at)
}

/** Roots are many, and read when the first webhook comes. */
export function trustedRoots({ sandboxRoot }: Pick<PayPalSettings, 'sandboxRoot'>): () => X509Certificate[] {
  let roots: X509Certificate[] | undefined
  return () => {
    roots ??= [
      ...[...rootCertificates, paypalRoot].map((root) => new X509Certificate(root)),
      ...(sandboxRoot === undefined ? [] : [new X509Certificate(Buffer.from(sandboxRoot, 'base64'))]),
    ]
    return roots
  }
}

/** Whether the first of some certificates hangs on a trusted root, by way of the others, all valid at that time. */
export function hangsOnRoot(chain: readonly X509Certificate[], roots: readonly X509Certificate[], at: Date): boolean {
  const [leaf, ...others] = chain
  if (!leaf) return false
  let certificate = leaf
  for (let depth = 0; depth < mostCertificates; depth += 1) {
    const child = certificate
    if (roots.some((root) => isValidAt(root, at) && issued(root, child))) return true
    const next = others.find((other) => other !== child && isValidAt(other, at) && issued(other, child))
    if (!next) return false
    certificate = next
  }
  return false
}
