import { html } from 'hono/html'

/** A sign-in form. `next` is where to go afterwards; it must be checked by the caller. */
export const loginPage = (page: {
  next: string
  email?: string
  problem?: string
  action?: '/ops/login' | '/dashboard/login'
}) => {
  const { action = '/ops/login' } = page
  return {
    title: 'Sign in',
    narrow: true,
    body: html`<h1>${action === '/ops/login' ? 'Ordermill operations' : 'Sign in to your shop'}</h1>
${page.problem ? html`<p role="alert">${page.problem}</p>` : ''}
<form method="post" action="${action}">
<input type="hidden" name="next" value="${page.next}">
<label for="email">Email address</label>
<input id="email" name="email" type="email" autocomplete="username" required value="${page.email ?? ''}">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button>Sign in</button>
</form>`,
  }
}
