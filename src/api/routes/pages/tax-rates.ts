import type { Context } from 'hono'
import { ApiError } from '../../../platform/errors.ts'
import { rateColumns, readRatesCsv, readWrittenRate, toWritten, type WrittenRate } from '../../../tax/read-rates-csv.ts'
import { listTaxRates, readTaxRate } from '../../../tax/tax-rates.ts'
import { type OperatorEnv, requireOperator } from '../../middleware/require-operator.ts'
import type { FormState } from '../../pages/elements.ts'
import { type PageStatus, sendPage } from '../../pages/page.ts'
import { taxRateFormPage, taxRateListPage } from '../../pages/tax-rate-pages.ts'
import { storeSentRates } from '../tax-rates/store-sent-rates.ts'
import { limitRates, rateFilter } from '../tax-rates/tax-rates.ts'
import type { PageApp, PageEnv, PageParts } from './page-app.ts'
import { readForm, toErrors } from './page-form.ts'

const pageSize = 50
const shownProblems = 100

type PageContext = Context<PageEnv & OperatorEnv>
type Refusal = { fileProblems?: readonly string[]; ending?: { id: string; until: string; problem: string } }

/** `/ops/tax-rates`: operators enter what the places of this world ask of what is sold. */
export function registerTaxRatePages(app: PageApp, parts: PageParts): void {
  const operatorOnly = requireOperator(parts)

  app.get('/ops/tax-rates', operatorOnly, (c) => showList(c, parts))
  app.get('/ops/new-tax-rate', operatorOnly, (c) => {
    const values = { category: 'standard', shippingTaxable: 'true', validFrom: new Date().toISOString().slice(0, 10) }
    return sendPage(c, taxRateFormPage({ state: { values, errors: {} } }))
  })
  app.post('/ops/new-tax-rate', operatorOnly, (c) => add(c, parts))
  app.post('/ops/tax-rates/:id/end', operatorOnly, (c) => end(c, parts))
  app.post('/ops/tax-rates/import', operatorOnly, limitRates, (c) => importFile(c, parts))
}

async function showList(c: PageContext, parts: PageParts, refused: Refusal = {}, status: PageStatus = 200) {
  const { filter, values, errors } = readFilter(c)
  const after = c.req.query('after') || undefined
  const { hasMore, rows } = await listTaxRates(parts.database, filter, { limit: pageSize, startingAfter: after })
  const page = {
    filter: { values, errors },
    rates: rows,
    after,
    older: hasMore ? rows.at(-1)?.id : undefined,
    fileProblems: refused.fileProblems ?? [],
    ending: refused.ending,
    done: doneOf(c),
  }
  const wrong = Object.keys(errors).length > 0
  return sendPage(c, taxRateListPage(page), wrong ? 400 : status)
}

/** What is asked for; a field that says nothing asks for nothing, and a wrong one is named. */
function readFilter(c: Context) {
  const sent = Object.entries({
    country: c.req.query('country')?.trim().toUpperCase(),
    state: c.req.query('state')?.trim().toUpperCase(),
    category: c.req.query('category'),
    on: c.req.query('on'),
  }).filter((pair): pair is [string, string] => Boolean(pair[1]))
  const values: FormState['values'] = Object.fromEntries(sent)
  const read = rateFilter.safeParse(values)
  return read.success
    ? { filter: read.data, values, errors: {} }
    : { filter: {}, values, errors: withSubject(toErrors(read.error)) }
}

const withSubject = (errors: FormState['errors']): FormState['errors'] =>
  Object.fromEntries(Object.entries(errors).map(([name, message]) => [name, message.replace(/^Must /, 'It must ')]))

/** What the list says after a form has been carried out. */
function doneOf(c: Context): string | undefined {
  const number = (name: string) => Number(c.req.query(name)) || 0
  switch (c.req.query('done')) {
    case 'stored':
      return `${number('added')} new, ${number('changed')} changed, ${number('unchanged')} known. They apply within a minute.`
    case 'ended':
      return 'The rate has its end.'
    default:
      return undefined
  }
}

async function add(c: PageContext, parts: PageParts): Promise<Response> {
  const form = await readForm(c)
  const values = Object.fromEntries(rateColumns.map((column) => [column, form.text(column).trim()])) as WrittenRate
  const refuse = (errors: FormState['errors']) => sendPage(c, taxRateFormPage({ state: { values, errors } }), 400)
  const rate = fractionOf(values.rate)
  const read = readWrittenRate({
    ...values,
    country: values.country.toUpperCase(),
    state: values.state.toUpperCase(),
    rate: rate ?? '0',
  })
  const errors = 'problems' in read ? errorsOf(read.problems) : {}
  if (rate === undefined) errors.rate = 'It must be a percentage below 100 with at most four decimals, such as 8.875.'
  if ('problems' in read || rate === undefined) return refuse(errors)
  const stored = await storeSentRates(parts, [read.rate], c.get('operator').email)
  return toStored(c, stored)
}

/** A percentage as the fraction that is stored. */
function fractionOf(percent: string): string | undefined {
  const text = percent.replace(',', '.').replace(/\s*%$/, '')
  return /^\d{1,2}(\.\d{1,4})?$/.test(text) ? String(Math.round(Number(text) * 10_000) / 1_000_000) : undefined
}

const errorsOf = (problems: readonly { column: string; message: string }[]): FormState['errors'] =>
  Object.fromEntries(problems.toReversed().map(({ column, message }) => [column, `${subject(message)}.`]))

const subject = (message: string) =>
  /^(must|is|needs) /.test(message) ? `It ${message}` : `${message.charAt(0).toUpperCase()}${message.slice(1)}`

async function end(c: PageContext, parts: PageParts): Promise<Response> {
  const id = c.req.param('id') ?? ''
  const until = (await readForm(c)).text('until').trim()
  const rate = await readTaxRate(parts.database, id)
  if (!rate) throw new ApiError('not_found')
  const read = readWrittenRate({ ...toWritten(rate), validUntil: until })
  const problem =
    until === '' ? 'Please enter a day.' : 'problems' in read ? errorsOf(read.problems).validUntil : undefined
  if ('problems' in read || problem)
    return showList(c, parts, { ending: { id, until, problem: problem ?? 'This rate cannot be changed here.' } }, 400)
  await storeSentRates(parts, [read.rate], c.get('operator').email)
  return c.redirect('/ops/tax-rates?done=ended', 303)
}

async function importFile(c: PageContext, parts: PageParts): Promise<Response> {
  const file = (await readForm(c)).file('file')
  if (!file) return showList(c, parts, { fileProblems: ['Please choose a CSV file.'] }, 400)
  try {
    const rates = readRatesCsv(new Uint8Array(await file.arrayBuffer()))
    return toStored(c, await storeSentRates(parts, rates, c.get('operator').email))
  } catch (error) {
    if (!(error instanceof ApiError) || error.status >= 500) throw error
    const fileProblems = [error, ...error.further].slice(0, shownProblems + 1).map(({ message }) => message)
    return showList(c, parts, { fileProblems }, 400)
  }
}

const toStored = (c: Context, { added, changed, unchanged }: Awaited<ReturnType<typeof storeSentRates>>) =>
  c.redirect(`/ops/tax-rates?done=stored&added=${added}&changed=${changed}&unchanged=${unchanged}`, 303)
