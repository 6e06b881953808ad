import { createPublicKey, X509Certificate } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { rootCertificate, signingCertificate } from '../../../sandbox/paypal/certificates.ts'
import { certificateName, paypalSignature } from '../../../sandbox/paypal/signature.ts'
import {
  expired,
  foreignRoot,
  forged,
  intermediate,
  noIssuer,
  otherName,
  underIntermediate,
  underNoIssuer,
} from '../../../test/paypal-certificates.ts'
import { alwaysClosed } from '../../platform/breakers.ts'
import { certificateUrl, hangsOnRoot, isPayPals, readCertificates, trustedRoots } from './paypal-certificates.ts'
import { createPayPalClient } from './paypal-client.ts'
import { sandboxRoot } from './paypal-roots.ts'
import { readPayPalSettings } from './paypal-settings.ts'
import { createSignatureCheck, isSigned, signedMessage } from './paypal-signatures.ts'

/** A real delivery that PayPal's Python library publishes; its certificate is not there, so that only the message can be checked. */
const published = {
  id: 'dfb3be50-fd74-11e4-8bf3-77339302725b',
  time: '2015-05-18T15:45:13Z',
  webhookId: '4JH86294D6297924G',
  certificate: 'https://api.sandbox.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-a5cafa77',
  body: '{"id":"WH-0G2756385H040842W-5Y612302CV158622M","create_time":"2015-05-18T15:45:13Z","resource_type":"sale","event_type":"PAYMENT.SALE.COMPLETED","summary":"Payment completed for $ 20.0 USD","resource":{"id":"4EU7004268015634R","create_time":"2015-05-18T15:44:02Z","update_time":"2015-05-18T15:44:21Z","amount":{"total":"20.00","currency":"USD"},"payment_mode":"INSTANT_TRANSFER","state":"completed","protection_eligibility":"ELIGIBLE","protection_eligibility_type":"ITEM_NOT_RECEIVED_ELIGIBLE,UNAUTHORIZED_PAYMENT_ELIGIBLE","parent_payment":"PAY-86C81811X5228590KKVNARQQ","transaction_fee":{"value":"0.88","currency":"USD"},"links":[{"href":"https://api.sandbox.paypal.com/v1/payments/sale/4EU7004268015634R","rel":"self","method":"GET"},{"href":"https://api.sandbox.paypal.com/v1/payments/sale/4EU7004268015634R/refund","rel":"refund","method":"POST"},{"href":"https://api.sandbox.paypal.com/v1/payments/payment/PAY-86C81811X5228590KKVNARQQ","rel":"parent_payment","method":"GET"}]},"links":[{"href":"https://api.sandbox.paypal.com/v1/notifications/webhooks-events/WH-0G2756385H040842W-5Y612302CV158622M","rel":"self","method":"GET"},{"href":"https://api.sandbox.paypal.com/v1/notifications/webhooks-events/WH-0G2756385H040842W-5Y612302CV158622M/resend","rel":"resend","method":"POST"}]}',
  message: 'dfb3be50-fd74-11e4-8bf3-77339302725b|2015-05-18T15:45:13Z|4JH86294D6297924G|2771810304',
}

/** The same message under a key that somebody made up. */
const generated = {
  key: '-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAsdiIBxoz3u3b8I7gyD7x\nEJxLusWn7G4OC7bv43xf9UzOLGVy84L6cfobtVUx32DXWYIumrXeSWWiCzqM/0Kl\nAvONvYtupGsBuNCMvQbaMIznihy0MGanL5bOb4Sralmd5p4Ivyc0nYpcTcaQb5JN\nbD6TExyWsw1S33wM7sHfZQY+EMyKegFTgIrHwEczAtRYoVHzMxVEdWLx/dwavfgj\nS+vNojwlmywp9cC5vP9IeQvy7Dw1lLSHQRxbXNAD0XiRfUFaPwclDl4kGiw+WAuv\noTDHjINLgG3zb+1zhnO7XZDZxR8WAv801PHjul4e//9boy47tz8SpD/3bWpTAZqh\nZwIDAQAB\n-----END PUBLIC KEY-----\n',
  signature:
    'GLDx8Ovyny1nVECHeNLuVsjpfkZMjLmu5tIRIFkZ70jWZfVzpuajCtARYMWnbHChg7DqI5jXUnPS7fIDyp5BAh3RueQujAzNLS1YCMcn2moi07niYXcj7D8xQfjBI0dUg02mqMI/KTmptTRJNrcUxja3zpe9uP2ObcYrvvDDVq1iQSEjZ2U/Ic4GevHlXi+ryoci09cOukevszgJjrPGkfLRfLZc7XoEkC5u2UMf/nKg2myd0U65TkbPi1Tf/ZQEcny+fBTAASmGZCD2J4eRZV3s5+1HUjNQSUxtwyvQCZGjCJbLOce/AbijGrB7BdnP91RPbGIMr8vycZiJpIRMGg==',
}

