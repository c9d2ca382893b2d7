import { readFileSync } from 'node:fs';
import { pageFontFile } from './font-metrics.js';
import { darkTheme, lightTheme, themeDeclarations } from './theme.js';

/** The style sheet of the report page, with the typeface inside. */
export function htmlStyle(): string {
  const font = readFileSync(pageFontFile).toString('base64');
  return `@font-face{font-family:Inter;font-weight:100 900;src:url(data:font/woff2;base64,${font}) format("woff2")}${rules}`;
}

const rules = `
:root{color-scheme:light dark;${themeDeclarations(lightTheme)}--sheet:#ffffff;--ground:#f6f7f9;--shadow:0 1px 2px rgb(16 24 40/.05),0 4px 16px rgb(16 24 40/.04)}
@media(prefers-color-scheme:dark){:root{${themeDeclarations(darkTheme)}--sheet:#15191d;--ground:#0c0e10;--page:#15191d;--panel:#20252b;--shadow:none}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.6 Inter,ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main,header,footer{max-width:1044px;margin:0 auto;padding:0 24px}
h1,h2,p{margin:0}
h1{font-size:clamp(30px,5vw,44px);line-height:1.1;letter-spacing:-.025em;font-weight:650;text-wrap:balance}
h2{font-size:23px;line-height:1.25;letter-spacing:-.015em;font-weight:650}
a{color:var(--accent);text-underline-offset:3px;text-decoration-thickness:1px}
a:focus-visible,.scroll:focus-visible{outline:2px solid var(--accent);outline-offset:3px;border-radius:3px}
code,pre{font-family:ui-monospace,SFMono-Regular,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace;font-size:13px}
header{padding-top:40px}
.brand{display:flex;align-items:center;gap:10px;font-weight:650;letter-spacing:-.01em;margin-bottom:40px}
.brand time{margin-left:auto;color:var(--muted);font-weight:400;font-size:14px;letter-spacing:0}
.lead{max-width:64ch;margin-top:16px;color:var(--muted);font-size:18px;line-height:1.55;text-wrap:pretty}
nav{display:flex;flex-wrap:wrap;gap:6px 20px;margin-top:24px;font-size:14px}
nav a{color:var(--muted);text-decoration:none}
nav a:hover{color:var(--accent);text-decoration:underline}
.key-figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(216px,1fr));gap:16px;margin:36px 0 0;padding:0;list-style:none}
.key-figures li,.block,.made{background:var(--sheet);border:1px solid var(--line);border-radius:14px;box-shadow:var(--shadow)}
.key-figures li{padding:20px 22px;display:flex;flex-direction:column}
.key-label{font-weight:600;font-size:14px}
.key-value{font-size:46px;line-height:1.1;letter-spacing:-.035em;font-weight:650;font-variant-numeric:tabular-nums;margin:10px 0 14px}
.meter{position:relative;height:6px;border-radius:3px;background:var(--panel)}
.meter i{position:absolute;inset:0 auto 0 0;border-radius:3px;background:var(--accent)}
.meter b{position:absolute;top:-4px;width:2px;height:14px;margin-left:-1px;background:var(--ink);box-shadow:0 0 0 2px var(--sheet)}
.key-floor{margin-top:12px;font-size:13px;color:var(--muted)}
.key-floor strong{color:var(--ink);font-weight:600;font-variant-numeric:tabular-nums}
.formula{margin-top:auto;padding-top:12px;font-size:12px;line-height:1.5;color:var(--muted)}
section{margin-top:64px;scroll-margin-top:24px}
section>p{max-width:68ch;margin-top:8px;color:var(--muted);text-wrap:pretty}
.block{margin:20px 0 0;padding:24px 24px 20px}
.block figcaption.about,.block caption{color:var(--muted);font-size:14px;text-align:left}
.block figcaption.about{margin-top:16px;padding-top:14px;border-top:1px solid var(--line);display:flex;gap:6px 16px;flex-wrap:wrap;justify-content:space-between}
.block caption{padding-bottom:12px}
.scroll{overflow-x:auto;margin:0 -4px;padding:4px}
.drawing{display:block;max-width:100%;height:auto;margin-left:-2px}
.figure-title{font-weight:600;font-size:16px}
.figure-subtitle{color:var(--muted);font-size:13px}
.figure-title+.scroll,.figure-subtitle+.scroll,.figure-title+.pairs,.figure-subtitle+.pairs{margin-top:16px}
.tile-row{display:flex;gap:14px;align-items:flex-start;width:max-content}
.tile-row+.tile-row{margin-top:14px}
.tile-row.opens-group+.tile-row{margin-top:10px}
.tile-row+.tile-row.opens-group{margin-top:30px}
.flows .tile-row{width:auto}
.row-label{width:60px;flex:none;color:var(--muted);font-size:13px;padding-top:20px;margin-right:-10px}
.tiles{display:flex;gap:10px}
.flows .tiles{flex-wrap:wrap;gap:16px 10px}
.lead-tile{padding-right:14px;border-right:1px solid var(--line)}
.tile{margin:0;width:var(--tile);flex:none;text-align:center}
.tile .frame{display:flex;align-items:center;justify-content:center;width:var(--tile);height:var(--tile);border-radius:6px;background:var(--panel);overflow:hidden;box-shadow:0 0 0 1px var(--line)}
.tile.same .frame{box-shadow:0 0 0 3px var(--same)}
.tile.other .frame{box-shadow:0 0 0 2px var(--other)}
.tile img{display:block}
.tile .pixelated{image-rendering:pixelated}
.tile figcaption{margin:7px -4px 0;font-size:11.5px;line-height:1.35;color:var(--muted)}
.tile figcaption b,.tile figcaption span{display:block;overflow:hidden}
.tile figcaption b{color:var(--ink);font-weight:500;display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:2;overflow-wrap:anywhere}
.tile figcaption span{font-variant-numeric:tabular-nums}
.pairs{display:flex;flex-wrap:wrap;gap:26px 30px;padding:4px 0}
.tiles.wraps{flex-wrap:wrap}
.pair p{font-size:13px;font-weight:600;margin-bottom:8px}
table{width:100%;border-collapse:collapse;font-size:15px}
th{font-weight:500;font-size:13px;color:var(--muted);text-align:left;white-space:nowrap}
th,td{padding:9px 28px 9px 0;border-bottom:1px solid var(--line);vertical-align:baseline}
tbody tr:last-child>*{border-bottom:0}
th:last-child,td:last-child{padding-right:0}
.number{text-align:right;white-space:nowrap}
td.number{font-variant-numeric:tabular-nums}
tbody th{color:var(--ink);font-size:15px;white-space:normal}
.share{display:flex;align-items:center;gap:10px;justify-content:flex-end}
.share i{display:block;width:72px;height:6px;border-radius:3px;background:linear-gradient(90deg,var(--accent) var(--at),var(--panel) var(--at))}
.made{padding:24px;margin-top:20px}
pre{margin:0;padding:14px 16px;border-radius:9px;background:var(--panel);overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere}
pre::before{content:"$ ";color:var(--muted);user-select:none}
dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(200px,1fr));gap:18px 24px;margin:22px 0 0}
dt{color:var(--muted);font-size:13px}
dd{margin:0;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
footer{margin-top:72px;padding-top:24px;padding-bottom:56px;font-size:13px;line-height:1.6;color:var(--muted)}
footer ul{margin:0 0 16px;padding:24px 0 0;border-top:1px solid var(--line);list-style:none}
footer li{max-width:90ch}
@media(max-width:600px){main,header,footer{padding-left:16px;padding-right:16px}.block,.made{padding:18px 16px;border-radius:12px}section{margin-top:48px}.share i{width:40px}.drawing{min-width:calc(.62*var(--natural))}}
@media print{body{background:#fff}.block,.key-figures li,.made{box-shadow:none;break-inside:avoid}nav{display:none}}
`.replaceAll('\n', '');
