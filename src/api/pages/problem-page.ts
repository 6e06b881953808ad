import { html } from 'hono/html'
import type { ApiError, ErrorCode } from '../../platform/errors.ts'

const words: Partial<Record<ErrorCode, [title: string, sentence: string]>> = {
  not_found: ['Nothing here', 'This page does not exist, or it is not for you. Please check the address.'],
  too_many_requests: ['One moment, please', 'Too much was asked for from your network. Try again in a minute.'],
  forbidden: ['Not sent', 'This form was sent by another site, so nothing was done.'],
  payload_too_large: ['Too much at once', 'What was sent is larger than can be taken. Nothing was done.'],
  database_unavailable: ['Back in a moment', 'The service is not available. Nothing was lost; try again shortly.'],
  internal_server_error: ['That is our fault', 'Something went wrong on our side. Please try again.'],
}

/** A refusal as a page of sellers and operators: what happened, in a sentence, and where to go on. */
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