const webhookId = '5ANDB0XWEBH00K1D7'
const body = '{"id":"WH-1","event_type":"CHECKOUT.ORDER.APPROVED","resource":{"id":"5O1"}}'

/** An HTTP server that counts what it is asked. */
async function listen(answer: (path: string, text: string) => { status: number; body: string; headers?: object }) {
  const asked: string[] = []
  const server: Server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      asked.push(request.url ?? '')
      const { status, body, headers } = answer(request.url ?? '', Buffer.concat(chunks).toString())
      response.writeHead(status, { ...headers }).end(body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const close = () => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  }
  return { url, asked, close }
}

const settingsFor = (url: string, root = sandboxRoot) => {
  const settings = readPayPalSettings({
    PAYPAL_CLIENT_ID: 'client',
    PAYPAL_CLIENT_SECRET: 'secret',
    PAYPAL_WEBHOOK_ID: `0LDWEBH00K1D,${webhookId}`,
    PAYPAL_API_BASE: `${url}/paypal`,
    PAYPAL_SANDBOX_ROOT: root,
  })
  if (!settings) throw new Error('PayPal is switched off')
  return settings
}

// Removes the risk that a stranger's webhook is believed, or that a stranger makes us call whom they want.
describe('the signature of PayPal’s webhooks', () => {
  let api: Awaited<ReturnType<typeof listen>>
  let stranger: Awaited<ReturnType<typeof listen>>
  let certificate: { status: number; body: string; headers?: object }
  let verdict: (question: string) => { status: number; body: string }
  let questions: string[]

  beforeEach(async () => {
    certificate = { status: 200, body: signingCertificate }
    verdict = () => ({ status: 200, body: '{"verification_status":"FAILURE"}' })
    questions = []
    api = await listen((path, text) => {
      if (path.includes('/certs/')) return certificate
      if (path.endsWith('/token')) return { status: 200, body: '{"access_token":"token","expires_in":32400}' }
      questions.push(text)
      return verdict(text)
    })
    stranger = await listen(() => ({ status: 200, body: signingCertificate }))
  })
  afterEach(async () => {
    await api.close()
    await stranger.close()
  })

  const checking = (root?: string) => {
    const settings = settingsFor(api.url, root)
    return createSignatureCheck(settings, createPayPalClient(settings, 1_000, alwaysClosed), 1_000)
  }
  const signed = (text = body) => paypalSignature(webhookId, text, api.url)
  const ask = (headers: Record<string, string>, text = body, check = checking()) => check(text, new Headers(headers))

  it('is over the message that PayPal publishes, and over nothing else', () => {
    const { id, time, webhookId: registered, body: text, message } = published
    expect(signedMessage({ id, time }, registered, text)).toBe(message)
    const key = createPublicKey(generated.key)
    expect(isSigned(key, message, generated.signature)).toBe(true)
    expect(isSigned(key, `${message} `, generated.signature)).toBe(false)
    expect(certificateUrl(published.certificate, { apiBase: 'https://api-m.paypal.com' })?.href).toBe(
      published.certificate,
    )
  })

  it('is believed, whichever of our registrations it is for, with one call for its certificate', async () => {
    const check = checking()
    expect(await ask(signed(), body, check)).toBe(true)
    expect(await ask(signed(), body, check)).toBe(true)
    expect(api.asked).toEqual([`/paypal/v1/notifications/certs/${certificateName}`])
    expect(await ask(paypalSignature('AN0THERWEBH00K', body, api.url), body, check)).toBe(false)
  })

  it('is refused with any byte of the body changed', async () => {
    const check = checking()
    const headers = signed()
    for (let at = 0; at < body.length; at += 1) {
      const other = `${body.slice(0, at)}${body[at] === 'x' ? 'y' : 'x'}${body.slice(at + 1)}`
      expect(await ask(headers, other, check), `byte ${at}`).toBe(false)
    }
    expect(await ask(headers, `${body} `, check)).toBe(false)
    expect(questions).toEqual([])
  })

  it('is refused with any byte of a header changed, and without any of them', async () => {
    const check = checking()
    const headers = signed()
    for (const [name, value] of Object.entries(headers)) {
      const { [name]: _, ...others } = headers
      expect(await ask(others, body, check), `without ${name}`).toBe(false)
      // An address with another name leads to the same certificate here; what it may be is tested below.
      if (name === 'paypal-cert-url') continue
      // The last characters of base64 may say the same as others.
      for (let at = 0; at < value.replace(/=+$/, '').length - 1; at += 1) {
        const other = `${value.slice(0, at)}${value[at] === '0' ? '1' : '0'}${value.slice(at + 1)}`
        expect(await ask({ ...headers, [name]: other }, body, check), `${name} ${at}`).toBe(false)
      }
    }
  })

  it('fetches no certificate that is not PayPal’s, and asks nobody about it', async () => {
    const path = `/paypal/v1/notifications/certs/${certificateName}`
    const { host } = new URL(api.url)
    for (const url of [
      `${stranger.url}${path}`,
      `${stranger.url}/v1/notifications/certs/CERT-1`,
      `${api.url}/v1/notifications/certs/CERT-1`,
      `${api.url}/paypal/v1/notifications/certs/../certs-of-mine/CERT-1`,
      `${api.url}${path}/more`,
      `${api.url}${path}?x=1`,
      `${api.url}${path}#x`,
      `https://${host}${path}`,
      `http://me@${host}${path}`,
      `http://${host}@${new URL(stranger.url).host}${path}`,
      `http://api.paypal.com/v1/notifications/certs/CERT-1`,
      `https://api.paypal.com:8443/v1/notifications/certs/CERT-1`,
      `https://api.paypal.com.example.com/v1/notifications/certs/CERT-1`,
      `https://evil-api.paypal.com/v1/notifications/certs/CERT-1`,
      `https://www.paypal.com/v1/notifications/certs/CERT-1`,
      `https://api.paypal.com/v1/other/CERT-1`,
      `https://api.paypal.com/v1/notifications/certs/%2e%2e%2fCERT-1`,
      `file:///etc/passwd`,
      '',
    ])
      expect([url, await ask({ ...signed(), 'paypal-cert-url': url })]).toEqual([url, false])
    expect([api.asked, stranger.asked, questions]).toEqual([[], [], []])
  })

  it('lets the sandbox’s certificates count nowhere but at the sandbox', () => {
    const real = { PAYPAL_CLIENT_ID: 'client', PAYPAL_CLIENT_SECRET: 'secret', PAYPAL_SANDBOX_ROOT: sandboxRoot }
    expect(readPayPalSettings(real)).toMatchObject({ sandboxRoot: undefined, liveMode: true })
    const sandbox = { ...real, PAYPAL_API_BASE: 'https://api-m.sandbox.paypal.com' }
    expect(readPayPalSettings(sandbox)).toMatchObject({ sandboxRoot: undefined, liveMode: false })
    expect(certificateUrl(`${api.url}/v1/notifications/certs/CERT-1`, { apiBase: 'https://api-m.paypal.com' })).toBe(
      undefined,
    )
    expect(new X509Certificate(rootCertificate).raw.toString('base64')).toBe(sandboxRoot)
  })

  it.each([301, 302, 307, 308])('follows no redirect with status %s', async (status) => {
    certificate = { status, body: '', headers: { location: `${stranger.url}/v1/notifications/certs/CERT-1` } }
    expect(await ask(signed())).toBe(false)
    expect(stranger.asked).toEqual([])
  })

  it('reads no certificate without end, and none that is no certificate', async () => {
    for (const text of [`${'x'.repeat(70_000)}${signingCertificate}`, 'nothing', signingCertificate.slice(0, 500)]) {
      certificate = { status: 200, body: text }
      expect(await ask(signed())).toBe(false)
    }
    expect(questions).toHaveLength(6)
    expect(readCertificates(signingCertificate.repeat(9))).toEqual([])
  })

  it('does not ask about a certificate that PayPal does not have', async () => {
    certificate = { status: 404, body: '{}' }
    expect(await ask(signed())).toBe(false)
    expect(questions).toEqual([])
  })

  it('asks PayPal where the certificate cannot be had, with the very text that came', async () => {
    certificate = { status: 500, body: '' }
    const text = '{ "id" : "WH-1",\n"event_type":"X", "resource":{"amount":"1.00","n":1.0} }'
    verdict = (question) => {
      const { webhook_id, transmission_id } = JSON.parse(question)
      const isOurs = webhook_id === webhookId && transmission_id && question.endsWith(`"webhook_event":${text}}`)
      return { status: 200, body: JSON.stringify({ verification_status: isOurs ? 'SUCCESS' : 'FAILURE' }) }
    }
    expect(await ask(signed(text), text)).toBe(true)
    expect(questions).toHaveLength(2)
  })

  it('lets no body speak for itself when it is put in', async () => {
    certificate = { status: 500, body: '' }
    verdict = () => ({ status: 200, body: '{"verification_status":"SUCCESS"}' })
    for (const text of [`${body},"webhook_id":"MINE"`, `${body}}, {"a":1`, '', 'x'])
      expect([text, await ask(signed(text), text)]).toEqual([text, false])
    expect(questions).toEqual([])
  })

  it('puts off many certificates at once, which are nobody’s webhooks, and asks nobody about them', async () => {
    certificate = { status: 500, body: '' }
    const check = checking()
    const many = Array.from({ length: 40 }, (_, at) => ({
      ...signed(),
      'paypal-cert-url': `${api.url}/paypal/v1/notifications/certs/CERT-${at}`,
    }))
    const ends = await Promise.allSettled(many.map((headers) => ask(headers, body, check)))
    expect(ends.filter(({ status }) => status === 'rejected')).toHaveLength(36)
    expect(api.asked.filter((path) => path.includes('/certs/'))).toHaveLength(4)
  })

  it('is not known while neither certificate nor PayPal can be had', async () => {
    certificate = { status: 500, body: '' }
    verdict = () => ({ status: 503, body: '' })
    await expect(ask(signed())).rejects.toThrow('paypal unknown: http_503')
  })

  it('asks PayPal where the certificate hangs on a root that is not known here', async () => {
    expect(await ask(signed(), body, checking(''))).toBe(false)
    expect(questions).toHaveLength(2)
    verdict = () => ({ status: 200, body: '{"verification_status":"SUCCESS"}' })
    expect(await ask(signed(), body, checking(''))).toBe(true)
  })
})

