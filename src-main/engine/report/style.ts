/** The style of a report: the reader's own light or dark, and paper. No font and no picture is fetched. */
export const STYLE = `
:root { color-scheme: light dark; --ground: #fff; --text: #1b1b1f; --quiet: #4d5560; --line: #c9cdd3; --code: #f2f3f5; }
@media (prefers-color-scheme: dark) { :root { --ground: #16181c; --text: #eceef1; --quiet: #b3bac4; --line: #454b54; --code: #22262c; } }
body { margin: 0; background: var(--ground); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
main, footer { max-width: 62rem; margin: 0 auto; padding: 0 1.25rem; }
h1 { margin: 2rem 0 .5rem; font-size: 1.5rem; }
h2 { margin: 2rem 0 .5rem; font-size: 1.15rem; }
.head { padding: .75rem 1rem; border-inline-start: 4px solid var(--quiet); font-size: 1.15rem; font-weight: 600; }
.critical { border-color: #b3123f; } .high { border-color: #b45309; } .medium { border-color: #8a6d00; }
dl { display: grid; gap: .35rem; } dl div { display: grid; grid-template-columns: 9rem 1fr; gap: .75rem; }
dt, small, footer { color: var(--quiet); } dd { margin: 0; }
table { width: 100%; border-collapse: collapse; } th, td { padding: .35rem .6rem .35rem 0; border-top: 1px solid var(--line); text-align: start; vertical-align: top; }
th { color: var(--quiet); font-weight: 600; } bdi, pre, code { overflow-wrap: anywhere; }
pre { margin: .25rem 0 .5rem; padding: .5rem .75rem; background: var(--code); white-space: pre-wrap; font: .875rem/1.45 ui-monospace, monospace; }
code { font: .875rem ui-monospace, monospace; } li p { margin: .25rem 0; }
@media (max-width: 40rem) { dl div { grid-template-columns: 1fr; gap: 0; } thead { display: none; } td { display: block; border: 0; padding-block: .1rem; } td::before { content: attr(data-name) ': '; color: var(--quiet); } tr { display: block; padding: .4rem 0; border-top: 1px solid var(--line); } }
@media print { body { font-size: 11pt; } pre { border: 1px solid var(--line); } }
`;
