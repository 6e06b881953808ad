import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toGuide } from '../src/api/guides/read-guides.ts'
import { stripeEventTypes } from '../src/providers/stripe/stripe-events.ts'
import { type System, startSystem, stripeWebhookSecret } from './system.ts'

const run = promisify(execFile)
const folder = path.resolve(import.meta.dirname, '../docs/guides')
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.md'))
  .map((file) => path.basename(file, '.md'))
const read = (name: string) => readFileSync(path.join(folder, `${name}.md`), 'utf8')
const blocksOf = (text: string, kind: string) =>
  [...text.matchAll(new RegExp(`^\`\`\`${kind}\\n([^]*?)^\`\`\``, 'gm'))].map(([, block = '']) => block)

/** Commands that start everything, which `src/start.test.ts` does, or need somebody else's tool. */
const notRun = ['npm ci && npm start\n', 'stripe listen --forward-to localhost:3000/webhooks/stripe\n']

// Removes the risk that a newcomer copies a command which does not do what the guide says.
describe('the guides', () => {
  let system: System

  beforeAll(async () => {
    const keys = { BOOTSTRAP_SECRET_KEY: 'sk_test_demo', BOOTSTRAP_PUBLISHABLE_KEY: 'pk_test_demo' }
    system = await startSystem({ env: { ...keys, WEBHOOKS_ALLOW_PRIVATE: 'true' } })
  })
  afterAll(() => system?.close())

  /** The commands of a guide for this system; what a line says it prints stands before its output. */
  const scriptOf = (name: string) =>
    blocksOf(read(name), 'sh')
      .join('\n')
      .replaceAll('http://localhost:3000', system.url)
      .replaceAll('http://127.0.0.1:4010', system.sandbox.url)
      .replaceAll('whsec_sandbox', stripeWebhookSecret)
      .replace(
        /^(.*\S) +# prints (.+)$/gm,
        (_, command: string, text: string) => `${command} | sed 's|^|prints ${text}:|'`,
      )

  it.each(names.filter((name) => blocksOf(read(name), 'sh').length > 0))(
    '%s: every command does what it says',
    async (name) => {
      const script = `set -euo pipefail\n${scriptOf(name)}`
      const { stdout, stderr } = await run('bash', ['-c', script], { timeout: 60_000 })
      const promised = [...read(name).matchAll(/# prints (.+)$/gm)].map(([, text]) => text)
      const printed = [...stdout.matchAll(/^prints (.+)$/gm)].map(([, line = '']) => line)
      expect(printed, stdout + stderr).toEqual(promised.map((text) => `${text}:${text}`))
    },
    90_000,
  )

  it('show no other command', () => {
    for (const name of names) {
      expect(blocksOf(read(name), 'console').filter((block) => !notRun.includes(block))).toEqual([])
      expect(
        [...read(name).matchAll(/^```(\w+)$/gm)].filter(([, kind = '']) => !['sh', 'console', 'ts'].includes(kind)),
      ).toEqual([])
    }
  })

  it('name the events that Stripe has to send', () => {
    const named = [...read('going-live').matchAll(/`([a-z_]+(?:\.[a-z_]+)+)`/g)].map(([, type]) => type)
    expect(named.filter((type) => type !== 'docker-compose.yml')).toEqual([...stripeEventTypes])
  })

  it('are pages of ours, whose links and pictures lead somewhere', async () => {
    const list = await (await fetch(`${system.url}/docs/guides`)).text()
    for (const name of [...names, 'configuration']) {
      expect(list).toContain(`href="/docs/guides/${name}"`)
      const answer = await fetch(`${system.url}/docs/guides/${name}`)
      const policy = answer.headers.get('content-security-policy') ?? ''
      expect(policy).toMatch(/^default-src 'none';/)
      expect(policy).not.toContain('script-src')
      const page = await answer.text()
      expect(page).toContain(`<h1 id="`)
      for (const [, address = ''] of page.matchAll(/(?:href|src)="(?!https:|data:|#)([^"]+)"/g)) {
        const found = await fetch(new URL(address, answer.url))
        expect([address, found.status]).toEqual([address, 200])
      }
    }
    for (const name of ['none', 'none.svg', '..%2farchitecture', 'first-order.md'])
      expect((await fetch(`${system.url}/docs/guides/${name}`)).status).toBe(404)
  })

  it('hold nothing that a page of ours may not, whoever writes one', () => {
    const { html } = toGuide(
      'x',
      '# Hi\n<script>x()</script><img src=x onerror=x()>\n[a](javascript:x)\n<style>*{}</style><iframe></iframe>',
    )
    expect(html).toContain('<h1 id="hi">Hi</h1>')
    expect(html).not.toMatch(/script|onerror|style|iframe/)
  })

  it('show each operation of each document with its parameters, example and request, and no other', async () => {
    const get = (path: string) => fetch(`${system.url}${path}`)
    const policy = (await get('/docs')).headers.get('content-security-policy') ?? ''
    expect(policy).toMatch(/^default-src 'none';/)
    expect(policy).not.toMatch(/https?:|\*|unsafe/)
    for (const of of ['ordermill', 'digital-river', 'checkout-links']) {
      const list = await (await get(`/docs?of=${of}`)).text()
      expect(list).not.toContain('<details open')
      const addresses = [...list.matchAll(/<a href="(\/docs\/operations\/[^"]+)"/g)].map(([, address = '']) => address)
      expect(addresses.length).toBeGreaterThan(5)
      for (const address of addresses) {
        const answer = await get(address)
        expect([address, answer.status]).toEqual([address, 200])
        expect(await answer.text()).toContain('<pre tabindex="0"><code>curl ')
      }
    }
    const refund = await (await get('/docs/operations/createRefund')).text()
    for (const part of ['POST /v2/refunds', 'Idempotency-Key', 'Authorization: Bearer sk_…', '<code>orderId</code>'])
      expect(refund).toContain(part)
    for (const path of ['/docs/operations/none', '/docs/operations/createRefund?of=checkout-links'])
      expect((await get(path)).status).toBe(404)
  })

  it('are found by their words with every operation, also misspelt, and nothing is taken for markup', async () => {
    const find = async (words: string) =>
      (await fetch(`${system.url}/docs/search?q=${encodeURIComponent(words)}`)).text()
    expect(await find('idempotency')).toContain('href="/docs/guides/idempotency#idempotency"')
    expect(await find('refnd')).toContain('href="/docs/operations/createRefund"')
    expect(await find('WORKER_CONCURRENCY')).toContain('/docs/guides/configuration#configuration')
    expect(await find('stripe listen')).toContain('/docs/guides/going-live#webhooks-on-your-machine')
    expect(await find('zzzzzz')).toContain('Nothing was found')
    expect(await find('"><b>x')).not.toContain('<b>x')
    expect(await find('')).toContain('Nothing was found')
  })
})
