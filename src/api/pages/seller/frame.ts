import { html } from 'hono/html'

/** Whose dashboard it is. */
export type Member = { userId: string; email: string; merchantId: string; merchantName: string; locale: string }

const sections = [
  ['orders', 'Orders'],
  ['products', 'Products'],
  ['links', 'Links'],
  ['files', 'Files'],
  ['revenue', 'Revenue'],
  ['balance', 'Balance'],
  ['webhooks', 'Webhooks'],
  ['keys', 'API keys'],
  ['people', 'People'],
] as const
export type Section = (typeof sections)[number][0]

/** The bar above every page of the dashboard. */
export const frame = (
  member: Member,
  current: Section | undefined,
) => html`<a class="skip" href="#main">Skip to content</a>
<header class="bar">
<strong>${member.merchantName}</strong>
<form method="post" action="/dashboard/logout">${member.email} <button>Sign out</button></form>
<nav class="tabs" aria-label="Dashboard"><ul>${sections.map(
  ([section, label]) =>
    html`<li><a href="/dashboard/${section}"${section === current ? html` aria-current="page"` : ''}>${label}</a></li>`,
)}</ul></nav>
</header>`
