import { html } from 'hono/html'
import type { MailHead, MailView } from '../../notifications/read-mails.ts'
import { time } from './elements.ts'
import type { Page } from './page.ts'

const kindNames: Record<MailHead['kind'], string> = {
  delivery: 'Delivery',
  shipped: 'Shipped',
  order_links: 'Orders sent again',
  order_confirmation: 'Confirmation',
  payment_instructions: 'How to pay',
  charge_failed: 'Payment failed',
  blocked: 'Not completed',
  cancelled: 'Cancelled',
  items_cancelled: 'Items cancelled',
  invoice: 'Invoice',
  refund: 'Refund',
  refund_claim: 'Refund to fetch',
}

const stateNames: Record<MailHead['state'], string> = {
  pending: 'not sent yet',
  sent: 'sent',
  kept: 'kept',
  withheld: 'withheld: too many to this address',
}

const crumb = html`<p class="crumb"><a href="/ops">Operations</a></p>`

/** The mails to buyers, newest first. */
export const mailboxPage = (page: { mails: readonly MailHead[]; older: string | undefined; sends: boolean }): Page => ({
  title: 'Mailbox',
  body: html`${crumb}
<h1>Mailbox</h1>
<p>${
    page.sends
      ? 'Mails to buyers, newest first.'
      : 'No mail server is configured (SMTP_URL): mails to buyers are kept here and sent to nobody.'
  }</p>
${
  page.mails.length === 0
    ? html`<p>No mail yet.</p>`
    : html`<ul class="rows">${page.mails.map(
        (
          mail,
        ) => html`<li><div><p><a href="/ops/mailbox/${mail.id}"><strong>${kindNames[mail.kind]}</strong> to ${recipientOf(mail)}</a></p>
<p class="soft small">Order <code>${mail.orderId}</code></p></div>
<div class="side">${stateNames[mail.state]}<br>${time(mail.createdAt, 'en')}</div></li>`,
      )}</ul>`
}
${page.older ? html`<p><a href="/ops/mailbox?before=${page.older}">Older mails</a></p>` : ''}`,
})

/** One mail. What it says is a buyer's business: production does not show it. */
export const mailPage = (mail: MailView, { readable }: { readable: boolean }): Page => ({
  title: 'Mail',
  body: html`<p class="crumb"><a href="/ops/mailbox">Mailbox</a></p>
<h1>${kindNames[mail.kind]}</h1>
<dl>
<div><dt>To</dt><dd>${recipientOf(mail)}</dd></div>
<div><dt>Order</dt><dd><code>${mail.orderId}</code></dd></div>
<div><dt>State</dt><dd>${stateNames[mail.state]}</dd></div>
<div><dt>Written</dt><dd>${time(mail.createdAt, 'en')}</dd></div>
</dl>
${readable ? content(mail) : html`<p>In production nobody reads the buyers' mails here.</p>`}`,
})

// The frame may do nothing: no scripts, no forms, no addresses of its own; the page's policy holds inside it too.
const content = ({ subject, text, html: markup }: MailView) =>
  text === null
    ? html`<p>Its person asked to be forgotten.</p>`
    : html`<h2>${subject}</h2>
<iframe sandbox="" title="The mail as it looks" srcdoc="${markup ?? ''}" width="100%" height="480"></iframe>
<h2>As plain text</h2>
<pre tabindex="0" class="scroll">${text}</pre>`

const recipientOf = ({ recipient }: MailHead) => recipient ?? 'somebody who was forgotten'