// Removes the risk that a certificate is believed because of what it says of itself.
describe('certificates of PayPal', () => {
  const roots = trustedRoots({ sandboxRoot })()
  const at = new Date('2026-12-01T00:00:00Z')
  const hangs = (...pems: string[]) => hangsOnRoot(readCertificates(pems.join('\n')), roots, at)
  const one = (pem: string) => new X509Certificate(pem)

  it('hang on a known root, directly or by others that may issue', () => {
    expect(hangs(signingCertificate)).toBe(true)
    expect(hangs(underIntermediate, intermediate)).toBe(true)
    expect(hangs(underIntermediate, forged, intermediate, rootCertificate)).toBe(true)
    expect(hangsOnRoot([one(signingCertificate)], trustedRoots({ sandboxRoot: undefined })(), at)).toBe(false)
  })

  it('do not hang on what they bring along, on what may issue nothing, or on a root of the same name', () => {
    expect(hangs(underIntermediate)).toBe(false)
    expect(hangs(forged)).toBe(false)
    expect(hangs(forged, foreignRoot)).toBe(false)
    expect(hangs(forged, rootCertificate)).toBe(false)
    expect(hangs(underNoIssuer, noIssuer)).toBe(false)
    expect(hangsOnRoot([], roots, at)).toBe(false)
  })

  it('are PayPal’s by their name, at a time at which they are valid', () => {
    expect(isPayPals(one(signingCertificate), at)).toBe(true)
    expect(isPayPals(one(otherName), at)).toBe(false)
    expect(isPayPals(one(rootCertificate), at)).toBe(false)
    expect(isPayPals(one(expired), at)).toBe(false)
    expect(isPayPals(one(expired), new Date('2020-06-01T00:00:00Z'))).toBe(true)
    expect(hangsOnRoot([one(underIntermediate), one(intermediate)], roots, new Date('2126-06-01T00:00:00Z'))).toBe(
      false,
    )
  })
})
