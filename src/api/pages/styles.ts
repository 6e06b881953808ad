import { grounds } from './accent.ts'

/** The stylesheet of every page: light and dark, phone first, nothing from outside. */
export const css = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: ${grounds.light.paper}; --card: ${grounds.light.card}; --soft: #57606a; --line: #d0d7de; --accent: #0a58ca; --on-accent: #fff; --warn: #b3261e; --good: #1a6b34; --wait: #7a4d00 }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --paper: ${grounds.dark.paper}; --card: ${grounds.dark.card}; --soft: #9da7b1; --line: #3a424c; --accent: #7db3ff; --on-accent: #0b1220; --warn: #ff9a91; --good: #7fd99a; --wait: #f0c36d }
}
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 60rem; padding: 1.5rem; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); overflow-wrap: break-word }
main.narrow { max-width: 24rem; margin: 10vh auto 0 }
header { display: flex; flex-wrap: wrap; gap: 1rem; justify-content: space-between; align-items: baseline }
h1 { font-size: 1.5rem; line-height: 1.25; overflow-wrap: anywhere } h2 { font-size: 1.15rem; margin-top: 2rem } h3 { font-size: 1rem; margin-top: 1.5rem }
a { color: var(--accent) }
nav ul { display: flex; flex-wrap: wrap; gap: 1.5rem; list-style: none; padding: 0 }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: 1rem; margin: 0 }
dl div { border: 1px solid var(--line); border-radius: .5rem; padding: .75rem 1rem }
dt { color: var(--soft) } dd { margin: 0; font-size: 1.5rem; font-variant-numeric: tabular-nums }
label { display: block; margin: 1rem 0 .25rem }
input, button, select, textarea { font: inherit; padding: .5rem .75rem; border: 1px solid var(--line); border-radius: .4rem; color: inherit; background: var(--paper) }
input, select, textarea { width: 100%; max-width: 100% } textarea { min-height: 8rem; resize: vertical }
input[type=radio], input[type=checkbox] { width: auto; margin: 0 .5rem 0 0; accent-color: var(--accent) }
button, .button { cursor: pointer; border-color: var(--accent) }
main.narrow button { width: 100%; margin-top: 1.5rem }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
[role=alert] { color: var(--warn); border: 1px solid; border-radius: .4rem; padding: .5rem .75rem }
.scroll { overflow-x: auto } table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line); vertical-align: middle }
code { font-size: .9em; overflow-wrap: anywhere }
form.inline { display: inline }

