import type { CardForm } from '../../../providers/provider.ts'
import type { Page } from '../page.ts'

/** What Stripe asks of a page with its elements: https://docs.stripe.com/security/guide#content-security-policy */
export const cardFrames = (form: CardForm): Pick<Page, 'payBy'> & { allow: NonNullable<Page['allow']> } => ({
  allow: {
    'script-src': [new URL(form.script).origin],
    'frame-src': ['https://js.stripe.com', 'https://*.js.stripe.com', 'https://hooks.stripe.com'],
    'connect-src': ['https://api.stripe.com', new URL(form.script).origin],
    'img-src': ['https://*.stripe.com'],
  },
  payBy: ['https://js.stripe.com', 'https://pay.google.com'],
})
