"""How the page for a meeting looks, below what all pages have in common."""

PAGE = """
:root { --shim: #8a4b00; --shim-fill: #fff4e0; --home: #116329; --home-fill: #e7f6ec; }
@media screen and (prefers-color-scheme: dark) {
  :root { --shim: #f0b35a; --shim-fill: #33240a; --home: #7ee2a0; --home-fill: #10291a; }
}
h3 { margin: 1.5rem 0 .25rem; }
article h3, article h4, summary h3 { margin: 0; }
h4 { font-size: 1rem; overflow-wrap: anywhere; }
.contents ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; }
main li { overflow-wrap: anywhere; margin: .1rem 0; }
main ul { margin: .35rem 0; padding-left: 1.25rem; }
main nav ul, .legend { padding-left: 0; }
main > section > h2 { border-bottom: 1px solid var(--line); padding-bottom: .25rem; }
main section { scroll-margin-top: .5rem; }
.cards { grid-template-columns: repeat(auto-fit, minmax(10rem, 1fr)); gap: .75rem;
  margin: 1rem 0; }
.cards > div { background: var(--box); border: 1px solid var(--line); border-radius: .5rem;
  padding: .6rem .9rem; }
.cards b { display: block; font-size: 1.75rem; line-height: 1.2; }
tbody th { min-width: 19rem; }
td details { min-width: 20rem; max-width: 44rem; }
th code + br + code { color: var(--faint); font-size: .82rem; }
summary { padding: .15rem 0; }
summary h3 { display: inline; color: var(--ink); }
.badge, .class { border: 1px solid var(--line); border-radius: .3rem; padding: 0 .35rem;
  font-size: .82rem; white-space: nowrap; }
.class.shim { color: var(--shim); border-color: var(--shim); }
main pre { overflow-x: auto; }
.added { background: var(--shared, transparent); color: var(--home); }
.removed { background: var(--only-here); color: var(--only-here-ink); }
.place { color: var(--faint); }
pre .added, pre .removed, pre .same, pre .place { padding-left: 1.2em; text-indent: -1.2em; }
svg.imports { display: block; height: auto; max-width: 100%; min-width: 66rem; }
svg text { fill: var(--ink); font: 12px ui-monospace, "DejaVu Sans Mono", Menlo, monospace; }
svg .heading { font: 600 12px system-ui, sans-serif; fill: var(--faint); }
svg .package { font-size: 10.5px; fill: var(--faint); }
svg .name { font-size: 13px; }
svg rect { fill: var(--box); stroke: var(--faint); }
svg .shim rect { fill: var(--shim-fill); stroke: var(--shim); stroke-width: 1.5;
  stroke-dasharray: 5 3; }
svg .shim .package { fill: var(--shim); }
svg .home rect { fill: var(--home-fill); stroke: var(--home); stroke-width: 1.5; }
svg .line { fill: none; }
svg .through .line { stroke: var(--shim); stroke-dasharray: 6 4; }
svg .direct .line { stroke: var(--home); }
svg .through .head { fill: var(--shim); }
svg .direct .head { fill: var(--home); }
svg .line { stroke-opacity: .75; }
svg .arrow:hover .line { stroke-opacity: 1; stroke-width: 4; }
@media (max-width: 50rem) {
  tbody th { min-width: 11rem; }
  svg.imports { max-width: none; min-width: 0; }
}
@page { size: landscape; margin: 12mm; }
@media print {
  html { font-size: 75%; }
  body { max-width: none; padding: 0; }
  .scroll { overflow: visible; }
  svg.imports { min-width: 0; width: 100%; max-height: 140mm; }
  h2, h3, h4, h3 + p, caption, summary, p.faint { break-after: avoid; }
  tr, .cards > div, svg.imports { break-inside: avoid; }
  td details { min-width: 0; }
  tbody th { min-width: 14rem; }
}
"""
