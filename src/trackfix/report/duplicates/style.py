"""How copies look side by side, below what all pages have in common."""

COPIES = """
:root {
  --shared: #dff3e4; --shared-ink: #116329; --differs: #fff3cf; --differs-ink: #7a4d00;
  --only-here: #ffe3e3; --only-here-ink: #a40e26; --only-there: #dcebff; --only-there-ink: #0a4aa8;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --shared: #12301d; --shared-ink: #7ee2a0; --differs: #362a08; --differs-ink: #f0c674;
    --only-here: #3c1618; --only-here-ink: #ff9a95;
    --only-there: #10284a; --only-there-ink: #8ebdff;
  }
}
.legend { display: flex; flex-wrap: wrap; gap: .4rem .75rem; list-style: none;
  padding: 0; margin: .75rem 0; }
.legend li { border-radius: .3rem; padding: .1rem .6rem; }
article { border: 1px solid var(--line); border-radius: .5rem; margin: 1rem 0; overflow: hidden; }
article > header { background: var(--box); padding: .6rem .9rem; }
ol.steps { list-style: none; margin: 0; padding: 0; }
ol.steps > li { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); }
ol.steps > li { border-top: 1px solid var(--line); }
.side { padding: .35rem .9rem .5rem; }
.side + .side { border-left: 1px solid var(--line); }
.columns .side { color: var(--faint); font-size: .9rem; overflow-wrap: anywhere; }
.step { font-size: .88rem; font-weight: 600; overflow-wrap: anywhere; }
.mark { display: inline-block; width: 1.2em; font-weight: 700; }
pre .n { color: var(--faint); display: inline-block; width: 3.2em; margin-right: 1em;
  text-align: right; text-indent: 0; user-select: none; }
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
}
@media print { article { break-inside: avoid; } }
"""
