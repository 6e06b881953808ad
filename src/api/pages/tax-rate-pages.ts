import { html } from 'hono/html'
import { taxCategories } from '../../tax/tax-categories.ts'
import type { StoredTaxRate } from '../../tax/tax-rates.ts'
import { type FormState, formProblem, inputField, pager, selectField } from './elements.ts'
import type { Html, Page } from './page.ts'

type Filter = { country?: string; state?: string; category?: string; on?: string }

const categoryOptions = taxCategories.map((category) => ({ value: category, label: category }))

/** The rates that there are, as far as they were asked for, and a file in and out. */
export const taxRateListPage = (page: {
  filter: FormState
  rates: readonly StoredTaxRate[]
  after: string | undefined
  older: string | undefined
  /** What is wrong with the file that was sent, by line and column. */
  fileProblems: readonly string[]
  /** The rate whose end was refused, and why. */
  ending: { id: string; until: string; problem: string } | undefined
  done: string | undefined
}): Page => {
  const filter = page.filter.values as Filter
  return {
    title: 'Tax rates',
    body: html`<p class="crumb"><a href="/ops">Operations</a></p>
<div class="head"><h1>Tax rates</h1><a class="button main" href="/ops/new-tax-rate">Add one</a></div>
${page.done ? html`<p class="notice good" role="status">${page.done}</p>` : ''}
${page.fileProblems.length > 0 || page.ending ? html`<p role="alert">Please check the marked fields. Nothing was stored.</p>` : formProblem(page.filter)}
${filterForm(page.filter)}
${rateTable(page)}
${pager('/ops/tax-rates', { ...filter, after: page.after }, page.older)}
${files(filter, page.fileProblems)}`,
  }
}

const filterForm = (state: FormState): Html => html`<form method="get" action="/ops/tax-rates" class="filters">
${inputField({ name: 'country', label: 'Country', state, attributes: { maxlength: 2, autocapitalize: 'characters' } })}
${inputField({ name: 'state', label: 'State', state, attributes: { maxlength: 3, autocapitalize: 'characters' } })}
${selectField({ name: 'category', label: 'Category', state, options: [{ value: '', label: 'Any' }, ...categoryOptions] })}
${inputField({ name: 'on', label: 'Applies on', state, attributes: { type: 'date' } })}
<button>Show</button></form>`

const rateTable = ({ rates, ending }: Pick<Parameters<typeof taxRateListPage>[0], 'rates' | 'ending'>): Html =>
  rates.length === 0
    ? html`<p>No rate fits.</p>`
    : html`<ul class="rows">${rates.map((rate) => rateRow(rate, ending?.id === rate.id ? ending : undefined))}</ul>`

function rateRow(rate: StoredTaxRate, ending: { until: string; problem: string } | undefined): Html {
  const { id, validFrom, validUntil } = rate
  const name = placeOf(rate)
  return html`<li><div><p><strong>${name}</strong>, ${rate.category}</p>
<p class="soft small">from ${validFrom}${validUntil ? html` until before ${validUntil}` : ''}${rate.shippingTaxable ? '' : ' · shipping is free of it'}</p>
<details${ending ? html` open` : ''}><summary aria-label="End ${name}, ${rate.category}">End</summary>
<form method="post" action="/ops/tax-rates/${id}/end" class="filters">
<div><label for="until-${id}">First day without it</label>
<input id="until-${id}" name="until" type="date" required value="${ending?.until ?? ''}"${
    ending ? html` aria-invalid="true" aria-describedby="until-${id}-error"` : ''
  }>
${ending ? html`<p class="error" id="until-${id}-error">${ending.problem}</p>` : ''}</div>
<button aria-label="End ${name}, ${rate.category}">End it</button></form></details></div>
<div class="side"><span class="num">${rate.ratePpm / 10_000} %</span></div></li>`
}

const placeOf = ({ country, state, county, city, postalFrom, postalTo }: StoredTaxRate): string =>
  [country, state, county, city, postalFrom && (postalTo === postalFrom ? postalFrom : `${postalFrom}–${postalTo}`)]
    .filter(Boolean)
    .join(', ')

function files(filter: Filter, problems: readonly string[]): Html {
  const query = new URLSearchParams(Object.entries(filter).filter((pair): pair is [string, string] => Boolean(pair[1])))
  return html`<h2>As a file</h2>
<p><a href="/v2/tax-rates.csv${query.size > 0 ? `?${query}` : ''}" download>Download these rates as CSV</a></p>
<form method="post" action="/ops/tax-rates/import" enctype="multipart/form-data" class="fields">
<label for="file">Rates as CSV, with the columns of the download</label>
<input id="file" name="file" type="file" accept=".csv,text/csv" required aria-describedby="file-hint${problems.length > 0 ? ' file-error' : ''}"${problems.length > 0 ? html` aria-invalid="true"` : ''}>
<p class="hint" id="file-hint">All of it is stored, or nothing. A line of the same place, category and first day as a rate that is there changes it; other rates stay.</p>
${problems.length > 0 ? html`<ul class="error" id="file-error">${problems.map((problem) => html`<li>${problem}</li>`)}</ul>` : ''}
<p><button>Upload</button></p></form>`
}

/** The form of a new rate. */
export const taxRateFormPage = ({ state }: { state: FormState }): Page => ({
  title: 'New tax rate',
  body: html`<p class="crumb"><a href="/ops">Operations</a> <a href="/ops/tax-rates">Tax rates</a></p>
<h1>New tax rate</h1>
${formProblem(state)}
<form method="post" action="/ops/new-tax-rate" class="fields">
${inputField({ name: 'country', label: 'Country', hint: 'Two letters, such as DE.', state, attributes: { required: true, maxlength: 2, autocapitalize: 'characters' } })}
${inputField({ name: 'state', label: 'State (optional)', hint: 'Its code without the country, such as CA.', state, attributes: { maxlength: 3, autocapitalize: 'characters' } })}
${selectField({ name: 'category', label: 'Of what', hint: 'standard: goods. digital: downloads and services over a wire. reduced: books.', state, options: categoryOptions })}
${inputField({ name: 'rate', label: 'Percent', hint: 'Such as 19 or 8.875.', state, attributes: { required: true, inputmode: 'decimal', maxlength: 8 } })}
${selectField({ name: 'shippingTaxable', label: 'Shipping', state, options: shippingOptions })}
${inputField({ name: 'validFrom', label: 'First day', state, attributes: { type: 'date', required: true } })}
${inputField({ name: 'validUntil', label: 'First day without it (optional)', state, attributes: { type: 'date' } })}
<fieldset><legend>Below a state of the United States (optional)</legend>
${inputField({ name: 'county', label: 'County', state, attributes: { maxlength: 100 } })}
${inputField({ name: 'city', label: 'City', state, attributes: { maxlength: 100 } })}
${inputField({ name: 'postalFrom', label: 'First postal code', state, attributes: { maxlength: 5, inputmode: 'numeric' } })}
${inputField({ name: 'postalTo', label: 'Last postal code', state, attributes: { maxlength: 5, inputmode: 'numeric' } })}</fieldset>
<p><button class="main">Store it</button></p>
<p class="hint">A rate of the same place, kind and first day becomes what is said here.</p></form>`,
})

const shippingOptions = [
  { value: 'true', label: 'is taxed at this rate' },
  { value: 'false', label: 'is free of it' },
]
