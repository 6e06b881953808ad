import { html } from 'hono/html'
import { type ErrorCode, errorCodes } from '../../../platform/errors.ts'

/** What a form has done, by the code that its redirect carries. Nothing else from an address is ever shown. */
const done = {
  retried: 'It is being delivered again.',
  'task-retried': 'The task runs again.',
  overridden: 'This order delivers the new content now.',
  delivered: 'The order counts as delivered.',
  refunding: 'The refund is on its way. It shows here as soon as the payment provider has confirmed it.',
  approved: 'Approved. The order goes on.',
  blocked: 'Blocked. Nothing is delivered, and money that was paid goes back.',
  'product-saved': 'The product is saved.',
  'offers-saved': 'Prices and stock are saved.',
  'variant-added': 'The variant is on sale.',
  'brand-saved': 'Saved. Your buyers see it from now on.',
  'product-archived': 'The product is off sale. Orders keep what they bought.',
  'mock-up-asked': 'Printful is asked for a picture. It is the product’s as soon as it is made.',
  'product-restored': 'The product is on sale again.',
  shipped: 'Marked as sent. What was held of the money for it is taken.',
  'evidence-sent': 'The bank has it. What it decides stands here.',
  'calling-off': 'The carrier is asked to take it back. What it answers stands at the parcel.',
  'sending-again': 'It is sent again: the new label or print job is on its way.',
  'keys-imported': 'The licence keys are in the pool.',
  'keys-known': 'All of these keys were in the pool already.',
  'link-saved': 'The link is saved.',
  'link-on': 'The link sells again.',
  'link-off': 'The link does not sell any more.',
  uploaded: 'The file is stored.',
  'key-revoked': 'The key is revoked. It stops working within five seconds.',
  'key-origins': 'Saved. Other sites stop working within five seconds.',
  removed: 'Removed.',
  'factor-off': 'The second factor is off: your password is enough.',
  'note-saved': 'The note is saved.',
  'tags-saved': 'The tags are saved.',
  'address-changed': 'The order goes to the new address. Neither tax nor shipping was calculated again.',
  'role-changed': 'The role is changed.',
  'password-changed': 'Your password is changed. Other browsers are signed out.',
  'endpoint-on': 'Events are sent again.',
  'endpoint-off': 'Nothing is sent to this endpoint any more.',
  redelivered: 'The event is being sent again.',
  'test-sent': 'A test event is on its way.',
} as const
export type DoneCode = keyof typeof done

const isDone = (code: string): code is DoneCode => Object.hasOwn(done, code)
const isProblem = (code: string): code is keyof typeof errorCodes => Object.hasOwn(errorCodes, code)

/** Where the API speaks of parameters, a page speaks of forms. */
const sentences: Partial<Record<ErrorCode, string>> = {
  invalid_parameter: 'Something in this form is not valid, so nothing was changed.',
  missing_parameter: 'This form was empty, so nothing was changed.',
  file_required: 'Please choose a file that is not empty.',
  in_use: 'You cannot remove yourself.',
  endpoint_disabled: 'Nothing is sent to this endpoint. Turn it on first.',
}

/** The message of the last form, by `?done=` or `?problem=`; unknown codes say nothing. */
export function flash(query: { done?: string | undefined; problem?: string | undefined }) {
  if (query.problem && isProblem(query.problem)) {
    return html`<p role="alert">${sentences[query.problem] ?? errorCodes[query.problem][1]}</p>`
  }
  if (query.done && isDone(query.done)) return html`<p class="notice good" role="status">${done[query.done]}</p>`
  return ''
}
