/** Tokens of ux.md §3; the report carries them itself because it leaves the app. */
const LIGHT = `--bg:#F7F5F0;--surface:#FFFFFF;--sunken:#EFECE5;--text:#1F2124;--text-2:#56595E;--accent:#1F5A96;--control:#857F73;
--hairline:#DAD5CA;--fail:#A8201A;--look:#7F5200;--good:#1E6B45;--fail-soft:#FBE9E7;--look-soft:#FBF0D9;--good-soft:#E6F2EA;
--series-1:#264BA4;--series-2:#9C4709;`
const DARK = `--bg:#16181B;--surface:#1D2023;--sunken:#111315;--text:#E8E6E1;--text-2:#ABADAF;--accent:#84B6EA;--control:#7D858D;
--hairline:#363B40;--fail:#FF9A91;--look:#EBBB5C;--good:#7CCB9C;--fail-soft:#40201E;--look-soft:#3A2E15;--good-soft:#1A3526;
--series-1:#7699FB;--series-2:#B86A20;`
const LIGHT_CONTRAST = `--bg:#FFFFFF;--surface:#FFFFFF;--sunken:#FFFFFF;--text:#000000;--text-2:#1A1A1A;--accent:#003A75;--control:#000000;
--hairline:#000000;--fail:#7A0000;--look:#4F3300;--good:#00401F;--fail-soft:#FFFFFF;--look-soft:#FFFFFF;--good-soft:#FFFFFF;
--series-1:#000000;--series-2:#000000;`
const DARK_CONTRAST = `--bg:#000000;--surface:#000000;--sunken:#000000;--text:#FFFFFF;--text-2:#F0F0F0;--accent:#9CD0FF;--control:#FFFFFF;
--hairline:#FFFFFF;--fail:#FFB3AD;--look:#FFD166;--good:#8CF0B4;--fail-soft:#000000;--look-soft:#000000;--good-soft:#000000;
--series-1:#FFFFFF;--series-2:#FFFFFF;`

export const STYLE = `
:root{color-scheme:light dark;${LIGHT}}
@media (prefers-color-scheme:dark){:root{${DARK}}}
@media (prefers-contrast:more){:root{${LIGHT_CONTRAST}}}
@media (prefers-contrast:more) and (prefers-color-scheme:dark){:root{${DARK_CONTRAST}}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--text);font:14px/20px system-ui,-apple-system,"Segoe UI",sans-serif;font-variant-numeric:tabular-nums}
main{max-width:920px;margin:0 auto;padding:24px 16px 48px}
h1{font-size:20px;line-height:28px;font-weight:600;margin:0}
h2{font-size:16px;line-height:24px;font-weight:600;margin:0 0 8px}
p{margin:0 0 8px;overflow-wrap:anywhere}
ul{margin:0;padding-left:20px}
li{margin-bottom:4px;overflow-wrap:anywhere}
section,.headline{background:var(--surface);border:1px solid var(--hairline);border-radius:6px;padding:16px;margin-top:16px}
.headline{font-size:20px;line-height:28px;border-left:4px solid var(--good);text-wrap:pretty}
.headline.look{border-left-color:var(--look)}
.headline.fail{border-left-color:var(--fail)}
.quiet,figcaption,caption{color:var(--text-2);font-size:13px;line-height:18px}
td.look{color:var(--look)}td.fail{color:var(--fail)}td.good{color:var(--good)}
.findings{list-style:none;padding:0}
.findings li{background:var(--look-soft);border-left:4px solid var(--look);padding:8px 12px;margin-bottom:8px}
.findings p{margin:0}
.scroll{overflow-x:auto}
.scroll:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
table{border-collapse:collapse;font-size:13px;line-height:18px;margin-bottom:8px}
th,td{padding:5px 24px 5px 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--hairline)}
th{font-weight:600}
thead th{color:var(--text-2);border-bottom-color:var(--control)}
.right{text-align:right}
tbody th{font-weight:400}
td.right,th.right{white-space:nowrap}
.matrix th,.matrix td{padding:5px 10px}
.matrix td{text-align:right;background:color-mix(in srgb,var(--accent) calc(var(--share)*45%),var(--surface))}
.matrix td.diagonal{font-weight:600}
dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 16px;margin:0 0 8px}
dt{color:var(--text-2)}
dd{margin:0;overflow-wrap:anywhere}
figure{margin:0 0 8px}
svg{display:block;width:100%;max-width:640px;height:auto;font:12px system-ui,sans-serif;fill:var(--text-2)}
.tick{stroke:var(--hairline)}.ideal{stroke:var(--control);stroke-dasharray:4 4}
.series-1{stroke:var(--series-1);fill:none;stroke-width:1.5}.series-2{stroke:var(--series-2);fill:none;stroke-width:1.5;stroke-dasharray:6 3}
.point-1{fill:var(--series-1)}.point-2{fill:var(--series-2)}
.best{stroke:var(--text-2);stroke-dasharray:2 3}
@media (max-width:560px){dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:8px}}
@media (forced-colors:active){.series-1,.series-2,.best,.ideal,.tick{stroke:CanvasText}.point-1,.point-2,svg{fill:CanvasText}}
@media print{:root{${LIGHT}--bg:#FFFFFF}main{max-width:none;padding:0}section,.headline{border-color:#999;break-inside:avoid-page}
section.long{break-inside:auto}tr,figure,li{break-inside:avoid}thead{display:table-header-group}.scroll{overflow:visible}
.matrix td,.findings li{print-color-adjust:exact}@page{margin:18mm 16mm}}
`
