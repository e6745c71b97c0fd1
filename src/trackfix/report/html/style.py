"""How all pages look: light or dark as the reader's system is, and light on paper."""

BASE = """
:root {
  color-scheme: light dark;
  --page: #fff; --ink: #1f2328; --faint: #59636e; --line: #d1d9e0; --box: #f6f8fa;
  --link: #0a4aa8;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --page: #0d1117; --ink: #e6edf3; --faint: #9aa4af; --line: #3d444d; --box: #151b23;
    --link: #8ebdff;
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
a { color: var(--link); }
code, pre { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
code { font-size: .92em; overflow-wrap: anywhere; }
.faint { color: var(--faint); }
table { border-collapse: collapse; }
th, td { border-bottom: 1px solid var(--line); padding: .25rem .75rem .25rem 0; text-align: left; }
td.number, th.number { text-align: right; }
thead th { vertical-align: bottom; }
tbody th { font-weight: 400; }
tbody th, tbody td { vertical-align: top; }
.scroll { overflow-x: auto; margin: .75rem 0; }
.scroll:focus-visible, summary:focus-visible, a:focus-visible {
  outline: 2px solid var(--link); outline-offset: 2px; }
caption { color: var(--faint); font-size: .85rem; text-align: left; padding-bottom: .25rem; }
nav ul { list-style: none; padding: 0; margin: .75rem 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 .9rem; }
dt { color: var(--faint); }
dd { margin: 0; overflow-wrap: anywhere; }
pre { margin: .25rem 0 0; font-size: .82rem; line-height: 1.45; tab-size: 4; }
pre .l { display: block; white-space: pre-wrap; overflow-wrap: anywhere;
  padding-left: 4.2em; text-indent: -4.2em; }
summary { color: var(--faint); cursor: pointer; font-size: .85rem; }
@media (max-width: 50rem) {
  dl { grid-template-columns: 1fr; }
  dd { margin-bottom: .35rem; }
}
"""
