import { html } from 'hono/html'
import type { ApiError, ErrorCode } from '../../platform/errors.ts'

const words: Partial<Record<ErrorCode, [title: string, sentence: string]>> = {
  not_found: ['Nothing here', 'This page does not exist, or it is not for you. Please check the address.'],
  link_expired: ['This offer has ended', 'It cannot be bought any more. Orders that were paid are not affected.'],
  out_of_stock: ['Sold out', 'Everything of this offer is sold. Nothing was charged.'],
  link_used_up: ['Sold out', 'Everything of this offer is sold. Nothing was charged.'],
  too_many_requests: ['One moment, please', 'Too many orders came from your network. Try again in a minute.'],
  forbidden: ['Not sent', 'This form was sent by another site, so nothing was done.'],
  order_not_payable: [
    'This order cannot be paid any more',
    'It was paid, cancelled or has expired. Nothing was charged.',
  ],
  payment_under_way: [
    'Your payment is on its way',
    'It has been seen and is being confirmed. Your order goes on by itself as soon as it has arrived.',
  ],
  payment_refused: [
    'The payment could not be started',
    'Nothing was charged. Please try again, or another way to pay.',
  ],
  payment_method_unavailable: ['This cannot be paid at the moment', 'Nothing was charged. Please come back later.'],
  database_unavailable: ['Back in a moment', 'The service is not available. Nothing was lost; try again shortly.'],
  provider_unavailable: [
    'Back in a moment',
    'The payment provider does not answer. Nothing was charged; try again shortly.',
  ],
  internal_server_error: ['That is our fault', 'Something went wrong on our side. Please try again.'],
}

/** A refusal as a page: what happened, in a sentence, and where to go on. */
export const problemPage = (error: ApiError, back: { href: string; label: string } | undefined) => {
  const [title, sentence] = words[error.code] ?? ['That did not work', error.message]
  return {
    title,
    body: html`<div class="shop">
<h1>${title}</h1>
<p>${sentence}</p>
${back ? html`<p><a href="${back.href}">${back.label}</a></p>` : ''}
</div>`,
  }
}
