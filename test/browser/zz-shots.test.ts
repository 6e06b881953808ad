import { mkdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { launchChromium } from './chromium.ts'
import { openShop, seller } from './shop.ts'

it('shots', async () => {
  const dir = process.env.SHOTS ?? 'shots'
  mkdirSync(dir, { recursive: true })
  const shop = await openShop()
  const browser = await launchChromium()
  const link = await shop.link(
    { title: 'A field guide to mushrooms', slug: 'mushrooms' },
    {
      description: 'All edible mushrooms of the northern forests, with drawings.\nRead it before you eat.',
      name: 'Field guide, second edition',
    },
  )
  const filePage = await shop.signedIn()
  const form = new FormData()
  form.append(
    'file',
    new Blob(['%PDF-1.7\n%âãÏÓ\n1 0 obj\n<<>>\nendobj\n']),
    'a very long file name of the field guide, second edition.pdf',
  )
  const up = await filePage.send('/dashboard/files', form)
  console.log('upload', up.status, up.headers.get('location'))
  const pending = await shop.order('mushrooms', 'pending@example.com')
  const sold = await shop.sold('mushrooms', 'a.very.long.address.of.a.buyer@some.long.domain.example.com')
  const failed = await shop.order('mushrooms', 'failed@example.com')
  await shop.api.confirm(failed.client_secret, 'pm_card_chargeDeclined')
  await shop.api.until(failed.id, (o: { state: string }) => o.state === 'payment_failed')
  const lic = await shop.link(
    { slug: 'licensed', title: 'Editor' },
    { name: 'Editor licence', licensed: true, delivery_content: 'Key: {licence_key}' },
  )
  const stuck = await shop.order('licensed', 'stuck@example.com')
  await shop.api.confirm(stuck.client_secret)
  await shop.api.until(stuck.id, (o: { attention?: unknown }) => Boolean(o.attention))
  await filePage.submit('/dashboard/webhooks', { url: `${shop.url}/nowhere`, description: 'test receiver' })
  const hooks = await (await filePage.get('/dashboard/webhooks')).text()
  const hook = /\/dashboard\/webhooks\/(whe_\w+)/.exec(hooks)?.[1]
  await filePage.submit(`/dashboard/webhooks/${hook}/test`, {})
  await shop.link({ slug: 'choice' }, { price: 50000, currency: 'MNT' })
  const d = await shop.order('mushrooms', 'doubt@example.com')
  await shop.api.confirm(d.client_secret, 'pm_card_riskLevelElevated')
  await shop.api.until(d.id, (o: { state: string }) => o.state === 'in_review')
  const pages: Record<string, string> = {
    checkout: '/c/mushrooms',
    pending: `/c/mushrooms/order/${pending.id}`,
    failed: `/c/mushrooms/order/${failed.id}`,
    delivered: `/c/mushrooms/order/${sold}`,
    missing: '/c/none',
    choice: '/c/choice',
    back: `/c/mushrooms/order/${pending.id}?back=1`,
    login: '/dashboard/login',
    orders: '/dashboard/orders',
    order: `/dashboard/orders/${sold}`,
    stuck: `/dashboard/orders/${stuck.id}`,
    refund: `/dashboard/orders/${sold}/refund`,
    products: '/dashboard/products',
    product: `/dashboard/products/${lic.product_id}`,
    newproduct: '/dashboard/products/new',
    links: '/dashboard/links',
    link: `/dashboard/links/${link.id}`,
    files: '/dashboard/files',
    revenue: '/dashboard/revenue',
    keys: '/dashboard/keys',
    people: '/dashboard/people',
    hooks: '/dashboard/webhooks',
    review: `/dashboard/orders/${d.id}`,
    hook: `/dashboard/webhooks/${hook}`,
  }
  for (const [width, scheme] of [
    [360, 'light'],
    [1200, 'dark'],
    [360, 'dark'],
    [1200, 'light'],
  ] as const) {
    const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme: scheme })
    const page = await context.newPage()
    page.on('console', (m) => {
      if (m.type() === 'error') console.log(page.url(), m.text())
    })
    for (const [name, path] of Object.entries(pages)) {
      if (name === 'orders') {
        await page.goto(`${shop.url}/dashboard/login`)
        await page.getByLabel('Email address').fill(seller.email)
        await page.getByLabel('Password').fill(seller.password)
        await page.getByRole('button', { name: 'Sign in' }).click()
      }
      const answer = await page.goto(`${shop.url}${path}`)
      if ((answer?.status() ?? 500) >= 400 && name !== 'missing')
        console.log(name, answer?.status(), await page.innerText('body'))
      const wide = await page.evaluate('document.documentElement.scrollWidth')
      if (Number(wide) > width) console.log(name, 'too wide', wide)
      await page.screenshot({ path: `${dir}/${name}-${width}-${scheme}.png`, fullPage: true })
    }
    await context.close()
  }
  await browser.close()
  await shop.close()
  expect(1).toBe(1)
}, 300_000)