.skip { position: absolute; inset-inline-start: -100vw } .skip:focus { inset-inline-start: 1rem; top: 1rem; padding: .5rem 1rem; background: var(--paper); z-index: 1 }
.bar { border-bottom: 1px solid var(--line); padding-bottom: .75rem; margin-bottom: 1.5rem; align-items: center }
.bar strong { font-size: 1.1rem } .bar form { color: var(--soft); font-size: .9rem; display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: center }
.bar input { flex: 1 1 10rem; width: auto; min-width: 0; padding: .25rem .6rem } .bar [role=search] { flex-wrap: nowrap }
.tabs { flex-basis: 100% } .tabs ul { gap: .25rem; margin: 0 -.6rem }
.tabs a { display: block; padding: .35rem .6rem; border-radius: .4rem; text-decoration: none; color: var(--soft) }
.tabs a:hover { color: var(--ink) } .tabs a[aria-current] { background: var(--card); color: var(--ink); font-weight: 600; box-shadow: inset 0 -2px var(--accent) }
.head { display: flex; flex-wrap: wrap; gap: .5rem 1rem; justify-content: space-between; align-items: center } .head > * { min-width: 0; max-width: 100% } .head h1, .head p { margin: .5rem 0 }
.button { display: inline-block; padding: .5rem .75rem; border: 1px solid var(--accent); border-radius: .4rem; color: var(--accent); text-decoration: none; text-align: center }
button.main, .button.main { background: var(--fill, var(--accent)); color: var(--on-fill, var(--on-accent)); font-weight: 600 }
button.danger, .button.danger { border-color: var(--warn); color: var(--warn) }
button.big, .button.big { width: 100%; padding: .8rem; font-size: 1.1rem }
.actions { display: flex; flex-wrap: wrap; gap: .75rem; align-items: center; margin: 1rem 0 }
.soft { color: var(--soft) } .small { font-size: .9rem } .num { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
.crumb { margin: 0; font-size: .9rem }
.badge { display: inline-block; padding: 0 .6rem; border: 1px solid; border-radius: 1rem; font-size: .85rem; white-space: nowrap; color: var(--soft) }
.badge.good { color: var(--good) } .badge.wait { color: var(--wait) } .badge.bad { color: var(--warn) }
.notice { border: 1px solid var(--line); border-left: 4px solid var(--accent); border-radius: .4rem; padding: .5rem .75rem; background: var(--card) }
.notice.good { border-left-color: var(--good) } .notice.bad { border-left-color: var(--warn) }
.rows { list-style: none; padding: 0; margin: 1rem 0; border-top: 1px solid var(--line) }
.rows > li { display: flex; flex-wrap: wrap; gap: .25rem 1rem; justify-content: space-between; align-items: center; padding: .7rem 0; border-bottom: 1px solid var(--line) }
.rows > li > :first-child { flex: 1 1 14rem; min-width: 0 } .rows p { margin: 0 } .rows a { font-weight: 600; overflow-wrap: anywhere }
.links { columns: 14rem; padding-inline-start: 1.2rem }
.side { display: flex; flex-wrap: wrap; gap: .5rem .75rem; align-items: center }
.filters { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: end } .filters > div { flex: 1 1 11rem; max-width: 100% } .filters > div:only-of-type { max-width: 22rem } .filters label { margin: 0 0 .25rem } .filters .check { flex: 0 1 auto; padding-bottom: .5rem } .filters .check label { margin: 0 }
.fields { max-width: 36rem } .hint { color: var(--soft); font-size: .9rem; margin: .25rem 0 } .error { color: var(--warn); margin: .25rem 0 }
[aria-invalid=true] { border-color: var(--warn) }
fieldset { border: 1px solid var(--line); border-radius: .5rem; margin: 1rem 0; padding: .25rem 1rem 1rem; min-width: 0 } legend { padding: 0 .25rem } .qr { max-width: 15rem; background: #fff; padding: .5rem } .qr svg { display: block; width: 100%; height: auto } fieldset.bare { border: 0; margin: 0; padding: 0 }
.row { display: grid; gap: 0 1rem } @media (min-width: 40rem) { .row { grid-auto-flow: column; grid-auto-columns: minmax(0, 1fr); align-items: start } }
.choice label { display: flex; align-items: center; margin: .5rem 0; min-height: 1.75rem }
.choose:has([value=text]:checked) :is(.for-link, .for-file), .choose:has([value=link]:checked) :is(.for-text, .for-file), .choose:has([value=file]:checked) :is(.for-text, .for-link) { display: none }
.facts { display: block; margin-top: 1.5rem } .facts div { display: flex; flex-wrap: wrap; gap: 0 1rem; border: 0; border-bottom: 1px solid var(--line); border-radius: 0; padding: .4rem 0 } .facts dt { flex: 0 0 6.5rem } .facts dd { font-size: 1rem; flex: 1 1 10rem; min-width: 0; overflow-wrap: anywhere } .facts .what { display: flex; gap: .75rem; align-items: center } .what span { min-width: 0 }
pre { background: var(--card); border: 1px solid var(--line); border-radius: .4rem; padding: .75rem; margin: 1rem 0; white-space: pre-wrap; overflow-wrap: anywhere; font-size: .95rem }
details { margin: 1rem 0 } summary { cursor: pointer; color: var(--accent) }
progress { width: 100%; height: .75rem; accent-color: var(--accent) }
.plot { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: .25rem .5rem; margin: 1rem 0; color: var(--soft); font-size: .8rem; font-variant-numeric: tabular-nums } .plot > div { display: flex; justify-content: space-between } .plot .amounts { flex-direction: column; text-align: end; margin: -.6rem 0 } .plot .days { grid-column: 2 }
.chart { width: 100%; height: 12rem; display: block } .chart.low { height: 8rem } .chart rect { fill: var(--accent) } .chart rect.bad { fill: var(--warn) } .chart line { stroke: var(--line); vector-effect: non-scaling-stroke }
dl .hint { font-size: .85rem }
.brand { display: flex; flex-wrap: nowrap; justify-content: flex-start; align-items: center; gap: .75rem; font-weight: 600 } header.brand { margin-bottom: 1.25rem } .brand p { min-width: 0; overflow-wrap: anywhere } .brand img { width: auto; height: auto; max-width: 10rem; max-height: 3rem } .brand p { margin: 0 }
footer.legal { margin-top: 2.5rem } .legal { border-top: 1px solid var(--line); padding-top: 1rem } .legal ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; padding: 0; margin: 0 } .legal li { min-height: 1.75rem } .legal details { margin: .5rem 0 }
.shop { max-width: 30rem; margin: 0 auto } .picture { width: 100%; height: auto; max-height: 18rem; object-fit: cover; border-radius: .5rem; border: 1px solid var(--line); display: block; background: var(--card) } .picture.unsized { aspect-ratio: 16 / 9 }
.thumb { width: 4rem; height: 4rem; object-fit: cover; border-radius: .4rem; border: 1px solid var(--line); flex: none; background: var(--card) } .rows > li.pictured { flex-wrap: nowrap; align-items: flex-start; justify-content: flex-start } .rows > li.pictured > :first-child { flex: none } .rows > li.pictured > div { flex: 1 1 0; min-width: 0 } .part .rows > li.pictured { flex-wrap: wrap } .part .rows > li.pictured > div { flex: 1 1 10rem } .part .rows > li.pictured > .side { flex: 0 1 auto; margin-inline-start: auto }
.shop h1 { margin: .25rem 0 } .shop .price { font-size: 1.75rem; font-weight: 700; margin: .5rem 0; font-variant-numeric: tabular-nums } .prose { white-space: pre-line } .text > :first-child { margin-top: .75rem } .text { overflow-wrap: anywhere } .text blockquote { margin: 1rem 0; padding-inline-start: 1rem; border-inline-start: 3px solid var(--line) }
.shop form > .big { margin-top: 1.5rem } .card { min-height: 15rem; margin-top: 1rem } @media (scripting: none) { .card { display: none } } form:has([name=method]:checked):not(:has([value=STRIPE]:checked)) .card { display: none }
@media (min-width: 60rem) {
  body:has(.two) .shop { max-width: none } .two { display: grid; grid-template-columns: minmax(0, 1fr) 26rem; gap: 0 4rem; align-items: start } .two > .notice { grid-column: 1 / -1 } .two > .offer { position: sticky; top: 1.5rem } .two form > :first-child { margin-top: 0 }
}
@media (min-width: 48rem) {
  #bulk { display: flex; flex-wrap: wrap; align-items: center; gap: .4rem 1.5rem; padding-bottom: .5rem } #bulk > * { margin: 0 } #bulk legend { background: var(--paper); border-radius: .4rem }
  #bulk > .hint { flex: 1 0 100% } form:has(.ticked > input:checked) > #bulk { position: sticky; bottom: 0; background: var(--paper) }
  html:has(.ticked > input:checked) { scroll-padding-bottom: 10rem }
}
input.short { width: 12rem } .rows > li.ticked > :first-child { flex: none; margin-top: .2rem } .rows > li.ticked > div:first-of-type { flex: 1 1 12rem; min-width: 0 }
body:has(.desk) { max-width: 78rem } .desk { display: grid; grid-template-columns: minmax(0, 1fr); margin-top: 1.25rem }
.part { border: 1px solid var(--line); border-radius: .6rem; padding: .25rem 1.25rem .75rem; background: var(--card); margin: 0 0 1.25rem } .part h2 { font-size: 1.05rem; margin: .6rem 0 .25rem } .part .facts, .part .rows { margin: .25rem 0 } .part .rows { border-top: 0 } .part .rows > li:last-child, .part .facts div:last-child { border-bottom: 0 } .part pre { background: var(--paper) } .part details { margin: .5rem 0 } .desk .panel { margin: 0 0 1.25rem }
@media (min-width: 60rem) {
  .desk { grid-template-columns: minmax(0, 1fr) 23rem; grid-template-rows: auto 1fr; column-gap: 1.25rem; align-items: start } .desk > :nth-child(2) { grid-row: 1 / 3; grid-column: 2 } .desk > :nth-child(3) { grid-column: 1 } .desk > :nth-child(2) .facts dt { flex-basis: 4.5rem }
}
.panel { border: 1px solid var(--line); border-radius: .6rem; padding: .5rem 1.25rem 1.25rem; margin: 1.5rem 0; background: var(--card) } .panel pre { background: var(--paper) } .panel h2 { margin-top: .75rem }
footer { margin: 3rem 0 1rem; color: var(--soft); font-size: .9rem }
[hidden] { display: none !important }
th:last-child, td:last-child { padding-right: 0 }
@media (max-width: 30rem) { th, td { padding-right: .5rem; font-size: .9rem } body { padding: 1rem } .side { width: 100%; justify-content: space-between } }
`
