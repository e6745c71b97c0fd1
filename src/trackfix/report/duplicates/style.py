"""How the page of copies looks: light or dark as the reader's system is, narrow or wide."""

STYLE = """
:root {
  color-scheme: light dark;
  --page: #fff; --ink: #1f2328; --faint: #59636e; --line: #d1d9e0; --box: #f6f8fa;
  --shared: #dff3e4; --shared-ink: #116329; --differs: #fff3cf; --differs-ink: #7a4d00;
  --only-here: #ffe3e3; --only-here-ink: #a40e26; --only-there: #dcebff; --only-there-ink: #0a4aa8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0d1117; --ink: #e6edf3; --faint: #9aa4af; --line: #3d444d; --box: #151b23;
    --shared: #12301d; --shared-ink: #7ee2a0; --differs: #362a08; --differs-ink: #f0c674;
    --only-here: #3c1618; --only-here-ink: #ff9a95;
    --only-there: #10284a; --only-there-ink: #8ebdff;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 100rem; padding: 1rem clamp(.75rem, 3vw, 2.5rem) 4rem;
  background: var(--page); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif;
}
h1 { font-size: 1.6rem; margin: .5rem 0; }
h2 { font-size: 1.25rem; margin: 3rem 0 .25rem; overflow-wrap: anywhere; }
h3 { font-size: 1rem; margin: 0; overflow-wrap: anywhere; }
p, dl { margin: .25rem 0; }
a { color: var(--only-there-ink); }
code, pre { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
code { font-size: .92em; overflow-wrap: anywhere; }
.faint { color: var(--faint); }
table { border-collapse: collapse; margin: 1rem 0; }
th, td { border-bottom: 1px solid var(--line); padding: .25rem .75rem .25rem 0; text-align: left; }
td.number, th.number { text-align: right; }
.legend, nav ul { list-style: none; padding: 0; margin: .75rem 0; }
.legend { display: flex; flex-wrap: wrap; gap: .4rem .75rem; }
.legend li { border-radius: .3rem; padding: .1rem .6rem; }
article { border: 1px solid var(--line); border-radius: .5rem; margin: 1rem 0; overflow: hidden; }
article > header { background: var(--box); padding: .6rem .9rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 .9rem; }
dt { color: var(--faint); }
dd { margin: 0; overflow-wrap: anywhere; }
ol.steps { list-style: none; margin: 0; padding: 0; }
ol.steps > li { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); }
ol.steps > li { border-top: 1px solid var(--line); }
.side { padding: .35rem .9rem .5rem; }
.side + .side { border-left: 1px solid var(--line); }
.columns .side { color: var(--faint); font-size: .9rem; overflow-wrap: anywhere; }
.step { font-size: .88rem; font-weight: 600; overflow-wrap: anywhere; }
.mark { display: inline-block; width: 1.2em; font-weight: 700; }
pre { margin: .25rem 0 0; font-size: .82rem; line-height: 1.45; tab-size: 4; }
pre .l { display: block; white-space: pre-wrap; overflow-wrap: anywhere;
  padding-left: 4.2em; text-indent: -4.2em; }
pre .n { color: var(--faint); display: inline-block; width: 3.2em; margin-right: 1em;
  text-align: right; text-indent: 0; user-select: none; }
summary { color: var(--faint); cursor: pointer; font-size: .85rem; }
.shared { background: var(--shared); } .shared .step { color: var(--shared-ink); }
.differs { background: var(--differs); } .differs .step { color: var(--differs-ink); }
.only-here .here, .legend .only-here { background: var(--only-here); }
.only-here .step { color: var(--only-here-ink); }
.only-there .there, .legend .only-there { background: var(--only-there); }
.only-there .step { color: var(--only-there-ink); }
.alone > li { grid-template-columns: minmax(0, 1fr) !important; }
@media (max-width: 50rem) {
  ol.steps > li { grid-template-columns: minmax(0, 1fr); }
  .side + .side { border-left: 0; border-top: 1px dashed var(--line); }
  .side.empty { display: none; }
  .side[data-side]::before { content: attr(data-side); color: var(--faint); font-size: .75rem; }
  dl { grid-template-columns: 1fr; }
  dd { margin-bottom: .35rem; }
}
@media print { article { break-inside: avoid; } }
"""
